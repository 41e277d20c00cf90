// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profiles/basic_rules.h"

#include <algorithm>
#include <array>
#include <span>

namespace sekisho::anonymization {
namespace {

using core::dicom::DictionaryEntry;
using core::dicom::Tag;
using core::dicom::Vr;

struct Groups {
  std::uint16_t first;
  std::uint16_t last;
};
/// What is no part of a stored data set (command, file meta information, DICOMDIR, authorization,
/// printing and queues); original attributes and signatures; curves and overlays; padding.
constexpr Groups kBannedGroups[] = {{0x0000, 0x0005}, {0x0100, 0x0100}, {0x0400, 0x0400},
                                    {0x2000, 0x2040}, {0x2100, 0x2200}, {0x5000, 0x50FF},
                                    {0x6000, 0x60FF}, {0xFFFA, 0xFFFF}};
/// Removed unless an option retains a row of the table in them: non-destructive testing, visits,
/// security screening.
constexpr Groups kRemovedGroups[] = {{0x0014, 0x0014}, {0x0038, 0x0038}, {0x4010, 0x4FFE}};

bool is_in(std::span<const Groups> list, std::uint16_t group) {
  return std::ranges::any_of(
      list, [&](Groups groups) { return groups.first <= group && group <= groups.last; });
}

constexpr Source kBanned{kOurDecision, "the group never leaves"};
constexpr Source kForeign{kOurDecision, "the group goes whole"};

/// Where Table E.1-1 leaves a choice that the VR alone does not settle, or asks for what the object
/// cannot do without.
struct Choice {
  Tag tag;
  Action action;
  std::string_view reason;
};
constexpr Choice kChoices[] = {
    {Tag{0x0008, 0x0050}, Action::pseudonymise,
     "AccessionNumber, Z: a pseudonym keeps the objects of a request together"},
    {Tag{0x0008, 0x0082}, Action::remove, "X/Z/D: optional where it stands"},
    {Tag{0x0008, 0x1072}, Action::remove, "X/D: optional where it stands"},
    {Tag{0x0008, 0x1110}, Action::remove, "X/Z: optional where it stands"},
    {Tag{0x0008, 0x1111}, Action::keep, "X/Z/D: entered, its references are replaced"},
    {Tag{0x0010, 0x0010}, Action::dummy, "PatientName, Z: viewers show an empty one badly"},
    {Tag{0x0010, 0x0020}, Action::pseudonymise, "PatientID, Z/D: patients stay apart"},
    {Tag{0x0040, 0xB020}, Action::remove, "X/D: optional where it stands"},
    {Tag{0x006A, 0x0003}, Action::remap_uid, "AnnotationGroupUID, D: a UID replaced"},
    {Tag{0x0070, 0x0001}, Action::remove, "GraphicAnnotationSequence, D: its module is optional"},
    {Tag{0x0070, 0x0082}, Action::dummy, "PresentationCreationDate, X: of Type 1"},
    {Tag{0x0070, 0x0083}, Action::dummy, "PresentationCreationTime, X: of Type 1"},
};
static_assert(std::ranges::is_sorted(kChoices, {}, &Choice::tag));

/// Where the table allows it elements take the dummy: it fits every Type.
SourcedAction for_basic(BasicAction basic) {
  switch (basic) {
    case BasicAction::remove:
      return {Action::remove, {kTableE1, "X"}};
    case BasicAction::empty:
      return {Action::empty, {kTableE1, "Z"}};
    case BasicAction::remove_or_empty:
      return {Action::empty, {kTableE1, "X/Z"}};
    case BasicAction::dummy:
      return {Action::dummy, {kTableE1, "D"}};
    case BasicAction::remove_or_dummy:
      return {Action::dummy, {kTableE1, "X/D"}};
    case BasicAction::empty_or_dummy:
      return {Action::dummy, {kTableE1, "Z/D"}};
    case BasicAction::remove_empty_or_dummy:
      return {Action::dummy, {kTableE1, "X/Z/D"}};
    case BasicAction::remap_uid:
      return {Action::remap_uid, {kTableE1, "U"}};
    case BasicAction::remove_empty_or_remap_uid:
      // Entered: the references inside are remapped, each by its own row.
      return {Action::keep, {kTableE1, "X/Z/U*"}};
  }
  return {Action::remove, {kTableE1}};
}

SourcedAction for_decision(const DecisionRow& row) {
  const Source source{row.table == DecisionTable::structural_ui_attributes
                          ? "structural-ui-attributes"
                          : "beyond-table-e1-1"};
  switch (row.decision) {
    case Decision::keep:
      return {Action::keep, source};
    case Decision::remove:
      return {Action::remove, source};
    case Decision::empty:
      return {Action::empty, source};
    case Decision::dummy:
      return {Action::dummy, source};
    case Decision::remap_uid:
      return {Action::remap_uid, source};
  }
  return {Action::remove, source};
}

/// No table speaks of the element. Text and dates go; numbers, codes and sequences are kept, the
/// latter to be entered. What the standard retired has no place in what is made today.
SourcedAction by_vr(const DictionaryEntry& entry) {
  if (entry.retired) return {Action::remove, {kOurDecision, "retired and in no table"}};
  switch (entry.vr) {
    case Vr::UI:
      return {Action::remap_uid, {kOurDecision, "a UID in no table"}};
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
      return {Action::remove, {kOurDecision, "a name, date or text in no table"}};
    case Vr::SQ:
      return {Action::keep, {kOurDecision, "a sequence in no table: entered"}};
    default:
      return {Action::keep, {kOurDecision, "a number or code in no table"}};
  }
}

template <class Row>
const Row* row_of(std::span<const Row> rows, Tag tag) {
  const auto row = std::ranges::lower_bound(rows, tag, {}, &Row::tag);
  return row != rows.end() && row->tag == tag ? &*row : nullptr;
}

// ---- options

constexpr Tag kPublicDates[] = {
    Tag{0x0008, 0x0106},  // ContextGroupVersion: printed in PS3.16
    Tag{0x0008, 0x0107},  // ContextGroupLocalVersion
    Tag{0x0012, 0x0086},  // EthicsCommitteeApprovalEffectivenessStartDate
    Tag{0x0012, 0x0087},  // EthicsCommitteeApprovalEffectivenessEndDate
    Tag{0x0014, 0x407E},  // CalibrationDate
    Tag{0x0018, 0x1200},  // DateOfLastCalibration
    Tag{0x0018, 0x1202},  // DateTimeOfLastCalibration
    Tag{0x0018, 0x1203},  // CalibrationDateTime
    Tag{0x0018, 0x1204},  // DateOfManufacture
    Tag{0x0018, 0x1205},  // DateOfInstallation
    Tag{0x0018, 0x700C},  // DateOfLastDetectorCalibration
    Tag{0x0040, 0xDB06},  // TemplateVersion
    Tag{0x0040, 0xDB07},  // TemplateLocalVersion
    Tag{0x0044, 0x000B},  // ProductExpirationDateTime
    Tag{0x0068, 0x6226},  // EffectiveDateTime of an implant template
    Tag{0x0068, 0x6270},  // InformationIssueDateTime of an implant template
    Tag{0x0072, 0x000A},  // HangingProtocolCreationDateTime
    Tag{0x300A, 0x022C},  // SourceStrengthReferenceDate: on the source's certificate
};
static_assert(std::ranges::is_sorted(kPublicDates));

/// UIDs of sites and services: the Retain UIDs Option is for those of instances and what they
/// share.
constexpr Tag kSiteUids[] = {
    Tag{0x0040, 0xE011},  // RetrieveLocationUID
    Tag{0x0040, 0xE030},  // RepositoryUniqueID
    Tag{0x0040, 0xE031},  // HomeCommunityID
};

/// Inside SpecimenPreparationSequence: content items, which the option's text counts in.
constexpr Tag kSpecimenPreparationSequence{0x0040, 0x0610};
constexpr Tag kSpecimenPreparationStepContentItemSequence{0x0040, 0x0612};

constexpr Source column(Option option, std::string_view mark) {
  return {kTableE1, facts_of(option).title, mark};
}

bool leaves_nothing_empty(BasicAction basic) {
  return basic == BasicAction::dummy || basic == BasicAction::remove_or_dummy ||
         basic == BasicAction::empty_or_dummy || basic == BasicAction::remove_empty_or_dummy;
}

SourcedAction cleaned_text(const DictionaryEntry& entry, const ConfidentialityRow& row,
                           Option option, SourcedAction basic) {
  switch (entry.vr) {
    case Vr::LO:
    case Vr::LT:
    case Vr::SH:
    case Vr::ST:
    case Vr::UC:
    case Vr::UT:
      return {leaves_nothing_empty(row.action) ? Action::clean_text_or_dummy : Action::clean_text,
              column(option, "C")};
    case Vr::SQ:
      return {Action::keep, column(option, "C")};
    default:
      return {basic.action, {kOurDecision, "nobody can clean such a value: as without the option"}};
  }
}

SourcedAction modified_date(const DictionaryEntry& entry, SourcedAction basic) {
  const Source source = column(Option::retain_modified_dates, "C");
  if (is_public_date(entry.tag)) {
    return {basic.action,
            {kOurDecision, "a date that is known elsewhere, shifted, would tell the shift"}};
  }
  switch (entry.vr) {
    case Vr::DA:
    case Vr::DT:
      return {Action::shift_date, source};
    case Vr::TM:
      return {Action::keep, source};
    default:
      // The time zone tells summer from winter; timestamps in bytes cannot be shifted.
      return {basic.action, {kOurDecision, "cannot be shifted: as without the option"}};
  }
}

SourcedAction cleaned(const DictionaryEntry& entry, const ConfidentialityRow& row, Option option,
                      SourcedAction basic) {
  const Source source = column(option, "C");
  switch (option) {
    case Option::retain_modified_dates:
      return modified_date(entry, basic);
    case Option::retain_device_identity:
      // Application entity titles name the site as often as the device: devices stay apart.
      return {Action::pseudonymise, source};
    case Option::clean_structured_content: {
      const bool holds_items = entry.tag != kSpecimenPreparationSequence &&
                               entry.tag != Tag{0x0040, 0xB020};  // WaveformAnnotationSequence
      return {holds_items ? Action::clean_content : Action::keep, source};
    }
    case Option::clean_graphics:
      return {Action::keep, source};
    default:
      return cleaned_text(entry, row, option, basic);
  }
}

/// The option that decides on a row: who shifts dates shifts them all, then who retains wins.
struct Deciding {
  Option option;
  bool keeps;
};
std::optional<Deciding> deciding(const ConfidentialityRow& row, OptionSet options) {
  const OptionSet keep = row.keep & options;
  const OptionSet clean = row.clean & options;
  if (clean.contains(Option::retain_modified_dates)) {
    return Deciding{Option::retain_modified_dates, false};
  }
  for (const auto& [set, keeps] : {std::pair(keep, true), std::pair(clean, false)}) {
    for (const OptionFacts& facts : kOptions) {
      if (set.contains(facts.option)) return Deciding{facts.option, keeps};
    }
  }
  return std::nullopt;
}

SourcedAction by_option(const DictionaryEntry& entry, const ConfidentialityRow& row,
                        OptionSet options, SourcedAction basic) {
  const auto decides = deciding(row, options);
  if (!decides) return basic;
  if (!decides->keeps) return cleaned(entry, row, decides->option, basic);
  return {entry.vr == Vr::AS ? Action::cap_age : Action::keep, column(decides->option, "K")};
}

}  // namespace

bool is_banned_group(std::uint16_t group) { return is_in(kBannedGroups, group); }

bool is_public_date(Tag tag) { return std::ranges::binary_search(kPublicDates, tag); }

SourcedAction basic_action(const DictionaryEntry& entry) {
  if (is_banned_group(entry.tag.group())) return {Action::remove, kBanned};
  if (is_in(kRemovedGroups, entry.tag.group())) return {Action::remove, kForeign};
  if (const auto* choice = row_of(std::span<const Choice>(kChoices), entry.tag)) {
    return {choice->action, {kOurDecision, choice->reason}};
  }
  if (const auto* row = row_of(confidentiality_rows(), entry.tag)) return for_basic(row->action);
  if (const auto* row = row_of(decision_rows(), entry.tag)) return for_decision(*row);
  return by_vr(entry);
}

SourcedAction basic_action(const DictionaryEntry& entry, OptionSet options) {
  const SourcedAction basic = basic_action(entry);
  if (options.empty() || is_banned_group(entry.tag.group())) return basic;
  if (const auto* row = row_of(confidentiality_rows(), entry.tag)) {
    return by_option(entry, *row, options, basic);
  }
  if (basic.action == Action::remap_uid && options.contains(Option::retain_uids) &&
      std::ranges::find(kSiteUids, entry.tag) == std::end(kSiteUids)) {
    return {Action::keep, {kOurDecision, "a UID in no table, with the Retain UIDs Option"}};
  }
  if (entry.tag == kSpecimenPreparationStepContentItemSequence &&
      options.contains(Option::clean_structured_content)) {
    return {Action::clean_content, {kOurDecision, "content items of a specimen's preparation"}};
  }
  return basic;
}

}  // namespace sekisho::anonymization
