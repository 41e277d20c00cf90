// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command_line.h"

#include <algorithm>
#include <charconv>
#include <ostream>

namespace sekisho::core {
namespace {

constexpr std::string_view kHelp = "--help";
constexpr std::string_view kVersion = "--version";
constexpr std::size_t kLineWidth = 80;
constexpr std::uint64_t kLargestNumber = (std::uint64_t{1} << 53) - 1;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

/// "--years" of "[--years".
std::string_view without_brackets(std::string_view token) {
  token.remove_prefix(std::min(token.find_first_not_of("[("), token.size()));
  while (!token.empty() && (token.back() == ']' || token.back() == ')')) token.remove_suffix(1);
  return token;
}

/// Continues at `column` and goes on at `indent`.
std::string wrapped(std::string_view text, std::size_t column, std::size_t indent) {
  std::string out;
  std::size_t at = column;
  for (const std::string_view word : split(text, ' ')) {
    const bool is_first = out.empty();
    if (!is_first && at + 1 + word.size() > kLineWidth) {
      out += '\n' + std::string(indent, ' ');
      at = indent;
    } else if (!is_first) {
      out += ' ';
      ++at;
    }
    out += word;
    at += word.size();
  }
  return out + '\n';
}

/// A list of names and what each is, one below the other.
std::string listed(const std::vector<std::pair<std::string, std::string_view>>& rows) {
  std::size_t widest = 0;
  for (const auto& [name, meaning] : rows) widest = std::max(widest, name.size());
  const std::size_t column = widest + 4;
  std::string out;
  for (const auto& [name, meaning] : rows) {
    out += "  " + name + std::string(column - 2 - name.size(), ' ');
    out += wrapped(meaning, column, column);
  }
  return out;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  for (const std::string_view paragraph : split(text, '\n')) {
    out += '\n' + wrapped(paragraph, 0, 0);
  }
  return out;
}

const OptionWord* find_word(const Program& program, std::string_view name) {
  const auto found = std::ranges::find(program.words, name, &OptionWord::name);
  return found == program.words.end() ? nullptr : &*found;
}

/// A form on lines, each option with its value on one of them.
std::string wrapped_form(const Program& program, std::string form, std::size_t indent) {
  constexpr char kUnbroken = '\x1F';
  std::size_t open = 0;
  std::size_t begin = 0;  // of the token
  for (std::size_t at = 0; at < form.size(); ++at) {
    if (form[at] == '[') ++open;
    if (form[at] == ']') --open;
    if (form[at] != ' ') continue;
    const OptionWord* const word =
        find_word(program, std::string_view(form).substr(begin, at - begin));
    begin = at + 1;
    if (open > 0 || (word != nullptr && !word->value.empty())) form[at] = kUnbroken;
  }
  std::string out = wrapped(form, indent, indent);
  std::ranges::replace(out, kUnbroken, ' ');
  return out;
}

/// Words in capitals that are no option's value.
std::size_t operands_in(const Program& program, std::string_view form) {
  std::size_t operands = 0;
  bool is_value = false;
  for (const std::string_view token : split(form, ' ')) {
    const std::string_view name = without_brackets(token);
    const OptionWord* const word = find_word(program, name);
    const bool is_operand = !is_value && word == nullptr && name != "|" && name != "...";
    if (is_operand) ++operands;
    is_value = word != nullptr && !word->value.empty();
  }
  return operands;
}

std::string help_of(const Program& program) {
  std::string out = "Usage: " + std::string(program.name) + " COMMAND [OPTION]...\n" +
                    paragraphs(program.purpose) + "\nCommands:\n";
  std::vector<std::pair<std::string, std::string_view>> rows;
  for (const Command& command : program.commands) rows.emplace_back(command.name, command.summary);
  out += listed(rows) + "\nOptions:\n" +
         listed({{std::string(kHelp), "show this, or behind a command what it takes, and exit"},
                 {std::string(kVersion), "show the version and exit"}});
  return out + paragraphs(program.notes) +
         paragraphs(
             "Exit status: 0 done, or the answer is yes; 1 trouble, or the answer is no; 2 wrong "
             "usage.");
}

std::string help_of(const Program& program, const Command& command) {
  std::string out;
  std::vector<std::pair<std::string, std::string_view>> rows;
  for (const std::string_view form : split(command.forms, '\n')) {
    const std::string start = (out.empty() ? "Usage: " : "       ") + std::string(program.name) +
                              ' ' + std::string(command.name) + ' ';
    out += start + wrapped_form(program, std::string(form), start.size());
    for (const std::string& name : words_in(form)) {
      const OptionWord* const word = find_word(program, name);
      const std::string row = word->value.empty() ? name : name + ' ' + std::string(word->value);
      const auto is_listed = [&](const auto& other) { return other.first == row; };
      if (std::ranges::none_of(rows, is_listed)) rows.emplace_back(row, word->meaning);
    }
  }
  rows.emplace_back(kHelp, "show this and exit");
  return out + paragraphs(command.description) + "\nOptions:\n" + listed(rows);
}

std::string version_of(const Program& program) {
  return std::string(program.name) + " (Sekisho) " SEKISHO_VERSION
                                     "\n"
                                     "License GPL-3.0-or-later. There is no warranty.\n";
}

std::string name_of(const Program& program, const Command* command) {
  std::string name(program.name);
  if (command != nullptr) name += ' ' + std::string(command->name);
  return name;
}

}  // namespace

std::vector<std::string> words_in(std::string_view form) {
  std::vector<std::string> names;
  for (const std::string_view token : split(form, ' ')) {
    const std::string_view name = without_brackets(token);
    if (name.starts_with("--")) names.emplace_back(name);
  }
  return names;
}

/// Reads the arguments of one command.
class OptionReader {
 public:
  OptionReader(const Program& program, const Command& command)
      : program_(program), forms_(split(command.forms, '\n')) {}

