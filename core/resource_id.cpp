// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/resource_id.h"

#include "core/digest.h"
#include "core/encoding.h"

namespace sekisho::core {
namespace {

constexpr std::size_t kGroupDigits = 8;
constexpr std::size_t kGroups = 5;

std::string hashed_text(const StudyKey& key) { return key.patient_id + '|' + key.study.str(); }
std::string hashed_text(const SeriesKey& key) {
  return hashed_text(key.study) + '|' + key.series.str();
}
std::string hashed_text(const InstanceKey& key) {
  return hashed_text(key.series) + '|' + key.instance.str();
}

std::string grouped_sha1(std::string_view text) {
  const std::string digits = to_hex(sha1(as_bytes(text)));
  std::string id = digits.substr(0, kGroupDigits);
  for (std::size_t i = kGroupDigits; i < digits.size(); i += kGroupDigits) {
    id += '-';
    id.append(digits, i, kGroupDigits);
  }
  return id;
}

}  // namespace

std::string patient_resource_id(std::string_view patient_id) { return grouped_sha1(patient_id); }
std::string resource_id(const StudyKey& study) { return grouped_sha1(hashed_text(study)); }
std::string resource_id(const SeriesKey& series) { return grouped_sha1(hashed_text(series)); }
std::string resource_id(const InstanceKey& instance) { return grouped_sha1(hashed_text(instance)); }

bool is_resource_id(std::string_view text) {
  if (text.size() != kGroups * (kGroupDigits + 1) - 1) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_between = i % (kGroupDigits + 1) == kGroupDigits;
    constexpr std::string_view kDigits = "0123456789abcdef";
    if (is_between ? text[i] != '-' : kDigits.find(text[i]) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace sekisho::core
