// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "anonymization/profile.h"

namespace sekisho::anonymization {

inline constexpr std::string_view kBasicProfileName = "ps3.15-basic";
inline constexpr std::string_view kPatientFieldsName = "patient-fields";

/// The Basic Application Level Confidentiality Profile of PS3.15 2026d §E.2, without options.
Profile basic_profile();

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

/// Masks the named fields and keeps every other element that the dictionary knows, except what
/// may repeat them out of sight: private elements, original attributes, signatures, encrypted
/// attributes, encapsulated documents and report content.
Profile patient_fields_profile(const std::vector<PatientField>& fields);

}  // namespace sekisho::anonymization
