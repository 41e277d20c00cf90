// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::core {

/// What every program of ours ends with. `failed` is the answer "no" as well as trouble.
enum class ExitCode { good = 0, failed = 1, misused = 2 };

/// The command line is not what `--help` says.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A word "--name". It means the same in every command of its program.
struct OptionWord {
  std::string_view name;
  std::string_view value;    ///< what stands behind it, such as "DIR"; empty for a flag
  std::string_view meaning;  ///< a phrase for `--help`
  enum class Times { once, repeatable };
  Times times = Times::once;
};

/// What stood on the command line. A value; what is missing or no number throws UsageError.
class Options {
 public:
  bool has(std::string_view name) const { return values_.contains(name); }
  std::optional<std::string> find(std::string_view name) const;
  std::string get(std::string_view name) const;
  /// Of a repeatable option, at least one.
  const std::vector<std::string>& all(std::string_view name) const;
  /// At most 2⁵³ − 1: sizes, and places of entries.
  std::optional<std::uint64_t> find_number(std::string_view name) const;
  std::uint64_t get_number(std::string_view name) const;
  /// What belongs to no option: as many as the command takes.
  const std::vector<std::string>& operands() const { return operands_; }

 private:
  friend class OptionReader;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> operands_;
};

/// What a program can do, beside the function that does it.
struct Command {
  std::string_view name;
  std::string_view summary;  ///< a line of the program's `--help`
  /// Each way to call it on a line: "--data DIR [--json]". The options named there are all that it
  /// takes; those of one line go together. Words in capitals that are no option's value are
  /// operands.
  std::string_view forms;
  std::string_view description;  ///< paragraphs, one on each line
  ExitCode (*run)(const Options& options, std::ostream& out, std::ostream& err);
};

/// A program of several commands. It follows the GNU conventions: `--help` and `--version` answer
/// on standard output, of the program and of each command; "--name=value" is "--name value"; what
/// is misused says so in one line and names the help.
struct Program {
  std::string_view name;
  std::string_view purpose;
  std::span<const OptionWord> words;
  std::span<const Command> commands;
  std::string_view notes;  ///< the end of its `--help`: paragraphs, one on each line
};

/// Results to `out`, complaints to `err`. An exception is trouble, told in a line; so is an `out`
/// that does not take everything. `arguments` are what follows the name of the program.
ExitCode run_program(const Program& program, std::span<const std::string_view> arguments,
                     std::ostream& out, std::ostream& err);

/// The options of a form, in its order.
std::vector<std::string> words_in(std::string_view form);

}  // namespace sekisho::core
