// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/act_row.h"

#include <algorithm>
#include <set>

#include "audit/frames_fact.h"
#include "audit/missing_fact.h"
#include "audit/report/fact_words.h"
#include "audit/report/plain_text.h"
#include "audit/report/spoken.h"
#include "audit/report/words.h"
#include "core/encoding.h"

namespace sekisho::audit::report {
namespace {

constexpr Phrase kErased{"消去済み（暗号鍵を破棄）", "erased (its key was destroyed)"};
constexpr Phrase kStaff{"職員", "Staff"};
constexpr Phrase kUnnamed{"職員（名前の記録なし）", "staff, not named"};
constexpr Phrase kUnknown{"不明", "unknown"};
constexpr Phrase kService{"システム（自動）", "the system itself"};
constexpr Phrase kFor{"提供先", "For"};
constexpr Phrase kStudy{"検査", "Exam "};
constexpr Phrase kNotDescribed{"（日付等の記録なし）", "(no date on record)"};
constexpr Phrase kMoreStudies{"ほかの検査（付録に全件）", "more (all in the annex)"};
constexpr Phrase kWhole{"すべての検査（今後の検査を含む）", "every examination, future ones too"};
constexpr Phrase kRecord{"この患者さんについての記録", "the records about this patient"};
constexpr Phrase kNoEnd{"終了の記録なし", "no end on record"};
constexpr Phrase kNothing{"—", "—"};

/// Studies that a cell lists.
constexpr std::size_t kListed = 6;
constexpr std::string_view kStaffCode = "staff";
constexpr std::size_t kShownOfHash = 8;

/// Facts that say what a share lets the recipient do.
constexpr std::string_view kTerms[] = {"expires_at", "expired_at", "previous_end", "permissions",
                                       "profile"};

Line line(std::string_view label, std::string_view text, Size size) {
  return {std::string(label), printable(text), Voice::log, size, {}};
}

Line opened(std::string_view label, std::string_view text, Size size) {
  return {std::string(label), printable(text), Voice::hospital, size, {}};
}

const Entry& first_of(const Act& act) { return act.first().entry; }

bool is_event(const Entry& entry, EventCode code) { return entry.event == event_name(code); }

std::string hash_of(const Entry& entry, SubjectKind kind) {
  const auto found = std::ranges::find(entry.subjects, kind, &Subject::kind);
  return found == entry.subjects.end() ? std::string() : core::to_hex(found->hash);
}

/// Nothing where the entry names no recipient.
Cell recipient(const Act& act, Language language) {
  const OpenedBox& box = act.first().opened;
  const std::string hash = hash_of(first_of(act), SubjectKind::recipient);
  if (!box.recipient.empty()) {
    Cell cell{opened("", box.name.empty() ? box.recipient : box.name, Size::main)};
    if (!box.organisation.empty() && box.organisation != box.name) {
      cell.push_back(opened("", box.organisation, Size::minor));
    }
    return cell;
  }
  if (hash.empty()) return {};
  return {line("", kErased.in(language), Size::main),
          line("ID", hash.substr(0, kShownOfHash), Size::minor)};
}

std::string amount(std::uint64_t series, std::uint64_t images, Language language) {
  const bool japanese = language == Language::japanese;
  const auto one = [&](std::uint64_t number, std::string_view unit, std::string_view units) {
    return grouped(number).append(" ").append(number == 1 ? unit : units);
  };
  std::string text;
  if (series > 0)
    text = japanese ? "シリーズ " + one(series, "件", "件") : one(series, "series", "series");
  if (images == 0) return text;
  if (!text.empty()) text += separator(language);
  return text + (japanese ? "画像等 " + one(images, "点", "点") : one(images, "image", "images"));
}

/// What was touched of the patient: studies as far as they can be read, of the rest how much.
struct Touched {
  std::set<std::size_t> studies;  ///< by number
  std::set<std::string> series, images;
  bool is_opened = false;
};

Touched touched_by(const Act& act, const Context& context) {
  Touched touched;
  const bool lacks_images = first_of(act).facts.contains(kMissingFact);
  for (const ProvenEntry* part : act.parts) {
    if (!part->opened.patient.empty()) touched.is_opened = true;
    for (const ObjectRef& object : part->opened.objects) {
      if (lacks_images && !object.instance_uid.empty()) continue;  // what was not sent
      touched.studies.insert(context.number_of(object.study_uid));
      touched.series.insert(object.series_uid);
      touched.images.insert(object.instance_uid);
    }
  }
  touched.studies.erase(0);
  touched.series.erase("");
  touched.images.erase("");
  return touched;
}

/// Readings of the log and what is done to it: the patient's records, not the studies, are meant.
bool is_about_records(const Entry& entry) {
  return is_event(entry, EventCode::log_read) || is_event(entry, EventCode::hold_set) ||
         is_event(entry, EventCode::hold_end) || is_event(entry, EventCode::text_shred);
}

Cell which(const Act& act, Language language, const Context& context) {
  const Touched touched = touched_by(act, context);
  if (!touched.is_opened) return {line("", kErased.in(language), Size::main)};
  Cell cell;
  if (is_about_records(first_of(act))) cell.push_back(line("", kRecord.in(language), Size::main));
  if (cell.empty() && touched.studies.empty()) {
    return {opened("", kWhole.in(language), Size::main)};
  }
  std::size_t listed = 0;
  for (const std::size_t number : touched.studies) {
    if (listed++ == kListed) {
      cell.push_back(line("", kMoreStudies.in(language), Size::minor));
      break;
    }
    cell.push_back(study_line(context.studies()[number - 1], number, language));
  }
  const std::string part = amount(touched.series.size(), touched.images.size(), language);
  if (!part.empty()) cell.push_back(opened("", part, Size::minor));
  return cell;
}

bool is_awaited(const Entry& entry) {
  return is_event(entry, EventCode::transfer_begin) || is_event(entry, EventCode::return_begin);
}

/// Nothing of what is as it should be and goes without saying.
void add_outcome(Cell& cell, const Act& act, Language language) {
  const Entry& entry = act.outcome == nullptr ? first_of(act) : act.outcome->entry;
  const bool says_how = act.outcome != nullptr && !entry.detail.empty();
  std::string text;
  if (act.outcome == nullptr && is_awaited(entry)) {
    text = kNoEnd.in(language);
  } else if (says_how) {
    text = detail_words(entry.detail, language);
  } else if (entry.facts.contains(kMissingFact)) {
    text = detail_words("incomplete", language);
  } else if (entry.outcome != Outcome::success) {
    text = outcome_words(static_cast<int>(entry.outcome), language);
  }
  const std::string how_much = amount(0, instances_of(act), language);
  if (!how_much.empty()) {
    if (!text.empty()) text += separator(language);
    text += how_much;
  }
  // Frames that left by themselves are no images of their own.
  const auto frames = entry.facts.find(kFramesFact);
  if (frames != entry.facts.end()) {
    if (!text.empty()) text += separator(language);
    text.append(fact_words(kFramesFact, language)).append(" ").append(frames->second);
  }
  if (!text.empty()) cell.push_back(line("", text, Size::minor));
}

Cell done(const Act& act, const Question& question) {
  const Entry& entry = first_of(act);
  const Language language = question.language;
  Cell cell{line("", event_words(entry.event, entry.detail, language), Size::main)};
  for (const std::string_view term : kTerms) {
    const auto found = entry.facts.find(std::string(term));
    if (found == entry.facts.end()) continue;
    cell.push_back(
        line(fact_words(term, language), fact_value(term, found->second, question), Size::minor));
  }
  add_outcome(cell, act, language);
  return cell;
}

Cell by_whom(const Act& act, Language language) {
  Cell cell = who(act, language);
  if (actor_of(act) == Actor::recipient) return cell;
  const Cell given_to = recipient(act, language);
  if (given_to.empty()) return cell;
  Line name = given_to.front();
  name.label = kFor.in(language);
  name.size = Size::minor;
  cell.push_back(std::move(name));
  return cell;
}

/// What staff typed for this act or for its share, and the coded use.
Cell why(const Act& act, Language language, const Context& context) {
  const Entry& entry = first_of(act);
  const std::string& own = act.first().opened.purpose;
  const std::string_view typed = own.empty() ? context.purpose_of(entry.share) : own;
  const std::string_view use = intended_use_words(entry.intended_use, language);
  Cell cell;
  if (!typed.empty()) cell.push_back(opened("", typed, Size::main));
  if (!use.empty()) cell.push_back(line("", use, typed.empty() ? Size::main : Size::minor));
  if (cell.empty()) cell.push_back(line("", kNothing.in(language), Size::main));
  return cell;
}

}  // namespace

Actor actor_of(const Act& act) {
  const Entry& entry = first_of(act);
  if (entry.authentication == kStaffCode) return Actor::staff;
  const bool is_own =
      is_event(entry, EventCode::share_expire) || is_event(entry, EventCode::return_scan) ||
      is_event(entry, EventCode::return_release) || is_event(entry, EventCode::return_delete);
  return is_own ? Actor::service : Actor::recipient;
}

Cell who(const Act& act, Language language) {
  const Actor by = actor_of(act);
  if (by == Actor::service) return {line("", kService.in(language), Size::main)};
  if (by == Actor::staff) {
    const std::string& actor = act.first().opened.actor;
    if (actor.empty()) return {line("", kUnnamed.in(language), Size::main)};
    return {opened(kStaff.in(language), actor, Size::main)};
  }
  Cell cell = recipient(act, language);
  if (cell.empty()) cell.push_back(line("", kUnknown.in(language), Size::main));
  // Of a recipient with several people the one who has signed in.
  const std::string& person = act.first().opened.actor;
  if (!person.empty()) cell.push_back(opened("", person, Size::minor));
  return cell;
}

std::string who_key(const Act& act) {
  const Actor by = actor_of(act);
  if (by == Actor::service) return "service";
  if (by == Actor::staff) return "staff " + act.first().opened.actor;
  return "recipient " + hash_of(first_of(act), SubjectKind::recipient);
}

bool is_erased(const Act& act, const Subject& patient) {
  const auto lacks_patient = [&](const ProvenEntry* part) {
    return part->opened.patient.empty() && std::ranges::count(part->entry.subjects, patient) > 0;
  };
  const bool lacks_recipient = act.first().opened.recipient.empty() &&
                               !hash_of(first_of(act), SubjectKind::recipient).empty();
  return lacks_recipient || std::ranges::any_of(act.parts, lacks_patient);
}

std::uint64_t instances_of(const Act& act) {
  if (act.outcome == nullptr) return 0;
  return act.outcome->entry.instances.value_or(0);
}

std::string_view erased(Language language) { return kErased.in(language); }

Line study_line(const StudyWords& study, std::size_t number, Language language) {
  const std::string name = study_name(study, language);
  std::string label;
  if (number > 0) label = std::string(kStudy.in(language)) + std::to_string(number);
  if (name.empty()) return line(label, kNotDescribed.in(language), Size::main);
  return opened(label, name, Size::main);
}

std::vector<Column> act_columns(Language language) {
  constexpr Phrase kNumber{"番号", "No."};
  constexpr Phrase kWhen{"いつ", "When"};
  constexpr Phrase kWho{"だれが", "Who"};
  constexpr Phrase kDone{"何をしたか", "What was done"};
  constexpr Phrase kWhich{"どの検査を", "Which examination"};
  constexpr Phrase kWhy{"なぜ", "Why"};
  return {{kNumber.in(language), 5}, {kWhen.in(language), 16},  {kWho.in(language), 17},
          {kDone.in(language), 20},  {kWhich.in(language), 25}, {kWhy.in(language), 17}};
}

Row act_row(const Act& act, std::size_t number, const Question& question, const Context& context) {
  const Language language = question.language;
  return {{line("", std::to_string(number), Size::main)},
          {line("", day(first_of(act).time, question), Size::main),
           line("", clock_time(first_of(act).time, question), Size::main)},
          by_whom(act, language),
          done(act, question),
          which(act, language, context),
          why(act, language, context)};
}

}  // namespace sekisho::audit::report
