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

/// What is no part of a stored data set (command, file meta information, DICOMDIR, authorization,
/// printing and queues); original attributes and signatures; curves and overlays; padding.
struct Groups {
  std::uint16_t first;
  std::uint16_t last;
};
constexpr Groups kBannedGroups[] = {{0x0000, 0x0005}, {0x0100, 0x0100}, {0x0400, 0x0400},
                                    {0x2000, 0x2040}, {0x2100, 0x2200}, {0x5000, 0x50FF},
                                    {0x6000, 0x60FF}, {0xFFFA, 0xFFFF}};

/// Of what no table knows: a dictionary that is newer than the tables does not build.
constexpr Source kUndecided{kOurDecision, "no decision"};

template <class Row>
const Row* row_of(std::span<const Row> rows, Tag tag) {
  const auto row = std::ranges::lower_bound(rows, tag, {}, &Row::tag);
  return row != rows.end() && row->tag == tag ? &*row : nullptr;
}

std::string_view text_of(BasicAction basic) {
  switch (basic) {
    case BasicAction::remove:
      return "X";
    case BasicAction::empty:
      return "Z";
    case BasicAction::dummy:
      return "D";
    case BasicAction::remap_uid:
      return "U";
    case BasicAction::remove_or_empty:
      return "X/Z";
    case BasicAction::remove_or_dummy:
      return "X/D";
    case BasicAction::empty_or_dummy:
      return "Z/D";
    case BasicAction::remove_empty_or_dummy:
      return "X/Z/D";
    case BasicAction::remove_empty_or_remap_uid:
      return "X/Z/U*";
  }
  return "";
}

Action action_for(Decision decision) {
  switch (decision) {
    case Decision::keep:
      return Action::keep;
    case Decision::keep_listed:
      return Action::keep_listed;
    case Decision::keep_coded:
      return Action::keep_coded;
    case Decision::remove:
      return Action::remove;
    case Decision::empty:
      return Action::empty;
    case Decision::dummy:
      return Action::dummy;
    case Decision::remap_uid:
      return Action::remap_uid;
    case Decision::pseudonymise:
      return Action::pseudonymise;
    case Decision::clean:
      return Action::clean_text_or_dummy;
  }
  return Action::remove;
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

/// Inside SpecimenPreparationSequence: content items, which the option's text counts in.
constexpr Tag kSpecimenPreparationSequence{0x0040, 0x0610};
constexpr Tag kSpecimenPreparationStepContentItemSequence{0x0040, 0x0612};

/// What options do with an element: a row of Table E.1-1 or, where there is none, our reason.
struct OptionMarks {
  std::string_view table;
  OptionSet keep;
  OptionSet clean;
  bool needs_value;  ///< the object cannot do without it
};

constexpr Source column(const OptionMarks& marks, Option option, std::string_view mark) {
  return {marks.table, facts_of(option).title, mark};
}

bool leaves_nothing_empty(BasicAction basic) {
  return basic == BasicAction::dummy || basic == BasicAction::remove_or_dummy ||
         basic == BasicAction::empty_or_dummy || basic == BasicAction::remove_empty_or_dummy;
}

OptionMarks marks_of(Tag tag) {
  if (const auto* row = row_of(confidentiality_rows(), tag)) {
    return {kTableE1, row->keep, row->clean, leaves_nothing_empty(row->action)};
  }
  const auto* row = row_of(decision_rows(), tag);
  if (!row) return {kOurDecision, {}, {}, false};
  const DecisionReason& reason = reason_of(*row);
  const bool needs_value = row->decision == Decision::dummy || row->decision == Decision::clean;
  return {kOurDecision, reason.keep, reason.clean, needs_value};
}

SourcedAction cleaned_text(const DictionaryEntry& entry, const OptionMarks& marks, Option option,
                           SourcedAction basic) {
  switch (entry.vr) {
    case Vr::LO:
    case Vr::LT:
    case Vr::SH:
    case Vr::ST:
    case Vr::UC:
    case Vr::UT:
      return {marks.needs_value ? Action::clean_text_or_dummy : Action::clean_text,
              column(marks, option, "C")};
    case Vr::SQ:
      return {Action::keep, column(marks, option, "C")};
    default:
      return {basic.action, {kOurDecision, "nobody can clean such a value: as without the option"}};
  }
}

SourcedAction modified_date(const DictionaryEntry& entry, const OptionMarks& marks,
                            SourcedAction basic) {
  const Source source = column(marks, Option::retain_modified_dates, "C");
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

SourcedAction cleaned(const DictionaryEntry& entry, const OptionMarks& marks, Option option,
                      SourcedAction basic) {
  const Source source = column(marks, option, "C");
  switch (option) {
    case Option::retain_modified_dates:
      return modified_date(entry, marks, basic);
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
      return cleaned_text(entry, marks, option, basic);
  }
}

/// The option that decides: who shifts dates shifts them all, then who retains wins.
struct Deciding {
  Option option;
  bool keeps;
};
std::optional<Deciding> deciding(const OptionMarks& marks, OptionSet options) {
  const OptionSet keep = marks.keep & options;
  const OptionSet clean = marks.clean & options;
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

/// K, where to the letter it would still tell who it is.
Action kept_as(Vr vr) {
  if (vr == Vr::AS) return Action::cap_age;
  return vr == Vr::CS ? Action::keep_listed : Action::keep;
}

SourcedAction by_option(const DictionaryEntry& entry, OptionSet options, SourcedAction basic) {
  const OptionMarks marks = marks_of(entry.tag);
  const auto decides = deciding(marks, options);
  if (!decides) return basic;
  if (!decides->keeps) return cleaned(entry, marks, decides->option, basic);
  return {kept_as(entry.vr), column(marks, decides->option, "K")};
}

}  // namespace

bool is_banned_group(std::uint16_t group) {
  return std::ranges::any_of(kBannedGroups, [group](Groups groups) {
    return groups.first <= group && group <= groups.last;
  });
}

bool is_public_date(Tag tag) { return std::ranges::binary_search(kPublicDates, tag); }

SourcedAction basic_action(const DictionaryEntry& entry) {
  const auto* row = row_of(decision_rows(), entry.tag);
  if (!row) return {Action::remove, kUndecided};
  const DecisionReason& reason = reason_of(*row);
  if (reason.name != kReasonTable) {
    return {action_for(row->decision), {kOurDecision, reason.sentence}};
  }
  const auto* of_standard = row_of(confidentiality_rows(), entry.tag);
  return {action_for(row->decision), {kTableE1, text_of(of_standard->action)}};
}

SourcedAction basic_action(const DictionaryEntry& entry, OptionSet options) {
  const SourcedAction basic = basic_action(entry);
  if (options.empty() || is_banned_group(entry.tag.group())) return basic;
  return by_option(entry, options, basic);
}

}  // namespace sekisho::anonymization
