// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/command_options.h"

#include <ctime>
#include <fstream>
#include <iterator>
#include <string_view>

#include "audit/error.h"

namespace sekisho::audit {
namespace {

/// The moment at which a day such as "2026-01-31" begins here, or one so many days later.
std::optional<core::Time> beginning_of(std::string_view day, int days_later) {
  const auto midnight = core::parse_rfc3339(std::string(day) + "T00:00:00Z");
  if (!midnight) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(*midnight)};
  std::tm local{};
  local.tm_year = static_cast<int>(date.year()) - 1900;
  local.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  local.tm_mday = static_cast<int>(static_cast<unsigned>(date.day())) + days_later;
  local.tm_isdst = -1;
  return core::Time{std::chrono::seconds{std::mktime(&local)}};
}

std::optional<core::Time> find_time(const Options& options, std::string_view name, int days_later) {
  const auto text = options.find(name);
  if (!text) return std::nullopt;
  auto time = core::parse_rfc3339(*text);
  if (!time) time = beginning_of(*text, days_later);
  if (!time) {
    throw UsageError(std::string(name) +
                     " wants a day such as 2026-01-31 or a time such as 2026-01-31T09:00:00+09:00");
  }
  return time;
}

}  // namespace

AuditPlace place_of(const Options& options) {
  AuditPlace place = AuditPlace::in(options.get("--data"));
  if (const auto anchor = options.find("--anchor")) place.anchor = AuditPlace::anchor_in(*anchor);
  return place;
}

std::string read_first_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) throw AuditError("cannot read the key " + file.string());
  return line;
}

std::string read_whole_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw AuditError("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A verifier key has plus signs around its hash; a file's name may be anything else.
std::string key_line(const Options& options, const std::filesystem::path& file) {
  const auto given = options.find("--key");
  if (!given && file.empty()) throw UsageError("--key is missing");
  if (!given) return read_first_line(file);
  return std::filesystem::exists(*given) ? read_first_line(*given) : *given;
}

Period period_of(const Options& options) {
  const Period period{find_time(options, "--from", 0), find_time(options, "--until", 1)};
  if (period.from && period.until && *period.from >= *period.until) {
    throw UsageError("--from is not before --until");
  }
  return period;
}

}  // namespace sekisho::audit
