// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/notes.h"

#include <algorithm>

#include "audit/report/act_row.h"
#include "audit/report/spoken.h"
#include "audit/report/words.h"

namespace sekisho::audit::report {
namespace {

/// A sentence about a number, only where there is something to count.
void add_counted(Section& section, std::uint64_t number, const Phrase& sentence,
                 Language language) {
  if (number == 0) return;
  section.paragraphs.push_back(std::string(sentence.in(language)) + count_of(number, language));
}

Section reading_section(const Evidence& evidence, const std::vector<Act>& acts) {
  constexpr Phrase kHeading{"この表の見方", "How to read the tables"};
  constexpr Phrase kWords{
      "「画像等の送信」は、画像などが相手の機器に送られたこと、「画像の閲覧」は、画像が画面に表示す"
      "る"
      "ために取り出されたこと、「検査一覧の検索・閲覧」は、検査の日付などの一覧だけが見られたことを"
      "示"
      "します。「終了の記録なし」は、この報告書の作成時に送信中であったか、途中でシステムが停止した"
      "こ"
      "とを示します。",
      "\"Images sent\": they went to the other side's machine. \"Images viewed\": they were "
      "fetched "
      "to be shown on a screen. \"List of examinations searched\": a list with their dates was "
      "seen, no image. \"No end on record\": it was under way when this report was made, or the "
      "system stopped in between."};
  constexpr Phrase kTime{
      "時刻は、記録した機器の時計によるものです。下線のある文字（お名前や検査の内容など）は、記録の"
      "中"
      "で暗号化されていたものを、病院が読める形に戻したものです。",
      "Times are what the clock of the hospital's machine said. Underlined words (names, "
      "examinations, reasons) are encrypted in the record and were made readable by the hospital."};
  constexpr Phrase kClock{"時計が正確に合っていない可能性のある状態での記録：",
                          "Records made while the clock was not known to be exact: "};
  constexpr Phrase kErased{
      "文字を消去した記録（暗号鍵を破棄したもの。記録そのものは残っています）：",
      "Records of which text was erased (its key was destroyed; the records "
      "themselves stay): "};
  constexpr Phrase kPruned{"保存期間を過ぎて削除された、この患者さんについての記録（全期間）：",
                           "Records about this patient, of any time, that were removed when their "
                           "time was over: "};
  const Language language = evidence.question.language;
  const auto unsynchronised = std::ranges::count_if(
      acts, [](const Act& act) { return act.first().entry.clock == ClockState::unsynchronised; });
  const auto erased =
      std::ranges::count_if(acts, [&](const Act& act) { return is_erased(act, evidence.patient); });
  Section section{kHeading.in(language),
                  {std::string(kWords.in(language)), std::string(kTime.in(language))}};
  add_counted(section, static_cast<std::uint64_t>(unsynchronised), kClock, language);
  add_counted(section, static_cast<std::uint64_t>(erased), kErased, language);
  add_counted(section, evidence.pruned, kPruned, language);
  return section;
}

Section outside_section(Language language) {
  constexpr Phrase kHeading{"この報告書に含まれないもの", "What is not in this report"};
  constexpr Phrase kElsewhere{
      "ほかの医療機関等への提供に使うシステム（Sekisho）を通らないアクセスは含まれません。病院の中"
      "での"
      "閲覧は電子カルテや画像システム（Orthanc・PACS）の記録に、サーバー管理者によるファイルの取扱"
      "い"
      "はその機器の記録に残ります。",
      "Access that does not go through Sekisho, the system by which the hospital gives images to "
      "others. Viewing inside the hospital is in the records of its own systems (Orthanc, PACS, "
      "medical records), what administrators do with files in those of the machines."};
  constexpr Phrase kRefused{
      "断られた要求は、患者さんの情報を渡しておらず、どの患者さんについてのものかも記録されないため"
      "、"
      "この報告書には現れません。",
      "Requests that were refused: nothing of a patient was given, and their records name none."};
  return {kHeading.in(language),
          {std::string(kElsewhere.in(language)), std::string(kRefused.in(language))}};
}

Section proven_section(Language language) {
  constexpr Phrase kHeading{"この報告書で確認できること", "What this report proves"};
  constexpr Phrase kEntries{
      "各行のもとになったログの記録（記録番号を示したもの）とその証明を、「証拠」として添付していま"
      "す。ログの検証鍵があれば、病院のシステムに接続しなくても、それぞれの記録が、署名されたログの"
      "中"
      "に実在し、改変されていないことを確認できます。記録の順序は記録番号で確定しています。時刻は証"
      "明"
      "の対象ではありません。",
      "The entries of the log that each row is made of are attached as evidence, each with a "
      "proof. Whoever has the log's verifier key can check, without access to the hospital's "
      "systems, that every one of them stands unchanged in the log under the checkpoint below. "
      "The order of entries is certain; their times are not part of the proof."};
  constexpr Phrase kOpened{
      "下線のある文字（患者ID・氏名・検査・目的・UIDなど）は、ログには暗号化して記録されており、病"
      "院が"
      "自らの鍵で復号したもの、または病院がこの報告書に記したもの（医療機関名など）です。検証鍵だけ"
      "で"
      "は、これらの文字の正しさまでは確認できません。病院側では、--data "
      "を指定すると、ログの内容との"
      "一致を確認できます。",
      "Underlined text (identifiers, names, examinations, reasons, UIDs) is encrypted in the log "
      "and was opened by the hospital with its keys, or, as its own name, is what the hospital "
      "says here. The verifier key alone does not show that it is right; the hospital can compare "
      "it with the log by --data."};
  return {kHeading.in(language),
          {std::string(kEntries.in(language)), std::string(kOpened.in(language))}};
}

Section complete_section(Language language) {
  constexpr Phrase kHeading{"漏れがないことの確認", "Whether anything is missing"};
  constexpr Phrase kText{
      "証明は、ここにある行が本物であることを示しますが、ほかに行がないことまでは示しません。漏れが"
      "な"
      "いことは、病院のログに対して sekisho-audit verify（全記録からの索引の再計算と照合）と "
      "report "
      "--check --data（同じ報告書の作り直しと照合）を実行して確認します。断られた要求の一覧は "
      "sekisho-audit export で取り出せます。",
      "Proofs show that these rows are genuine, not that there are no others. That nothing is "
      "missing is checked at the hospital's log: by sekisho-audit verify, which makes the index "
      "anew of all entries and compares, and by report --check --data, which makes this report "
      "anew and compares. Requests that were refused are listed by sekisho-audit export."};
  return {kHeading.in(language), {std::string(kText.in(language))}};
}

Section checking_section(Language language) {
  constexpr Phrase kHeading{"確認の方法", "How to check"};
  constexpr std::string_view kCommand = "sekisho-audit report --check FILE --key KEY";
  constexpr Phrase kKey{
      "KEY はログの検証鍵（audit.pub の 1 "
      "行）です。この報告書や病院の機器から取らず、あらかじめ別に"
      "受け取った控えを使ってください。",
      "KEY is the log's verifier key, the line in audit.pub. Use a copy that you got some other "
      "way, not one that came with this report or from the machine."};
  return {kHeading.in(language), {std::string(kCommand), std::string(kKey.in(language))}};
}

}  // namespace

std::vector<Section> notes_for_patients(const Evidence& evidence, const std::vector<Act>& acts) {
  return {reading_section(evidence, acts), outside_section(evidence.question.language)};
}

std::vector<Section> notes_for_checkers(Language language) {
  return {proven_section(language), complete_section(language), checking_section(language)};
}

}  // namespace sekisho::audit::report
