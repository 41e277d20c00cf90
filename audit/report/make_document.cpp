// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/make_document.h"

#include <algorithm>
#include <map>
#include <set>

#include "audit/report/act_row.h"
#include "audit/report/annex.h"
#include "audit/report/notes.h"
#include "audit/report/plain_text.h"
#include "audit/report/spoken.h"
#include "audit/report/words.h"

namespace sekisho::audit::report {
namespace {

constexpr Phrase kTitle{"患者情報アクセス報告書", "Report of access to a patient's data"};
constexpr Phrase kIntroduction{
    "患者さんの検査の画像や情報を、いつ、だれが、どの検査について、何のために見たか（または受け取っ"
    "た"
    "か）を、病院のアクセス記録からまとめたものです。",
    "Who has seen or received this patient's examinations, when, which ones and why, as the "
    "hospital's access log has it."};
constexpr Phrase kNoActs{"この期間に、この患者さんについての記録はありません。",
                         "In this period nothing about this patient is on record."};

std::string name_of(const Context& context, Language language) {
  if (context.patient_name().empty()) return {};
  const std::string name = person_name(context.patient_name(), language);
  return language == Language::japanese ? name + " 様" : name;
}

std::string zone_words(const Zone& zone, Language language) {
  std::set<Offset> offsets{zone.offset};
  for (const Zone::Change& change : zone.changes) offsets.insert(change.offset);
  std::string all;
  for (const Offset offset : offsets) {
    all += (all.empty() ? "UTC" : " / ") + to_text(offset);
  }
  return language == Language::japanese ? "現地時間（" + all + "）" : "local time (" + all + ")";
}

std::vector<Line> facts_of(const Evidence& evidence, const std::vector<Act>& acts,
                           const Context& context) {
  constexpr Phrase kInstitution{"医療機関", "Hospital"};
  constexpr Phrase kPatient{"患者氏名", "Patient"};
  constexpr Phrase kPatientId{"患者ID", "Patient ID"};
  constexpr Phrase kPeriod{"対象期間", "Period"};
  constexpr Phrase kActs{"記録の件数", "Records"};
  constexpr Phrase kMade{"作成日時", "Made"};
  constexpr Phrase kZone{"時刻の表示", "Times in"};
  const Question& question = evidence.question;
  const Language language = question.language;
  std::vector<Line> facts;
  const auto add = [&](const Phrase& label, std::string_view text, Voice voice) {
    if (text.empty()) return;
    facts.push_back({std::string(label.in(language)), printable(text), voice, Size::main, {}});
  };
  add(kInstitution, question.institution, Voice::hospital);
  add(kMade, moment(question.made, question), Voice::log);
  add(kPatient, name_of(context, language), Voice::hospital);
  add(kPatientId, question.patient, Voice::hospital);
  add(kPeriod, period(question), Voice::log);
  add(kActs, count_of(acts.size(), language), Voice::log);
  add(kZone, zone_words(question.zone, language), Voice::log);
  return facts;
}

/// Of one recipient, or one of the staff.
struct Sum {
  Cell name;
  Actor actor = Actor::recipient;
  std::set<std::size_t> studies;  ///< by number; 0: not one of them
  std::map<std::string_view, std::uint64_t> deeds;
  std::uint64_t instances = 0;
  core::Time first = core::Time::max();
  core::Time last = core::Time::min();

