// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/document.h"

#include <algorithm>
#include <map>

#include "audit/report/act_row.h"
#include "audit/report/plain_text.h"
#include "audit/report/words.h"
#include "core/digest.h"
#include "core/encoding.h"

namespace sekisho::audit::report {
namespace {

constexpr Phrase kTitle{"患者情報アクセス報告書", "Report of access to a patient's data"};
constexpr Phrase kCheckpoint{"チェックポイント（ログの署名付き先端）",
                             "Checkpoint: the head of the log, signed"};
constexpr Phrase kNoActs{"この期間に、この患者についての記録はありません。",
                         "In this period nothing about this patient is on record."};

std::string count_of(std::uint64_t number, Language language) {
  return grouped(number) + (language == Language::japanese ? " 件" : "");
}

std::string period(const Question& question) {
  const bool japanese = question.language == Language::japanese;
  const auto edge = [&](const std::optional<core::Time>& time, const Phrase& open) {
    return time ? local_time(*time, question.zone) : std::string(open.in(question.language));
  };
  const std::string from = edge(question.from, {"記録の開始", "the beginning of the log"});
  const std::string until = edge(question.until, {"作成時", "the making of the report"});
  if (!japanese) return "from " + from + " until " + until;
  return from + " から " + until + (question.until ? " の前まで" : " まで");
}

std::vector<Line> facts_of(const Evidence& evidence, const std::vector<Act>& acts,
                           const Checkpoint& tree) {
  constexpr Phrase kPatient{"患者ID", "Patient ID"};
  constexpr Phrase kPeriod{"対象期間", "Period"};
  constexpr Phrase kZone{"時刻の表示", "Times in"};
  constexpr Phrase kActs{"操作の件数", "Acts"};
  constexpr Phrase kLog{"ログの名称", "Log"};
  constexpr Phrase kTree{"基準時点", "As of"};
  constexpr Phrase kHash{"患者の鍵付きハッシュ", "Keyed hash of the patient"};
  constexpr Phrase kMade{"作成", "Made"};
  constexpr Phrase kSelf{"証拠の SHA-256", "SHA-256 of the evidence"};
  const Question& question = evidence.question;
  const Language language = question.language;
  const std::string size = grouped(tree.size);
  const std::string as_of = language == Language::japanese
                                ? "記録総数 " + size + " 件のチェックポイント"
                                : "the checkpoint of " + size + " entries";
  const auto fact = [&](const Phrase& label, std::string_view text, Voice voice = Voice::log) {
    return Line{std::string(label.in(language)), printable(text), voice, Size::main};
  };
  return {fact(kPatient, question.patient, Voice::hospital),
          fact(kPeriod, period(question)),
          fact(kZone, "UTC" + to_text(question.zone)),
          fact(kActs, count_of(acts.size(), language)),
          fact(kLog, tree.origin),
          fact(kTree, as_of),
          fact(kHash, core::to_hex(evidence.patient.hash)),
          fact(kMade, local_time(question.made, question.zone) + " / " + evidence.software),
          fact(kSelf, core::to_hex(core::sha256(core::as_bytes(evidence.text()))))};
}

/// Of one recipient, or one of the staff.
struct Sum {
  Cell name;
  std::uint64_t acts = 0;
  std::uint64_t transfers = 0;
  std::uint64_t instances = 0;
  std::uint64_t bytes = 0;
  core::Time first = core::Time::max();
  core::Time last = core::Time::min();

