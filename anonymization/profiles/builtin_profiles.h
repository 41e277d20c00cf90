// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "anonymization/option.h"
#include "anonymization/profiles/profile_draft.h"

namespace sekisho::anonymization {

inline constexpr std::string_view kNoneName = "none";
inline constexpr std::string_view kPatientFieldsName = "patient-fields";
inline constexpr std::string_view kMinimumDisclosureName = "minimum-disclosure";
inline constexpr std::string_view kBasicProfileName = "ps3.15-basic";

/// The Basic Application Level Confidentiality Profile of PS3.15 2026d §E.2 with options. Not both
/// options for dates.
ProfileDraft basic_profile(OptionSet options);

/// What patient-fields can mask, each by the name that requests use.
enum class PatientField : std::uint8_t { id, name, kana, sex, birth_date };
struct PatientFieldName {
  std::string_view text;
  PatientField field;
};
inline constexpr PatientFieldName kPatientFieldNames[] = {
    {"PatientID", PatientField::id},
    {"PatientName", PatientField::name},
    {"PatientNameKana", PatientField::kana},
    {"PatientSex", PatientField::sex},
    {"PatientBirthDate", PatientField::birth_date},
};

/// What masking the fields does to an element; `nullopt` if it is none of them nor repeats one.
std::optional<SourcedAction> field_action(const core::dicom::DictionaryEntry& entry,
                                          const std::vector<PatientField>& fields);

/// Masks the named fields and keeps every other element that the dictionary knows, except what
/// may repeat them out of sight: private elements, original attributes, signatures, encrypted
/// attributes, encapsulated documents and report content.
ProfileDraft patient_fields_profile(const std::vector<PatientField>& fields);

/// Those whose images carry no text in their pixels unless somebody put it there.
inline constexpr std::string_view kDefaultModalities[] = {"CR", "CT", "DX", "MG", "MR", "NM", "PT"};

/// Patient number, name, birth date and sex (but for `fields`), the pixels and what describes them;
/// of everything else only constants where an object needs an element. For the named modalities.
ProfileDraft minimum_disclosure_profile(const std::vector<PatientField>& fields,
                                        std::vector<std::string> modalities);

}  // namespace sekisho::anonymization
