// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "anonymization/profiles/builtin_profiles.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::DictionaryEntry;
using core::dicom::Tag;
using core::dicom::Vr;

/// Where a field stands in a data set, at any depth: its own element and those that repeat it.
struct FieldRule {
  PatientField field;
  Rule rule;
};
constexpr FieldRule kFieldRules[] = {
    {PatientField::id, {Tag{0x0010, 0x0020}, Action::pseudonymise}},  // PatientID
    {PatientField::id, {Tag{0x0010, 0x0021}, Action::remove}},        // IssuerOfPatientID
    {PatientField::id, {Tag{0x0010, 0x0024}, Action::remove}},        // …QualifiersSequence
    {PatientField::id, {Tag{0x0010, 0x0026}, Action::remove}},        // SourcePatientGroup…
    {PatientField::id, {Tag{0x0010, 0x0027}, Action::remove}},        // GroupOfPatients…
    {PatientField::id, {Tag{0x0010, 0x1000}, Action::remove}},        // OtherPatientIDs
    {PatientField::id, {Tag{0x0010, 0x1002}, Action::remove}},        // OtherPatientIDsSequence
    {PatientField::id, {Tag{0x0010, 0x1090}, Action::remove}},        // MedicalRecordLocator
    {PatientField::id, {Tag{0x0012, 0x0040}, Action::dummy}},         // ClinicalTrialSubjectID
    {PatientField::name, {Tag{0x0010, 0x0010}, Action::dummy}},       // PatientName
    {PatientField::name, {Tag{0x0010, 0x0011}, Action::remove}},      // PersonNamesToUseSequence
    {PatientField::name, {Tag{0x0010, 0x0012}, Action::remove}},      // NameToUse
    {PatientField::name, {Tag{0x0010, 0x0013}, Action::remove}},      // NameToUseComment
    {PatientField::name, {Tag{0x0010, 0x1001}, Action::remove}},      // OtherPatientNames
    {PatientField::name, {Tag{0x0010, 0x1005}, Action::remove}},      // PatientBirthName
    {PatientField::name, {Tag{0x0010, 0x1060}, Action::remove}},      // PatientMotherBirthName
    {PatientField::name, {Tag{0x0010, 0x2297}, Action::remove}},      // ResponsiblePerson
    {PatientField::name, {Tag{0x0040, 0xA123}, Action::dummy}},       // PersonName of SR
    {PatientField::kana, {Tag{0x0010, 0x0011}, Action::remove}},      // text, any script
    {PatientField::kana, {Tag{0x0010, 0x0012}, Action::remove}},
    {PatientField::kana, {Tag{0x0010, 0x0013}, Action::remove}},
    {PatientField::kana, {Tag{0x0010, 0x1001}, Action::remove}},  // often the kana alone
    {PatientField::sex, {Tag{0x0010, 0x0040}, Action::empty}},    // PatientSex
    {PatientField::sex, {Tag{0x0010, 0x0014}, Action::remove}},   // ThirdPersonPronounsSequence
    {PatientField::sex, {Tag{0x0010, 0x0015}, Action::remove}},
    {PatientField::sex, {Tag{0x0010, 0x0016}, Action::remove}},
    {PatientField::sex, {Tag{0x0010, 0x0041}, Action::remove}},  // GenderIdentitySequence
    {PatientField::sex, {Tag{0x0010, 0x0042}, Action::remove}},
    {PatientField::sex, {Tag{0x0010, 0x0043}, Action::remove}},  // SexParametersForClinicalUse…
    {PatientField::sex, {Tag{0x0010, 0x0044}, Action::remove}},
    {PatientField::sex, {Tag{0x0010, 0x0045}, Action::remove}},
    {PatientField::sex, {Tag{0x0010, 0x0046}, Action::remove}},
    {PatientField::sex, {Tag{0x0010, 0x0047}, Action::remove}},
    {PatientField::sex, {Tag{0x0010, 0x21C0}, Action::remove}},  // PregnancyStatus
    {PatientField::sex, {Tag{0x0010, 0x21D0}, Action::remove}},  // LastMenstrualDate
    {PatientField::sex, {Tag{0x0010, 0x2203}, Action::empty}},   // PatientSexNeutered
    {PatientField::birth_date, {Tag{0x0010, 0x0030}, Action::empty}},
    {PatientField::birth_date, {Tag{0x0010, 0x0032}, Action::remove}},  // PatientBirthTime
    {PatientField::birth_date, {Tag{0x0010, 0x0033}, Action::remove}},  // …InAlternativeCalendar
};

/// Groups whose elements would be copies of the original or would no longer be true: command, file
/// meta information, DICOMDIR; original attributes, signatures, encrypted attributes; padding.
bool is_removed_group(std::uint16_t group) {
  return group < 0x0006 || group == 0x0400 || group == 0x4FFE || group >= 0xFFFA;
}

/// Whole documents: what stands in them is not looked at, and it is seldom anonymous.
constexpr Tag kDocuments[] = {
    Tag{0x0040, 0xA730},  // ContentSequence
    Tag{0x0042, 0x0011},  // EncapsulatedDocument
};

bool contains(const std::vector<PatientField>& fields, PatientField field) {
  return std::ranges::find(fields, field) != fields.end();
}

std::string_view name_of(PatientField field) {
  return std::ranges::find(kPatientFieldNames, field, &PatientFieldName::field)->text;
}

SourcedAction action_of(const DictionaryEntry& entry, const std::vector<PatientField>& fields) {
  if (is_removed_group(entry.tag.group())) {
    return {Action::remove, {kOurDecision, "the group never leaves"}};
  }
  if (std::ranges::find(kDocuments, entry.tag) != std::end(kDocuments)) {
    return {Action::dummy, {kOurDecision, "documents are not looked into"}};
  }
  if (const auto masked = field_action(entry, fields)) return *masked;
  return {Action::keep, {kPatientFieldsName, "none of the fields"}};
}

}  // namespace

std::optional<SourcedAction> field_action(const DictionaryEntry& entry,
                                          const std::vector<PatientField>& fields) {
  for (const auto& [field, rule] : kFieldRules) {
    if (rule.tag == entry.tag && contains(fields, field)) {
      return SourcedAction{rule.action, {kPatientFieldsName, name_of(field)}};
    }
  }
  if (entry.vr != Vr::PN || !contains(fields, PatientField::kana)) return std::nullopt;
  return SourcedAction{Action::drop_phonetic, {kPatientFieldsName, name_of(PatientField::kana)}};
}

ProfileDraft patient_fields_profile(const std::vector<PatientField>& fields) {
  ProfileDraft draft;
  draft.rules =
      rules_of_dictionary([&](const DictionaryEntry& entry) { return action_of(entry, fields); });
  draft.parts.name = kPatientFieldsName;
  Statement& statement = draft.parts.statement;
  statement.method.push_back("Sekisho " + std::string(kPatientFieldsName));
  for (const auto& [text, field] : kPatientFieldNames) {
    if (contains(fields, field)) statement.method.emplace_back(text);
  }
  statement.temporal_information = "UNMODIFIED";
  return draft;
}

}  // namespace sekisho::anonymization
