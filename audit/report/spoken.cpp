// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/spoken.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "audit/report/plain_text.h"
#include "audit/report/words.h"

namespace sekisho::audit::report {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

std::string two_digits(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string said(std::chrono::year_month_day date, Language language) {
  const std::string year = std::to_string(static_cast<int>(date.year()));
  const unsigned month = static_cast<unsigned>(date.month());
  const std::string day = std::to_string(static_cast<unsigned>(date.day()));
  if (language == Language::japanese) {
    return year + "年" + std::to_string(month) + "月" + day + "日";
  }
  return day + ' ' + std::string(kMonths[month - 1]) + ' ' + year;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string joined(const std::vector<std::string_view>& parts, std::string_view between) {
  std::string all;
  for (const std::string_view part : parts) {
    if (part.empty()) continue;
    if (!all.empty()) all += between;
    all += part;
  }
  return all;
}

/// Hours and minutes: to the second it is among the details.
std::string clock_of(core::Time local) {
  const auto of_day = local - std::chrono::floor<std::chrono::days>(local);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::minutes>(of_day));
  return std::to_string(time.hours().count()) + ':' + two_digits(time.minutes().count());
}

core::Time local(core::Time time, const Question& question) {
  return time + question.zone.at(time);
}

bool is_midnight(core::Time time) { return time == std::chrono::floor<std::chrono::days>(time); }

/// The end of the period: the last day of it, where it goes to midnight.
std::string end_of(core::Time until, const Question& question) {
  const bool japanese = question.language == Language::japanese;
  if (is_midnight(local(until, question))) {
    const core::Time last = until - std::chrono::microseconds(1);
    return day(last, question) + (japanese ? "まで" : "");
  }
  return moment(until, question) + (japanese ? "より前" : "");
}

std::string beginning_of(core::Time from, const Question& question) {
  return is_midnight(local(from, question)) ? day(from, question) : moment(from, question);
}

}  // namespace

std::string_view separator(Language language) {
  return language == Language::japanese ? "・" : ", ";
}

std::string count_of(std::uint64_t number, Language language) {
  return grouped(number) + (language == Language::japanese ? " 件" : "");
}

std::string day(core::Time time, const Question& question) {
  return said(std::chrono::floor<std::chrono::days>(local(time, question)), question.language);
}

std::string clock_time(core::Time time, const Question& question) {
  return clock_of(local(time, question));
}

std::string moment(core::Time time, const Question& question) {
  const std::string_view between = question.language == Language::japanese ? " " : ", ";
  return day(time, question).append(between) + clock_time(time, question);
}

std::string day_of_dicom(std::string_view value, Language language) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (value.size() != 8 || !std::ranges::all_of(value, is_digit)) return std::string(value);
  const auto number = [&](std::size_t at, std::size_t size) {
    int sum = 0;
    for (const char c : value.substr(at, size)) sum = sum * 10 + (c - '0');
    return sum;
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(4, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(6, 2)))};
  return date.ok() ? said(date, language) : std::string(value);
}

std::string person_name(std::string_view value, Language language) {
  // PS3.5 §6.2.1: alphabetic, ideographic and phonetic representation.
  std::vector<std::string> groups;
  for (const std::string_view group : split(value, '=')) {
    groups.push_back(joined(split(group, '^'), " "));
  }
  groups.resize(3);
  const bool japanese = language == Language::japanese;
  std::string& first = japanese && !groups[1].empty() ? groups[1] : groups[0];
  std::string& second = japanese ? groups[2] : groups[1];
  if (first.empty()) std::swap(first, second);
  if (second.empty()) return first;
  return first + (japanese ? "（" : " (") + second + (japanese ? "）" : ")");
}

std::string study_name(const StudyWords& study, Language language) {
  std::vector<std::string_view> kinds;
  for (const std::string_view modality : split(study.modalities, '\\')) {
    const std::string_view words = modality_words(modality, language);
    if (std::ranges::find(kinds, words) == kinds.end()) kinds.push_back(words);
  }
  const std::string date = day_of_dicom(study.date, language);
  const std::string modalities = joined(kinds, separator(language));
  return joined({date, modalities, study.description},
                language == Language::japanese ? "　" : " · ");
}

std::string period(const Question& question) {
  const bool japanese = question.language == Language::japanese;
  if (!question.from && !question.until) return japanese ? "すべての期間" : "all that is on record";
  if (japanese) {
    return (question.from ? beginning_of(*question.from, question) + "から" : "") +
           (question.until ? end_of(*question.until, question) : "作成時まで");
  }
  const std::string from = question.from ? "from " + beginning_of(*question.from, question) : "";
  const bool whole = question.until && is_midnight(local(*question.until, question));
  const std::string until = question.until
                                ? (whole ? "to " : "until ") + end_of(*question.until, question)
                                : "until this was made";
  return from.empty() ? until : from + ' ' + until;
}

}  // namespace sekisho::audit::report