  void add(const Act& act) {
    const Entry& begin = act.first().entry;
    ++acts;
    first = std::min(first, begin.time);
    last = std::max(last, begin.time);
    if (begin.event != event_name(EventCode::transfer_begin)) return;
    ++transfers;
    if (act.outcome == nullptr) return;
    instances += act.outcome->entry.instances.value_or(0);
    bytes += act.outcome->entry.bytes.value_or(0);
  }
};

Table summary_of(const std::vector<Act>& acts, const Question& question) {
  const Language language = question.language;
  std::map<std::string, Sum> sums;
  for (const Act& act : acts) {
    Sum& sum = sums[who_key(act)];
    if (sum.name.empty()) sum.name = who(act, language);
    sum.add(act);
  }
  constexpr Phrase kCaption{"相手ごとのまとめ", "Who, in short"};
  constexpr Phrase kWho{"だれが", "Who"};
  constexpr Phrase kActs{"操作", "Acts"};
  constexpr Phrase kTransfers{"送信", "Transfers"};
  constexpr Phrase kInstances{"画像等", "Instances"};
  constexpr Phrase kBytes{"バイト", "Bytes"};
  constexpr Phrase kFirst{"最初", "First"};
  constexpr Phrase kLast{"最後", "Last"};
  Table table{kCaption.in(language),
              {{kWho.in(language), 30},
               {kActs.in(language), 7},
               {kTransfers.in(language), 8},
               {kInstances.in(language), 9},
               {kBytes.in(language), 14},
               {kFirst.in(language), 16},
               {kLast.in(language), 16}},
              {}};
  const auto cell = [](std::string text) { return Cell{{"", std::move(text), {}, {}}}; };
  for (auto& [key, sum] : sums) {
    table.rows.push_back({std::move(sum.name), cell(grouped(sum.acts)),
                          cell(grouped(sum.transfers)), cell(grouped(sum.instances)),
                          cell(grouped(sum.bytes)), cell(local_time(sum.first, question.zone)),
                          cell(local_time(sum.last, question.zone))});
  }
  return table;
}

Table acts_table(const std::vector<Act>& acts, const Question& question) {
  constexpr Phrase kCaption{"アクセスの記録", "Every act on record"};
  Table table{kCaption.in(question.language), act_columns(question.language), {}};
  for (const Act& act : acts) table.rows.push_back(act_row(act, question));
  return table;
}

/// A sentence about a number, only where there is something to count.
void add_counted(Section& section, std::uint64_t number, const Phrase& sentence,
                 Language language) {
  if (number == 0) return;
  section.paragraphs.push_back(std::string(sentence.in(language)) + " " +
                               count_of(number, language));
}

Section proven_section(Language language) {
  constexpr Phrase kHeading{"この報告書で確認できること", "What this report proves"};
  constexpr Phrase kEntries{
      "各行のもとになったログの記録（記録番号を示したもの）とその包含証明を、「証拠」として添付し"
      "ています。ログの検証鍵があれば、病院のシステムに接続しなくても、それぞれの記録が基準時点の"
      "ログに実在し、改変されていないことを確認できます。",
      "The entries of the log that each row is made of are attached as evidence, each with a "
      "proof. "
      "Whoever has the log's verifier key can check, without access to the hospital's systems, "
      "that "
      "every one of them stands unchanged in the log under the checkpoint below."};
  constexpr Phrase kOpened{
      "下線がある文字（患者ID・名前・UIDなど）は、ログには暗号化して記録されており、病院が自"
      "ら"
      "の鍵で復号したものです。検証鍵だけでは、これらの文字の正しさまでは確認できません。病院側では"
      "、"
      "--data を指定すると、ログの内容との一致を確認できます。",
      "Underlined text (identifiers, names, UIDs) is encrypted in the log and was "
      "opened by the hospital with its keys. The verifier key alone does not show that it is "
      "right; "
      "the hospital can compare it with the log by --data."};
  return {kHeading.in(language),
          {std::string(kEntries.in(language)), std::string(kOpened.in(language))}};
}

Section complete_section(Language language) {
  constexpr Phrase kHeading{"漏れがないことの確認", "Whether anything is missing"};
  constexpr Phrase kText{
      "包含証明は、ここにある行が本物であることを示しますが、ほかに行がないことまでは示しません。漏"
      "れ"
      "がないことは、病院のログに対して sekisho-audit verify（全記録からの索引の再計算と照合）と "
      "report --check --data（同じ報告書の作り直しと照合）を実行して確認します。",
      "Proofs show that these rows are genuine, not that there are no others. That nothing is "
      "missing "
      "is checked at the hospital's log: by sekisho-audit verify, which makes the index anew of "
      "all "
      "entries and compares, and by report --check --data, which makes this report anew and "
      "compares."};
  return {kHeading.in(language), {std::string(kText.in(language))}};
}

Section reading_section(const Evidence& evidence, const std::vector<Act>& acts) {
  constexpr Phrase kHeading{"読み方", "How to read it"};
  constexpr Phrase kTime{
      "記録の順序は記録番号で確定しています。時刻は記録した機器の時計によるもので、証明の対象ではあ"
      "り"
      "ません。「終了の記録なし」は、報告書の作成時に送信中であったか、途中でシステムが停止したこと"
      "を"
      "示します。",
      "The order of entries is certain; their times are what the clock of the machine said. \"No "
      "end "
      "on record\": it was under way when the report was made, or a crash cut it off."};
  constexpr Phrase kClock{"時計が同期していない状態で記録された操作：",
                          "Acts while the clock was not synchronised:"};
  constexpr Phrase kErased{
      "暗号鍵を破棄して文字を消去した操作（記録と証明は残っています）：",
      "Acts of which text was erased by destroying its key (entries and proofs "
      "stay):"};
  constexpr Phrase kPruned{"保存期間の経過により削除された、この患者についての記録（全期間）：",
                           "Entries about this patient, of any time, that were pruned:"};
  const Language language = evidence.question.language;
  const auto unsynchronised = std::ranges::count_if(
      acts, [](const Act& act) { return act.first().entry.clock == ClockState::unsynchronised; });
  const auto erased =
      std::ranges::count_if(acts, [&](const Act& act) { return is_erased(act, evidence.patient); });
  Section section{kHeading.in(language), {std::string(kTime.in(language))}};
  add_counted(section, static_cast<std::uint64_t>(unsynchronised), kClock, language);
  add_counted(section, static_cast<std::uint64_t>(erased), kErased, language);
  add_counted(section, evidence.pruned, kPruned, language);
  return section;
}

Section outside_section(Language language) {
  constexpr Phrase kHeading{"この報告書に含まれないもの", "What is not covered"};
  constexpr Phrase kElsewhere{
      "Sekisho を経由しないアクセスは含まれません。Orthanc の画面・REST API・DICOM 通信による閲覧や"
      "送信は Orthanc と接続先の記録を、電子カルテや PACS "
      "での閲覧は各システムの操作記録を、サーバー"
      "管理者によるファイルの読み出しやバックアップは OS と設備の記録を確認してください。",
      "Access that does not go through Sekisho. For Orthanc's own pages, REST API and DICOM "
      "services "
      "look into the records of Orthanc and of its peers; for viewing at the hospital, into those "
      "of "
      "its PACS and record systems; for files and backups that an administrator can read, into "
      "those "
      "of the operating system."};
  constexpr Phrase kRefused{
      "拒否した要求には患者を特定する情報が記録されないため、この表には現れません。一覧は "
      "sekisho-audit export で取り出せます。",
      "Requests that were refused: nothing of a patient was given, and their entries name none. "
      "sekisho-audit export lists them."};
  return {kHeading.in(language),
          {std::string(kElsewhere.in(language)), std::string(kRefused.in(language))}};
}

Section checking_section(Language language) {
  constexpr Phrase kHeading{"確認の方法", "How to check"};
  constexpr std::string_view kCommand = "sekisho-audit report --check FILE --key KEY";
  constexpr Phrase kKey{
      "KEY はログの検証鍵（audit.pub の 1 "
      "行）です。この報告書や病院の機器から取らず、あらかじめ別に"
      "受け取った控えを使ってください。",
      "KEY is the log's verifier key, the line in audit.pub. Use a copy that you got some other "
      "way, "
      "not one that came with this report or from the machine."};
  return {kHeading.in(language), {std::string(kCommand), std::string(kKey.in(language))}};
}

}  // namespace

Document make_document(const Evidence& evidence, const std::vector<Act>& acts,
                       const Checkpoint& tree) {
  const Question& question = evidence.question;
  const Language language = question.language;
  Document document;
  document.language = language;
  document.title = kTitle.in(language);
  document.made = question.made;
  document.facts = facts_of(evidence, acts, tree);
  document.summary = summary_of(acts, question);
  document.acts = acts_table(acts, question);
  document.no_acts = kNoActs.in(language);
  document.notes = {proven_section(language), complete_section(language),
                    reading_section(evidence, acts), outside_section(language),
                    checking_section(language)};
  document.checkpoint_heading = kCheckpoint.in(language);
  document.checkpoint = evidence.checkpoint;
  return document;
}

}  // namespace sekisho::audit::report