  void add(const Act& act, Language language, const Context& context) {
    const Entry& begin = act.first().entry;
    first = std::min(first, begin.time);
    last = std::max(last, begin.time);
    ++deeds[event_words(begin.event, begin.detail, language)];
    instances += instances_of(act);
    for (const ProvenEntry* part : act.parts) {
      for (const ObjectRef& object : part->opened.objects) {
        studies.insert(context.number_of(object.study_uid));
      }
    }
  }
};

Line plain(std::string text, Size size = Size::main) {
  return {"", std::move(text), Voice::log, size, {}};
}

Cell deeds_of(const Sum& sum, Language language) {
  const bool japanese = language == Language::japanese;
  Cell cell;
  for (const auto& [words, times] : sum.deeds) {
    const std::string number = grouped(times);
    cell.push_back(
        plain(std::string(words) + (japanese ? " " + number + "\u00A0回" : ": " + number)));
  }
  if (sum.instances > 0) {
    const std::string number = grouped(sum.instances);
    cell.push_back(
        plain(japanese ? "画像等 計 " + number + " 点" : number + " images in all", Size::minor));
  }
  return cell;
}

Cell studies_of(const Sum& sum, Language language, const Context& context) {
  Cell cell;
  for (const std::size_t number : sum.studies) {
    if (number == 0) continue;
    cell.push_back(study_line(context.studies()[number - 1], number, language));
  }
  if (cell.empty()) cell.push_back(plain("—"));
  return cell;
}

Cell when_of(const Sum& sum, const Question& question) {
  constexpr Phrase kFirst{"最初", "First"};
  constexpr Phrase kLast{"最後", "Last"};
  const Language language = question.language;
  if (sum.first == sum.last) return {plain(moment(sum.first, question))};
  Cell cell{plain(moment(sum.first, question)), plain(moment(sum.last, question))};
  cell.front().label = kFirst.in(language);
  cell.back().label = kLast.in(language);
  return cell;
}

Table summary_of(const std::vector<Act>& acts, const Question& question, const Context& context) {
  const Language language = question.language;
  std::map<std::string, Sum> by_key;
  for (const Act& act : acts) {
    Sum& sum = by_key[who_key(act)];
    if (sum.name.empty()) sum.name = who(act, language);
    sum.actor = actor_of(act);
    sum.add(act, language, context);
  }
  std::vector<Sum> sums;
  for (auto& [key, sum] : by_key) sums.push_back(std::move(sum));
  std::ranges::sort(sums, {}, [](const Sum& sum) { return std::pair(sum.actor, sum.first); });
  constexpr Phrase kCaption{"だれが、どの検査を見たか（まとめ）", "Who has seen which examination"};
  constexpr Phrase kWho{"だれが", "Who"};
  constexpr Phrase kWhich{"どの検査を", "Which examination"};
  constexpr Phrase kDone{"何をしたか", "What was done"};
  constexpr Phrase kWhen{"いつ", "When"};
  Table table{kCaption.in(language),
              {{kWho.in(language), 20},
               {kWhich.in(language), 31},
               {kDone.in(language), 24},
               {kWhen.in(language), 25}},
              {}};
  for (Sum& sum : sums) {
    table.rows.push_back({std::move(sum.name), studies_of(sum, language, context),
                          deeds_of(sum, language), when_of(sum, question)});
  }
  return table;
}

Table acts_table(const std::vector<Act>& acts, const Question& question, const Context& context) {
  constexpr Phrase kCaption{"すべての記録（時刻順）", "Every record, in order of time"};
  Table table{kCaption.in(question.language), act_columns(question.language), {}};
  for (const Act& act : acts) {
    table.rows.push_back(act_row(act, table.rows.size() + 1, question, context));
  }
  return table;
}

}  // namespace

Document make_document(const Evidence& evidence, const std::vector<Act>& acts,
                       const Checkpoint& tree) {
  const Question& question = evidence.question;
  const Language language = question.language;
  const Context context(evidence);
  Document document;
  document.language = language;
  document.title = kTitle.in(language);
  document.introduction = kIntroduction.in(language);
  document.made = question.made;
  document.facts = facts_of(evidence, acts, context);
  document.summary = summary_of(acts, question, context);
  document.acts = acts_table(acts, question, context);
  document.no_acts = kNoActs.in(language);
  document.notes = notes_for_patients(evidence, acts);
  document.annex = make_annex(evidence, acts, tree, context);
  return document;
}

}  // namespace sekisho::audit::report
