// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace sekisho::anonymization {

/// The options of the Basic Profile (PS3.15 2026d §E.3).
enum class Option : std::uint8_t {
  retain_safe_private,
  retain_uids,
  retain_device_identity,
  retain_institution_identity,
  retain_patient_characteristics,
  retain_full_dates,
  retain_modified_dates,
  clean_descriptors,
  clean_structured_content,
  clean_graphics,
  clean_pixel_data,
};

class OptionSet {
 public:
  constexpr OptionSet() = default;
  constexpr OptionSet(std::initializer_list<Option> options) {
    for (Option option : options) insert(option);
  }
  constexpr void insert(Option option) { bits_ |= bit(option); }
  constexpr bool contains(Option option) const { return (bits_ & bit(option)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr OptionSet operator&(OptionSet a, OptionSet b) {
    a.bits_ &= b.bits_;
    return a;
  }
  friend constexpr bool operator==(OptionSet, OptionSet) = default;

 private:
  static constexpr std::uint16_t bit(Option option) {
    return static_cast<std::uint16_t>(1U << static_cast<unsigned>(option));
  }
  std::uint16_t bits_ = 0;
};

/// What requests call an option, and what objects and people are told about it.
struct OptionFacts {
  Option option;
  std::string_view name;   ///< in requests and in (0012,0063)
  std::string_view code;   ///< PS3.16 CID 7050, for (0012,0064)
  std::string_view title;  ///< the code's meaning
  std::string_view title_ja;
};
/// In the order of Option.
inline constexpr OptionFacts kOptions[] = {
    {Option::retain_safe_private, "RetainSafePrivate", "113111", "Retain Safe Private Option",
     "安全なプライベート属性を保持"},
    {Option::retain_uids, "RetainUids", "113110", "Retain UIDs Option", "UIDを保持"},
    {Option::retain_device_identity, "RetainDeviceIdentity", "113109",
     "Retain Device Identity Option", "装置の識別情報を保持"},
    {Option::retain_institution_identity, "RetainInstitutionIdentity", "113112",
     "Retain Institution Identity Option", "施設の識別情報を保持"},
    {Option::retain_patient_characteristics, "RetainPatientCharacteristics", "113108",
     "Retain Patient Characteristics Option", "患者の特徴を保持"},
    {Option::retain_full_dates, "RetainFullDates", "113106",
     "Retain Longitudinal Temporal Information Full Dates Option", "日付をそのまま保持"},
    {Option::retain_modified_dates, "RetainModifiedDates", "113107",
     "Retain Longitudinal Temporal Information Modified Dates Option", "日付をずらして保持"},
    {Option::clean_descriptors, "CleanDescriptors", "113105", "Clean Descriptors Option",
     "記述文を既知の語だけにして保持"},
    {Option::clean_structured_content, "CleanStructuredContent", "113104",
     "Clean Structured Content Option", "構造化レポートの内容を除去処理して保持"},
    {Option::clean_graphics, "CleanGraphics", "113103", "Clean Graphics Option",
     "グラフィックを除去処理して保持"},
    {Option::clean_pixel_data, "CleanPixelData", "113101", "Clean Pixel Data Option",
     "画素中の文字を消去"},
};

constexpr const OptionFacts& facts_of(Option option) {
  return kOptions[static_cast<std::size_t>(option)];
}

/// The profile that the options are of, likewise.
inline constexpr std::string_view kBasicProfileCode = "113100";
inline constexpr std::string_view kBasicProfileTitle = "Basic Application Confidentiality Profile";

constexpr std::optional<Option> parse_option(std::string_view name) {
  for (const OptionFacts& facts : kOptions) {
    if (facts.name == name) return facts.option;
  }
  return std::nullopt;
}

}  // namespace sekisho::anonymization
