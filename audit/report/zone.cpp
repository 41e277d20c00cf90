// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/zone.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <utility>

namespace sekisho::audit::report {
namespace {

constexpr Offset kFarthest = std::chrono::hours(14);
constexpr const char* kVariable = "TZ";
constexpr std::string_view kZones = "/usr/share/zoneinfo";
/// Shorter than any offset has ever lasted.
constexpr std::chrono::hours kStep{24};

Offset offset_here(core::Time time) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return std::chrono::floor<Offset>(std::chrono::seconds(local.tm_gmtoff));
}

/// The first second of the new offset.
core::Time change_between(core::Time before, core::Time after) {
  using std::chrono::seconds;
  auto low = std::chrono::floor<seconds>(before);
  auto high = std::chrono::ceil<seconds>(after);
  const Offset old = offset_here(low);
  while (high - low > seconds(1)) {
    const auto middle = low + (high - low) / 2;
    (offset_here(middle) == old ? low : high) = middle;
  }
  return high;
}

/// tzset(3): an offset that counts westwards, behind a name.
std::string posix_zone(Offset offset) {
  const std::string ahead = to_text(offset);
  return "LOCAL" + std::string(ahead.front() == '+' ? "-" : "+") + ahead.substr(1);
}

/// Only names of files below the directory of zones: glibc takes everything else for UTC.
bool is_zone(std::string_view name) {
  const std::filesystem::path path(name);
  const auto is_upwards = [](const auto& part) { return part == ".."; };
  if (name.empty() || path.is_absolute() || std::ranges::any_of(path, is_upwards)) return false;
  return std::filesystem::is_regular_file(std::filesystem::path(kZones) / path);
}

}  // namespace

std::string to_text(Offset offset) {
  const auto minutes = std::chrono::abs(offset).count();
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%c%02d:%02d", offset < Offset::zero() ? '-' : '+',
                static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return text.data();
}

/// Strict by writing it again: one spelling, and no offset out of range.
std::optional<Offset> parse_offset(std::string_view text) {
  if (text.size() != 6) return std::nullopt;
  const auto digit = [&](std::size_t at) { return text[at] - '0'; };
  const int minutes = (digit(1) * 10 + digit(2)) * 60 + digit(4) * 10 + digit(5);
  const Offset offset(text[0] == '-' ? -minutes : minutes);
  if (std::chrono::abs(offset) > kFarthest || to_text(offset) != text) return std::nullopt;
  return offset;
}

Offset Zone::at(core::Time time) const {
  const auto later = std::ranges::upper_bound(changes, time, {}, &Change::at);
  return later == changes.begin() ? offset : std::prev(later)->offset;
}

std::optional<ProcessZone> ProcessZone::named(std::string_view name) {
  if (const auto offset = parse_offset(name)) return ProcessZone(posix_zone(*offset));
  if (!is_zone(name)) return std::nullopt;
  return ProcessZone(':' + std::string(name));
}

ProcessZone::ProcessZone(const std::string& value) {
  if (const char* before = std::getenv(kVariable)) before_ = before;
  ::setenv(kVariable, value.c_str(), 1);
  ::tzset();
}

ProcessZone::ProcessZone(ProcessZone&& other) noexcept
    : before_(std::move(other.before_)), is_set_(std::exchange(other.is_set_, false)) {}

ProcessZone::~ProcessZone() {
  if (!is_set_) return;
  if (before_) {
    ::setenv(kVariable, before_->c_str(), 1);
  } else {
    ::unsetenv(kVariable);
  }
  ::tzset();
}

Zone zone_between(core::Time first, core::Time last) {
  Zone zone{offset_here(first), {}};
  Offset known = zone.offset;
  for (core::Time from = first; from < last; from += kStep) {
    const core::Time to = std::min(from + kStep, last);
    const Offset then = offset_here(to);
    if (then == known) continue;
    zone.changes.push_back({change_between(from, to), then});
    known = then;
  }
  return zone;
}

}  // namespace sekisho::audit::report
