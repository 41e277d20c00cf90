// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/act_row.h"

#include <algorithm>
#include <set>

#include "audit/report/plain_text.h"
#include "audit/report/words.h"
#include "core/encoding.h"

namespace sekisho::audit::report {
namespace {

constexpr Phrase kEntry{"記録番号", "Entry"};
constexpr Phrase kErased{"消去済み（暗号鍵を破棄）", "erased (its key was destroyed)"};
constexpr Phrase kStaff{"職員", "Staff"};
constexpr Phrase kUnnamed{"職員（名前の記録なし）", "staff, not named"};
constexpr Phrase kUnknown{"不明", "unknown"};
constexpr Phrase kService{"システム（自動）", "the service itself"};
constexpr Phrase kFor{"提供先", "Recipient"};
constexpr Phrase kId{"ID", "ID"};
constexpr Phrase kFrom{"発信元", "From"};
constexpr Phrase kBy{"認証", "By"};
constexpr Phrase kProgram{"使用ソフト", "Software"};
constexpr Phrase kStudies{"検査", "Studies"};
constexpr Phrase kSeries{"シリーズ", "series"};
constexpr Phrase kImages{"画像", "images"};
constexpr Phrase kStudy{"検査", "Study"};
constexpr Phrase kOneSeries{"シリーズ", "Series"};
constexpr Phrase kImage{"画像", "Image"};
constexpr Phrase kWhole{"患者の全検査", "every study of the patient"};
constexpr Phrase kMore{"ほか（証拠に全件）", "more (all in the evidence)"};
constexpr Phrase kHashed{"鍵付きハッシュによる件数", "counted by keyed hashes"};
constexpr Phrase kNoEnd{"終了の記録なし", "no end on record"};
constexpr Phrase kEnd{"終了", "End"};
constexpr Phrase kRows{"検索結果", "Results"};
constexpr Phrase kInstances{"画像等", "Instances"};
constexpr Phrase kBytes{"バイト数", "Bytes"};
constexpr Phrase kNoPurpose{"—", "—"};
constexpr Phrase kShare{"共有", "Share"};

/// UIDs of one level that a cell lists: a longer list belongs into the evidence.
constexpr std::size_t kListed = 4;
constexpr std::string_view kStaffCode = "staff";

/// Who did it: the recipient that an entry names is only sometimes the one.
enum class Actor { recipient, staff, service };

Actor actor_of(const Entry& entry) {
  if (entry.authentication == kStaffCode) return Actor::staff;
  return entry.event == event_name(EventCode::share_expire) ? Actor::service : Actor::recipient;
}

Line line(std::string_view label, std::string_view text, Size size) {
  return {std::string(label), printable(text), Voice::log, size};
}

Line opened(std::string_view label, std::string_view text, Size size) {
  return {std::string(label), printable(text), Voice::hospital, size};
}

const Entry& first_of(const Act& act) { return act.first().entry; }

std::string hash_of(const Entry& entry, SubjectKind kind) {
  const auto found = std::ranges::find(entry.subjects, kind, &Subject::kind);
  return found == entry.subjects.end() ? std::string() : core::to_hex(found->hash);
}

/// Nothing where the entry names no recipient.
Cell recipient(const Act& act, Language language) {
  const OpenedBox& box = act.first().opened;
  const std::string hash = hash_of(first_of(act), SubjectKind::recipient);
  if (!box.recipient.empty()) {
    const std::string& name = box.name.empty() ? box.recipient : box.name;
    return {opened("", name, Size::main), opened(kId.in(language), box.recipient, Size::minor)};
  }
  if (hash.empty()) return {};
  return {line("", kErased.in(language), Size::main), line("", hash, Size::minor)};
}

/// What was touched of the patient, level by level.
struct Touched {
  std::set<std::string> studies, series, images;
  bool is_opened = false;
};

Touched touched_by(const Act& act) {
  Touched touched;
  for (const ProvenEntry* part : act.parts) {
    if (!part->opened.patient.empty()) touched.is_opened = true;
    for (const ObjectRef& object : part->opened.objects) {
      touched.studies.insert(object.study_uid);
      touched.series.insert(object.series_uid);
      touched.images.insert(object.instance_uid);
    }
  }
  for (auto* level : {&touched.studies, &touched.series, &touched.images}) level->erase("");
  return touched;
}

/// Of an act of which the text is gone: hashes are of all patients that it was about.
Touched hashes_of(const Act& act) {
  Touched touched;
  for (const ProvenEntry* part : act.parts) {
    for (const Subject& subject : part->entry.subjects) {
      const std::string hash = core::to_hex(subject.hash);
      if (subject.kind == SubjectKind::study) touched.studies.insert(hash);
      if (subject.kind == SubjectKind::series) touched.series.insert(hash);
      if (subject.kind == SubjectKind::instance) touched.images.insert(hash);
    }
  }
  return touched;
}

std::string counts(const Touched& touched, Language language) {
  std::string text;
  const auto add = [&](const Phrase& name, const std::set<std::string>& values) {
    if (values.empty()) return;
    if (!text.empty()) text += language == Language::japanese ? "・" : ", ";
    text.append(name.in(language)).append(" ").append(grouped(values.size()));
  };
  add(kStudies, touched.studies);
  add(kSeries, touched.series);
  add(kImages, touched.images);
  return text;
}

void add_uids(Cell& cell, const Phrase& name, const std::set<std::string>& uids,
              Language language) {
  std::size_t listed = 0;
  for (const std::string& uid : uids) {
    if (listed++ == kListed) {
      cell.push_back(line(name.in(language), kMore.in(language), Size::minor));
      return;
    }
    cell.push_back(opened(name.in(language), uid, Size::minor));
  }
}

Cell what(const Act& act, Language language) {
  const Touched touched = touched_by(act);
  if (!touched.is_opened) {
    Cell cell{line("", counts(hashes_of(act), language), Size::main),
              line("", kHashed.in(language), Size::minor),
              line("", kErased.in(language), Size::minor)};
    return cell;
  }
  if (touched.studies.empty() && touched.series.empty() && touched.images.empty()) {
    return {opened("", kWhole.in(language), Size::main)};
  }
  Cell cell{opened("", counts(touched, language), Size::main)};
  add_uids(cell, kStudy, touched.studies, language);
  add_uids(cell, kOneSeries, touched.series, language);
  // Of more than one image the series say enough: the UIDs of all are in the evidence.
  if (touched.images.size() == 1) add_uids(cell, kImage, touched.images, language);
  return cell;
}

void add_amount(Cell& cell, const Phrase& name, const std::optional<std::uint64_t>& amount,
                Language language) {
  if (amount) cell.push_back(line(name.in(language), grouped(*amount), Size::minor));
}

bool is_awaited(const Entry& entry) {
  return entry.event == event_name(EventCode::transfer_begin) ||
         entry.event == event_name(EventCode::return_begin);
}

Cell outcome(const Act& act, const Question& question) {
  const Language language = question.language;
  if (act.outcome == nullptr) {
    const Entry& entry = first_of(act);
    if (is_awaited(entry)) return {line("", kNoEnd.in(language), Size::main)};
    const int code = static_cast<int>(entry.outcome);
    Cell cell{line("", outcome_words(code, language), Size::main)};
    const bool is_query = entry.event == event_name(EventCode::query);
    if (!is_query && !entry.detail.empty()) cell.push_back(line("", entry.detail, Size::minor));
    add_amount(cell, is_query ? kRows : kInstances, entry.instances, language);
    return cell;
  }
  const Entry& end = act.outcome->entry;
  const std::string_view words = end.detail.empty()
                                     ? outcome_words(static_cast<int>(end.outcome), language)
                                     : detail_words(end.detail, language);
  Cell cell{line("", words, Size::main)};
  add_amount(cell, kInstances, end.instances, language);
  add_amount(cell, kBytes, end.bytes, language);
  for (const auto& [name, value] : end.facts) {
    cell.push_back(line(fact_words(name, language), value, Size::minor));
  }
  cell.push_back(line(kEnd.in(language), local_time(end.time, question.zone), Size::minor));
  return cell;
}

Cell when(const Act& act, const Question& question) {
  std::string numbers = std::to_string(first_of(act).seq);
  for (std::size_t part = 1; part < act.parts.size(); ++part) {
    numbers += ", " + std::to_string(act.parts[part]->entry.seq);
  }
  if (act.outcome != nullptr) numbers += ", " + std::to_string(act.outcome->entry.seq);
  const core::Time time = first_of(act).time;
  Cell cell{line("", local_time(time, question.zone), Size::main)};
  if (question.zone != Zone::zero()) {
    cell.push_back(line("UTC", local_time(time, Zone::zero()), Size::minor));
  }
  cell.push_back(line(kEntry.in(question.language), numbers, Size::minor));
  return cell;
}

Cell done(const Act& act, const Question& question) {
  const Entry& entry = first_of(act);
  const Language language = question.language;
  Cell cell{line("", event_words(entry.event, entry.detail, language), Size::main)};
  for (const auto& [name, value] : entry.facts) {
    const auto time = core::parse_rfc3339(value);
    const std::string text = time ? local_time(*time, question.zone) : value;
    cell.push_back(line(fact_words(name, language), text, Size::minor));
  }
  return cell;
}

Cell who_from_where(const Act& act, Language language) {
  const Entry& entry = first_of(act);
  Cell cell = who(act, language);
  if (actor_of(entry) != Actor::recipient) {
    for (Line& of : recipient(act, language)) {
      if (of.size == Size::main) of.label = kFor.in(language);
      of.size = Size::minor;
      cell.push_back(std::move(of));
    }
  }
  if (!entry.source.empty()) cell.push_back(line(kFrom.in(language), entry.source, Size::minor));
  const std::string_view by = authentication_words(entry.authentication, language);
  if (!by.empty()) cell.push_back(line(kBy.in(language), by, Size::minor));
  const std::string& program = act.first().opened.user_agent;
  if (!program.empty()) cell.push_back(opened(kProgram.in(language), program, Size::minor));
  return cell;
}

Cell why(const Act& act, Language language) {
  const Entry& entry = first_of(act);
  const std::string_view words = purpose_words(entry.intended_use, language);
  std::string text(words.empty() ? kNoPurpose.in(language) : words);
  if (words != entry.intended_use) text += " (" + entry.intended_use + ")";
  Cell cell{line("", text, Size::main)};
  if (!entry.share.empty()) cell.push_back(line(kShare.in(language), entry.share, Size::minor));
  return cell;
}

}  // namespace

Cell who(const Act& act, Language language) {
  const Actor by = actor_of(first_of(act));
  if (by == Actor::service) return {line("", kService.in(language), Size::main)};
  if (by == Actor::staff) {
    const std::string& actor = act.first().opened.actor;
    if (actor.empty()) return {line("", kUnnamed.in(language), Size::main)};
    return {opened(kStaff.in(language), actor, Size::main)};
  }
  Cell cell = recipient(act, language);
  if (cell.empty()) cell.push_back(line("", kUnknown.in(language), Size::main));
  return cell;
}

std::string who_key(const Act& act) {
  const Entry& entry = first_of(act);
  const Actor by = actor_of(entry);
  if (by == Actor::service) return "service";
  if (by == Actor::staff) return "staff " + act.first().opened.actor;
  return "recipient " + hash_of(entry, SubjectKind::recipient);
}

bool is_erased(const Act& act, const Subject& patient) {
  const auto lacks_patient = [&](const ProvenEntry* part) {
    return part->opened.patient.empty() && std::ranges::count(part->entry.subjects, patient) > 0;
  };
  const bool lacks_recipient = act.first().opened.recipient.empty() &&
                               !hash_of(first_of(act), SubjectKind::recipient).empty();
  return lacks_recipient || std::ranges::any_of(act.parts, lacks_patient);
}

std::vector<Column> act_columns(Language language) {
  constexpr Phrase kWhen{"いつ", "When"};
  constexpr Phrase kDone{"操作", "What was done"};
  constexpr Phrase kWho{"だれが・どこから", "Who, from where"};
  constexpr Phrase kWhat{"対象", "On what"};
  constexpr Phrase kOutcome{"結果・提供量", "Outcome, amount"};
  constexpr Phrase kWhy{"目的", "Why"};
  return {{kWhen.in(language), 17}, {kDone.in(language), 15},    {kWho.in(language), 20},
          {kWhat.in(language), 21}, {kOutcome.in(language), 14}, {kWhy.in(language), 13}};
}

Row act_row(const Act& act, const Question& question) {
  const Language language = question.language;
  return {when(act, question), done(act, question),    who_from_where(act, language),
          what(act, language), outcome(act, question), why(act, language)};
}

}  // namespace sekisho::audit::report
