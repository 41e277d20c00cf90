// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/annex.h"

#include <algorithm>
#include <set>

#include "audit/missing_fact.h"
#include "audit/report/act_row.h"
#include "audit/report/fact_words.h"
#include "audit/report/notes.h"
#include "audit/report/plain_text.h"
#include "audit/report/spoken.h"
#include "audit/report/words.h"
#include "core/digest.h"
#include "core/encoding.h"

namespace sekisho::audit::report {
namespace {

constexpr Phrase kEntry{"記録番号", "Entry"};
constexpr Phrase kEnd{"終了", "End"};
constexpr Phrase kFrom{"発信元", "From"};
constexpr Phrase kBy{"認証", "By"};
constexpr Phrase kProgram{"使用ソフト", "Software"};
constexpr Phrase kRecipient{"提供先ID", "Recipient"};
constexpr Phrase kShare{"共有ID", "Share"};
constexpr Phrase kRows{"検索結果", "Results"};
constexpr Phrase kInstances{"画像等", "Images"};
constexpr Phrase kBytes{"バイト数", "Bytes"};
constexpr Phrase kOneSeries{"シリーズ", "Series"};
constexpr Phrase kImage{"画像", "Image"};
constexpr Phrase kNotSent{"送信されなかった画像", "Image not sent"};
constexpr Phrase kMore{"ほか（証拠に全件）", "more (all in the evidence)"};
constexpr Phrase kHashed{"記録中の照合値による件数", "counted by hashes"};

/// UIDs of one level that a cell lists: a longer list belongs into the evidence.
constexpr std::size_t kListed = 4;

Line line(std::string_view label, std::string_view text, Face face = Face::words) {
  return {std::string(label), printable(text), Voice::log, Size::minor, face};
}
Line opened(std::string_view label, std::string_view text, Face face = Face::words) {
  return {std::string(label), printable(text), Voice::hospital, Size::minor, face};
}

void add_opened(Cell& cell, const Phrase& name, std::string_view text, Language language) {
  if (!text.empty()) cell.push_back(opened(name.in(language), text));
}

void add_amount(Cell& cell, const Phrase& name, const std::optional<std::uint64_t>& amount,
                Language language) {
  if (amount) cell.push_back(line(name.in(language), grouped(*amount)));
}

Cell times(const Act& act, const Question& question) {
  const Language language = question.language;
  std::string numbers = std::to_string(act.first().entry.seq);
  for (std::size_t part = 1; part < act.parts.size(); ++part) {
    numbers += ", " + std::to_string(act.parts[part]->entry.seq);
  }
  if (act.outcome != nullptr) numbers += ", " + std::to_string(act.outcome->entry.seq);
  const core::Time time = act.first().entry.time;
  Cell cell{line("", local_time(time, question.zone.at(time))),
            line("UTC", local_time(time, Offset::zero())), line(kEntry.in(language), numbers)};
  if (act.outcome != nullptr) {
    const core::Time end = act.outcome->entry.time;
    cell.push_back(line(kEnd.in(language), local_time(end, question.zone.at(end))));
  }
  return cell;
}

Cell from_where(const Act& act, Language language) {
  const Entry& entry = act.first().entry;
  const OpenedBox& box = act.first().opened;
  Cell cell;
  if (!entry.source.empty()) cell.push_back(line(kFrom.in(language), entry.source));
  const std::string_view by = authentication_words(entry.authentication, language);
  if (!by.empty()) cell.push_back(line(kBy.in(language), by));
  add_opened(cell, kProgram, box.user_agent, language);
  if (!box.recipient.empty()) {
    cell.push_back(opened(kRecipient.in(language), box.recipient, Face::code));
  }
  for (const Subject& subject : entry.subjects) {
    if (subject.kind != SubjectKind::recipient || !box.recipient.empty()) continue;
    cell.push_back(line(kRecipient.in(language), erased(language)));
    cell.push_back(line("", core::to_hex(subject.hash), Face::code));
  }
  return cell;
}

void add_facts(Cell& cell, const Entry& entry, const Question& question) {
  for (const auto& [name, value] : entry.facts) {
    cell.push_back(line(fact_words(name, question.language), fact_value(name, value, question)));
  }
}

Cell particulars(const Act& act, const Question& question) {
  const Language language = question.language;
  const Entry& entry = act.first().entry;
  Cell cell{line("", event_words(entry.event, entry.detail, language))};
  const bool is_query = entry.event == event_name(EventCode::query);
  add_amount(cell, is_query ? kRows : kInstances, entry.instances, language);
  add_facts(cell, entry, question);
  if (act.outcome != nullptr) {
    const Entry& end = act.outcome->entry;
    cell.push_back(line("", end.detail.empty()
                                ? outcome_words(static_cast<int>(end.outcome), language)
                                : detail_words(end.detail, language)));
    add_amount(cell, kInstances, end.instances, language);
    add_amount(cell, kBytes, end.bytes, language);
    add_facts(cell, end, question);
  }
  if (!entry.share.empty()) cell.push_back(line(kShare.in(language), entry.share, Face::code));
  return cell;
}

void add_uids(Cell& cell, const Phrase& name, const std::set<std::string>& uids,
              Language language) {
  std::size_t listed = 0;
  for (const std::string& uid : uids) {
    if (listed++ == kListed) {
      cell.push_back(line(name.in(language), kMore.in(language)));
      return;
    }
    cell.push_back(opened(name.in(language), uid, Face::code));
  }
}

/// Of an act of which the text is gone: hashes are of all patients that it was about.
void add_hashes(Cell& cell, const Act& act, Language language) {
  std::set<Subject> subjects;
  for (const ProvenEntry* part : act.parts) {
    subjects.insert(part->entry.subjects.begin(), part->entry.subjects.end());
  }
  const auto count = [&](SubjectKind kind) {
    return static_cast<std::uint64_t>(std::ranges::count(subjects, kind, &Subject::kind));
  };
  cell.push_back(line("", erased(language)));
  cell.push_back(line("", kHashed.in(language)));
  add_amount(cell, {"検査", "Exams"}, count(SubjectKind::study), language);
  add_amount(cell, kOneSeries, count(SubjectKind::series), language);
  add_amount(cell, kImage, count(SubjectKind::instance), language);
}

Cell objects(const Act& act, Language language, const Context& context) {
  Cell cell;
  std::set<std::size_t> studies;
  std::set<std::string> series;
  std::set<std::string> images;
  std::set<std::string> missing;
  const bool lacks_images = act.first().entry.facts.contains(kMissingFact);
  bool is_opened = false;
  for (const ProvenEntry* part : act.parts) {
    if (!part->opened.patient.empty()) is_opened = true;
    for (const ObjectRef& object : part->opened.objects) {
      studies.insert(context.number_of(object.study_uid));
      if (lacks_images && !object.instance_uid.empty()) {
        missing.insert(object.instance_uid);
        continue;
      }
      if (!object.series_uid.empty()) series.insert(object.series_uid);
      if (!object.instance_uid.empty()) images.insert(object.instance_uid);
    }
  }
  if (!is_opened) {
    add_hashes(cell, act, language);
    return cell;
  }
  std::string numbers;
  for (const std::size_t number : studies) {
    if (number == 0) continue;
    if (!numbers.empty()) numbers += ", ";
    numbers += std::to_string(number);
  }
  if (!numbers.empty()) cell.push_back(opened(Phrase{"検査", "Exam"}.in(language), numbers));
  add_uids(cell, kOneSeries, series, language);
  // Of more than one image the series say enough: the UIDs of all are in the evidence.
  if (images.size() == 1) add_uids(cell, kImage, images, language);
  add_uids(cell, kNotSent, missing, language);
  return cell;
}

Table details_of(const std::vector<Act>& acts, const Question& question, const Context& context) {
  constexpr Phrase kCaption{"記録の詳細", "The records in detail"};
  constexpr Phrase kNumber{"番号", "No."};
  constexpr Phrase kTime{"時刻・記録番号", "Time, entry"};
  constexpr Phrase kWhence{"発信元・認証", "From where, by what"};
  constexpr Phrase kWhat{"内容・結果", "Particulars, outcome"};
  constexpr Phrase kObjects{"対象の識別番号", "Objects"};
  const Language language = question.language;
  Table table{kCaption.in(language),
              {{kNumber.in(language), 5},
               {kTime.in(language), 18},
               {kWhence.in(language), 24},
               {kWhat.in(language), 25},
               {kObjects.in(language), 28}},
              {}};
  for (const Act& act : acts) {
    table.rows.push_back({{line("", std::to_string(table.rows.size() + 1))},
                          times(act, question),
                          from_where(act, language),
                          particulars(act, question),
                          objects(act, language, context)});
  }
  return table;
}

Table studies_of(Language language, const Context& context) {
  constexpr Phrase kCaption{"検査の一覧", "The examinations"};
  constexpr Phrase kNumber{"番号", "No."};
  constexpr Phrase kStudy{"検査", "Examination"};
  constexpr Phrase kUid{"識別番号（Study Instance UID）", "Study Instance UID"};
  Table table{kCaption.in(language),
              {{kNumber.in(language), 5}, {kStudy.in(language), 45}, {kUid.in(language), 50}},
              {}};
  for (const StudyWords& study : context.studies()) {
    table.rows.push_back({{line("", std::to_string(table.rows.size() + 1))},
                          {study_line(study, 0, language)},
                          {opened("", study.study_uid, Face::code)}});
  }
  return table;
}

std::vector<Line> facts_of(const Evidence& evidence, const Checkpoint& tree) {
  constexpr Phrase kLog{"ログの名称", "Log"};
  constexpr Phrase kTree{"ログの最新状態", "Up to"};
  constexpr Phrase kHash{"患者の照合値", "Hash of the patient"};
  constexpr Phrase kSoftware{"作成プログラム", "Made by"};
  constexpr Phrase kSelf{"証拠の SHA-256", "SHA-256 of the evidence"};
  const Language language = evidence.question.language;
  const auto fact = [&](const Phrase& label, std::string_view text, Face face = Face::words) {
    return Line{std::string(label.in(language)), printable(text), Voice::log, Size::main, face};
  };
  const std::string size = grouped(tree.size);
  const std::string as_of = language == Language::japanese ? "記録総数 " + size + " 件まで"
                                                           : size + " entries of the log";
  return {fact(kLog, tree.origin), fact(kTree, as_of), fact(kSoftware, evidence.software),
          fact(kHash, core::to_hex(evidence.patient.hash), Face::code),
          fact(kSelf, core::to_hex(core::sha256(core::as_bytes(evidence.text()))), Face::code)};
}

}  // namespace

Annex make_annex(const Evidence& evidence, const std::vector<Act>& acts, const Checkpoint& tree,
                 const Context& context) {
  constexpr Phrase kHeading{"付録：報告書を確認する方へ", "Annex, for whoever checks this report"};
  constexpr Phrase kIntroduction{
      "ここから先は、この報告書が正しいことを確かめるための資料です。お読みにならなくても差し支えあ"
      "り"
      "ません。",
      "What follows shows that this report is right. It need not be read to understand it."};
  constexpr Phrase kCheckpoint{"署名されたログの最新状態（チェックポイント）",
                               "The state of the log, signed (checkpoint)"};
  const Language language = evidence.question.language;
  return {kHeading.in(language),
          kIntroduction.in(language),
          facts_of(evidence, tree),
          studies_of(language, context),
          details_of(acts, evidence.question, context),
          notes_for_checkers(language),
          kCheckpoint.in(language),
          evidence.checkpoint};
}

}  // namespace sekisho::audit::report
