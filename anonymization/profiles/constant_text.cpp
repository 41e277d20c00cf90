// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profiles/constant_text.h"

#include <algorithm>

#include "core/uid.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Vr;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_only(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool are_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

/// YYYYMMDD with a month and a day that some calendar has.
bool is_date(std::string_view text) {
  if (text.size() != 8 || !are_digits(text)) return false;
  const auto month = text.substr(4, 2);
  const auto day = text.substr(6, 2);
  return month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

/// HHMMSS.
bool is_time(std::string_view text) {
  return text.size() == 6 && are_digits(text) && text.substr(0, 2) <= "23" &&
         text.substr(2, 2) <= "59" && text.substr(4, 2) <= "59";
}

bool is_date_time(std::string_view text) {
  return is_date(text.substr(0, 8)) && (text.size() == 8 || is_time(text.substr(8)));
}

bool is_age(std::string_view text) {
  return text.size() == 4 && are_digits(text.substr(0, 3)) && has_only(text.substr(3), "DWMY");
}

bool is_code(std::string_view text) {
  return has_only(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _");
}

bool is_number(std::string_view text, std::string_view also) {
  const auto digits = std::ranges::count_if(text, is_digit);
  return digits > 0 && is_digit(text.back()) && std::ranges::all_of(text, [&](char c) {
           return is_digit(c) || also.find(c) != std::string_view::npos;
         });
}
bool is_decimal(std::string_view text) { return is_number(text, "+-.Ee"); }
bool is_integer(std::string_view text) {
  return is_number(text, "") || is_number(text.substr(text.starts_with('-') ? 1 : 0), "");
}
bool is_uid(std::string_view text) {
  const auto uid = core::Uid::parse(text);
  return uid && uid->is_standard();
}
bool is_anything(std::string_view) { return true; }

struct ConstantRule {
  Vr vr;
  std::size_t longest;
  bool (*fits)(std::string_view);
  std::string_view problem;
};
constexpr ConstantRule kRules[] = {
    {Vr::AE, 16, is_anything, "must be at most 16 characters"},
    {Vr::AS, 4, is_age, "must be an age such as 045Y"},
    {Vr::CS, 16, is_code, "must be at most 16 capital letters, digits, spaces and underscores"},
    {Vr::DA, 8, is_date, "must be a date such as 20000101"},
    {Vr::DS, 16, is_decimal, "must be a decimal number"},
    {Vr::DT, 14, is_date_time, "must be a date such as 20000101 or with a time 20000101120000"},
    {Vr::IS, 11, is_integer, "must be a whole number"},
    {Vr::LO, 64, is_anything, "must be at most 64 characters"},
    {Vr::LT, 1024, is_anything, "must be at most 1024 characters"},
    {Vr::PN, 64, is_anything, "must be at most 64 characters"},
    {Vr::SH, 16, is_anything, "must be at most 16 characters"},
    {Vr::ST, 1024, is_anything, "must be at most 1024 characters"},
    {Vr::TM, 6, is_time, "must be a time such as 120000"},
    {Vr::UC, 1024, is_anything, "must be at most 1024 characters"},
    {Vr::UI, 64, is_uid, "must be a UID"},
    {Vr::UT, 1024, is_anything, "must be at most 1024 characters"},
};

const ConstantRule* find_rule(Vr vr) {
  const auto* rule = std::ranges::find(kRules, vr, &ConstantRule::vr);
  return rule == std::end(kRules) ? nullptr : rule;
}

}  // namespace

bool is_plain_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~' && c != '\\'; });
}

bool has_constant_text(Vr vr) { return find_rule(vr) != nullptr; }

std::optional<std::string_view> problem_of_constant(Vr vr, std::string_view text) {
  const ConstantRule& rule = *find_rule(vr);
  if (!is_plain_text(text) || text.starts_with(' ') || text.ends_with(' ')) {
    return "must be printable ASCII without backslashes and without spaces at its ends";
  }
  if (text.empty() || text.size() > rule.longest || !rule.fits(text)) return rule.problem;
  return std::nullopt;
}

}  // namespace sekisho::anonymization