  Options read(std::span<const std::string_view> arguments) {
    for (std::size_t at = 0; at < arguments.size(); ++at) {
      const std::string_view argument = arguments[at];
      if (argument == "--") {
        for (++at; at < arguments.size(); ++at) options_.operands_.emplace_back(arguments[at]);
      } else if (argument.starts_with('-') && argument != "-") {
        at += read_option(argument, arguments.subspan(at + 1));
      } else {
        options_.operands_.emplace_back(argument);
      }
    }
    check_together();
    return std::move(options_);
  }

 private:
  /// How many of `following` belong to it.
  std::size_t read_option(std::string_view argument, std::span<const std::string_view> following) {
    const std::size_t equals = argument.find('=');
    const std::string name(argument.substr(0, equals));
    const OptionWord* const word = find_word(program_, name);
    const auto takes = [&](std::string_view form) {
      return std::ranges::count(words_in(form), name) > 0;
    };
    if (word == nullptr || std::ranges::none_of(forms_, takes)) {
      throw UsageError("unknown option " + name);
    }
    const bool has_own_value = equals != std::string_view::npos;
    const bool wants_value = !word->value.empty();
    if (has_own_value && !wants_value) throw UsageError(name + " takes no value");
    if (wants_value && !has_own_value && following.empty()) {
      throw UsageError(name + " wants a value: " + std::string(word->value));
    }
    auto& values = options_.values_[name];
    if (!values.empty() && word->times == OptionWord::Times::once) {
      throw UsageError(name + " is there twice");
    }
    const bool takes_next = wants_value && !has_own_value;
    values.emplace_back(has_own_value ? argument.substr(equals + 1)
                        : takes_next  ? following.front()
                                      : std::string_view());
    return takes_next ? 1 : 0;
  }

  /// That some form has all that was given.
  void check_together() const {
    std::string stranger;
    std::optional<std::size_t> wanted;
    for (const std::string_view form : forms_) {
      const auto words = words_in(form);
      const auto found = std::ranges::find_if(options_.values_, [&](const auto& given) {
        return std::ranges::count(words, given.first) == 0;
      });
      if (found != options_.values_.end()) {
        stranger = found->first;
      } else {
        wanted = operands_in(program_, form);
        if (options_.operands_.size() == *wanted) return;
      }
    }
    if (!wanted) throw UsageError(stranger + " does not go with the other options");
    if (options_.operands_.size() < *wanted) throw UsageError("an operand is missing");
    throw UsageError("unexpected operand " + options_.operands_[*wanted]);
  }

  const Program& program_;
  const std::vector<std::string_view> forms_;
  Options options_;
};

std::optional<std::string> Options::find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second.front();
}

std::string Options::get(std::string_view name) const { return all(name).front(); }

const std::vector<std::string>& Options::all(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) throw UsageError(std::string(name) + " is missing");
  return found->second;
}

std::optional<std::uint64_t> Options::find_number(std::string_view name) const {
  const auto text = find(name);
  if (!text) return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || number > kLargestNumber) {
    throw UsageError(std::string(name) + " wants a number");
  }
  return number;
}

std::uint64_t Options::get_number(std::string_view name) const {
  all(name);
  return *find_number(name);
}

ExitCode run_program(const Program& program, std::span<const std::string_view> arguments,
                     std::ostream& out, std::ostream& err) {
  const Command* command = nullptr;
  ExitCode code = ExitCode::good;
  try {
    if (arguments.empty()) throw UsageError("a command is missing");
    const std::string_view first = arguments.front();
    const auto named = std::ranges::find(program.commands, first, &Command::name);
    if (named != program.commands.end()) command = &*named;
    const auto rest = arguments.subspan(1);
    if (first == kHelp) {
      out << help_of(program);
    } else if (first == kVersion) {
      out << version_of(program);
    } else if (command == nullptr) {
      throw UsageError((first.starts_with('-') ? "unknown option " : "unknown command ") +
                       std::string(first));
    } else if (std::ranges::find(rest, kHelp) != rest.end()) {
      out << help_of(program, *command);
    } else {
      code = command->run(OptionReader(program, *command).read(rest), out, err);
    }
    out.flush();
    if (!out) throw std::runtime_error("what it has to say could not be written");
  } catch (const UsageError& error) {
    const std::string name = name_of(program, command);
    err << name << ": " << error.what() << "\nTry '" << name << " --help'.\n";
    return ExitCode::misused;
  } catch (const std::exception& error) {
    err << program.name << ": " << error.what() << '\n';
    return ExitCode::failed;
  }
  return code;
}

}  // namespace sekisho::core
