// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sekisho::audit {

/// The command line is not what the usage text says.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// "--name value" pairs and flags, each at most once. Throws UsageError.
class Options {
 public:
  Options(std::span<const std::string_view> arguments, std::span<const std::string_view> valued,
          std::span<const std::string_view> flags);

  bool has(std::string_view name) const { return values_.contains(name); }
  std::optional<std::string> find(std::string_view name) const;
  std::string get(std::string_view name) const;
  /// The number of an entry or a size; `nullopt` where it is not there.
  std::optional<std::uint64_t> find_number(std::string_view name) const;

 private:
  std::map<std::string_view, std::string_view> values_;
};

/// The first line of a file. Throws AuditError where there is none.
std::string read_first_line(const std::filesystem::path& file);
/// Throws AuditError where it cannot be read.
std::string read_whole_file(const std::filesystem::path& file);
/// What --key says, a verifier key line or a file that begins with one, else `file`'s.
std::string key_line(const Options& options, const std::filesystem::path& file);

}  // namespace sekisho::audit
