// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "anonymization/builtin_profiles.h"
#include "anonymization/profile_maker.h"
#include "anonymization/tables.h"
#include "core/dicom/dictionary.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::DictionaryEntry;
using core::dicom::Tag;
using core::dicom::Vr;

/// Groups without any rule, whatever the tables say of their elements: what is no part of an
/// image's data set (command, file meta information, DICOMDIR), what belongs to other worlds
/// (non-destructive testing, printing, security screening), visits, original attributes and
/// signatures, curves, padding and delimiters.
struct Groups {
  std::uint16_t first;
  std::uint16_t last;
};
constexpr Groups kRemovedGroups[] = {
    {0x0000, 0x0005}, {0x0014, 0x0014}, {0x0038, 0x0038}, {0x0100, 0x0100},
    {0x0400, 0x0400}, {0x2000, 0x2040}, {0x2100, 0x2200}, {0x4010, 0x4FFE},
    {0x5000, 0x50FF}, {0x6000, 0x60FF}, {0xFFFA, 0xFFFE},
};

bool is_removed_group(std::uint16_t group) {
  return std::ranges::any_of(
      kRemovedGroups, [&](Groups groups) { return groups.first <= group && group <= groups.last; });
}

/// Where Table E.1-1 leaves a choice that the VR alone does not settle.
constexpr Rule kChoices[] = {
    {Tag{0x0008, 0x0050}, Action::pseudonymise},  // AccessionNumber, Z: requests keep together
    {Tag{0x0008, 0x0082}, Action::remove},        // InstitutionCodeSequence, X/Z/D
    {Tag{0x0008, 0x1072}, Action::remove},        // OperatorIdentificationSequence, X/D
    {Tag{0x0008, 0x1110}, Action::remove},        // ReferencedStudySequence, X/Z: never of Type 2
    {Tag{0x0008, 0x1111}, Action::keep},          // ReferencedPerformedProcedureStepSequence,
                                                  // X/Z/D: entered, its references are remapped
    {Tag{0x0010, 0x0010}, Action::dummy},         // PatientName, Z: viewers show an empty one badly
    {Tag{0x0010, 0x0020}, Action::pseudonymise},  // PatientID, Z/D: patients stay apart
    {Tag{0x0040, 0xB020}, Action::remove},        // WaveformAnnotationSequence, X/D
    {Tag{0x006A, 0x0003}, Action::remap_uid},     // AnnotationGroupUID, D
    {Tag{0x0070, 0x0001}, Action::remove},  // GraphicAnnotationSequence, D: its module is optional
    {Tag{0x0070, 0x0082}, Action::dummy},   // PresentationCreationDate, X, but of Type 1
    {Tag{0x0070, 0x0083}, Action::dummy},   // PresentationCreationTime, X, but of Type 1
};

/// Where the table allows it elements take the dummy: it fits every Type.
Action for_basic(BasicAction basic) {
  switch (basic) {
    case BasicAction::remove:
      return Action::remove;
    case BasicAction::empty:
    case BasicAction::remove_or_empty:
      return Action::empty;
    case BasicAction::dummy:
    case BasicAction::remove_or_dummy:
    case BasicAction::empty_or_dummy:
    case BasicAction::remove_empty_or_dummy:
      return Action::dummy;
    case BasicAction::remap_uid:
      return Action::remap_uid;
    case BasicAction::remove_empty_or_remap_uid:
      return Action::keep;  // entered: the references inside are remapped, each by its own row
  }
  return Action::remove;
}

Action for_decision(Decision decision) {
  switch (decision) {
    case Decision::keep:
      return Action::keep;
    case Decision::remove:
      return Action::remove;
    case Decision::empty:
      return Action::empty;
    case Decision::dummy:
      return Action::dummy;
    case Decision::remap_uid:
      return Action::remap_uid;
  }
  return Action::remove;
}

/// No table speaks of the element. Text and dates go; numbers, codes and sequences are kept, the
/// latter to be entered. What the standard retired has no place in what is made today.
Action by_vr(const DictionaryEntry& entry) {
  if (entry.retired) return Action::remove;
  switch (entry.vr) {
    case Vr::UI:
      return Action::remap_uid;
    case Vr::AE:
    case Vr::AS:
    case Vr::DA:
    case Vr::DT:
    case Vr::LO:
    case Vr::LT:
    case Vr::PN:
    case Vr::SH:
    case Vr::ST:
    case Vr::TM:
    case Vr::UC:
    case Vr::UN:
    case Vr::UR:
    case Vr::UT:
      return Action::remove;
    default:
      return Action::keep;
  }
}

template <class Row>
const Row* row_of(std::span<const Row> rows, Tag tag) {
  const auto row = std::ranges::lower_bound(rows, tag, {}, &Row::tag);
  return row != rows.end() && row->tag == tag ? &*row : nullptr;
}

Action basic_action(const DictionaryEntry& entry) {
  if (is_removed_group(entry.tag.group())) return Action::remove;
  if (const Rule* choice = row_of(std::span<const Rule>(kChoices), entry.tag))
    return choice->action;
  if (const auto* row = row_of(confidentiality_rows(), entry.tag)) {
    return for_basic(row->action);
  }
  if (const auto* row = row_of(decision_rows(), entry.tag)) return for_decision(row->decision);
  return by_vr(entry);
}

}  // namespace

Profile basic_profile() {
  static_assert(std::ranges::is_sorted(kChoices, {}, &Rule::tag));
  std::vector<Rule> rules;
  for (const DictionaryEntry& entry : core::dicom::dictionary()) {
    // Of the repeating rows only those of curves and overlays could be found again: both are gone.
    if (core::dicom::find(entry.tag) != &entry) continue;
    rules.push_back({entry.tag, basic_action(entry)});
  }
  Statement statement;
  statement.identity_removed = true;
  statement.method = {"Sekisho ps3.15-basic", "PS3.15 2026d Table E.1-1"};
  statement.method_codes = {"113100"};
  statement.temporal_information = "REMOVED";
  return *ProfileMaker::make(
      {std::string(kBasicProfileName), std::move(statement), std::move(rules)});
}

}  // namespace sekisho::anonymization
