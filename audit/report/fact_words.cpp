// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/fact_words.h"

#include <algorithm>
#include <span>
#include <vector>

#include "audit/report/spoken.h"
#include "audit/report/words.h"

namespace sekisho::audit::report {
namespace {

constexpr Meaning kFacts[] = {
    {"actor_hash", {"職員の照合値", "Hash of the member of staff"}},
    {"after", {"続きの位置", "Continued behind"}},
    {"answers", {"応答の数", "Answers"}},
    {"application_password", {"アプリケーション用パスワードID", "ID of the application password"}},
    {"approval", {"別の職員の承認", "Approval by another"}},
    {"assurance", {"求める認証", "Authentication demanded"}},
    {"base", {"もとにした匿名化", "Masking based on"}},
    {"case", {"事案番号", "Case"}},
    {"cause", {"取消しの種類", "Why it ended"}},
    {"change", {"変更した内容", "What was changed"}},
    {"cut", {"中断した応答", "Answers cut off"}},
    {"event", {"絞り込んだ操作", "Events looked for"}},
    {"expired_at", {"期限", "Until"}},
    {"expires_at", {"期限", "Until"}},
    {"fields", {"匿名化した項目", "Masked fields"}},
    {"file", {"ファイル", "File"}},
    {"frames", {"フレーム単位の画像", "Single frames"}},
    {"from", {"絞り込みの始め", "Looked for from"}},
    {"missing", {"送信されなかった画像", "Images not sent"}},
    {"modalities", {"検査の種類の限定", "Limited to"}},
    {"not_before", {"開始", "From"}},
    {"options", {"匿名化の設定", "Options of the masking"}},
    {"outcome", {"絞り込んだ結果", "Outcomes looked for"}},
    {"passkey", {"パスキーID", "ID of the passkey"}},
    {"permissions", {"許可した操作", "Permitted"}},
    {"person", {"利用者ID", "ID of the person"}},
    {"previous_end", {"延長前の期限", "Until then"}},
    {"pictures", {"画像への閲覧者名の記入", "Who sees a picture stands in it"}},
    {"profile", {"匿名化", "Masking"}},
    {"reissue_of", {"再発行のもとの共有ID", "Reissue of the share"}},
    {"risks", {"確認した残存リスク", "Acknowledged risks"}},
    {"second_factor", {"確認の方法", "Second factor"}},
    {"session", {"セッションID", "ID of the session"}},
    {"shares", {"共有IDの限定", "Limited to the shares"}},
    {"signature", {"検出名", "What was found"}},
    {"since", {"絞り込みの始め", "Looked for from"}},
    {"until", {"絞り込みの終わり", "Looked for until"}},
    {"upload", {"受付けID", "ID of the upload"}},
};

constexpr Meaning kAssurances[] = {
    {"link", {"共有リンクのみ", "the link alone"}},
    {"password", {"パスワード相当", "password or the like"}},
    {"password+totp",
     {"二要素（パスワードとワンタイムコード、またはパスキー）",
      "two factors (password and one-time code, or passkey)"}},
    {"certificate", {"クライアント証明書", "client certificate"}},
};
constexpr Meaning kApprovals[] = {
    {"needed", {"必要", "needed"}},
};
constexpr Meaning kMarks[] = {
    {"marked", {"する", "yes"}},
};
constexpr Meaning kCauses[] = {
    {"consent", {"同意の撤回", "consent withdrawn"}},
    {"patient", {"患者の共有すべての取消し", "all shares of the patient"}},
    {"person", {"利用者の共有すべての取消し", "all shares of the person"}},
    {"recipient", {"提供先の共有すべての取消し", "all shares of the recipient"}},
    {"reissued", {"再発行", "made again"}},
    {"rejected", {"承認の拒否", "not approved"}},
    {"undone", {"開始前の取りやめ", "undone before it opened"}},
};
constexpr Meaning kPermissions[] = {
    {"view", {"閲覧", "viewing"}},
    {"download", {"ダウンロード", "downloading"}},
    {"return", {"読影結果等の返却", "returning reports"}},
    {"return-documents", {"文書・画面の返却", "returning documents"}},
};
constexpr Meaning kProfiles[] = {
    {"none", {"なし（元のまま）", "none (as it is)"}},
    {"patient-fields", {"患者項目の匿名化", "the patient's fields"}},
    {"minimum-disclosure", {"必要最小限の開示", "minimum disclosure"}},
    {"ps3.15-basic", {"DICOM標準の匿名化", "by the DICOM standard"}},
};
constexpr Meaning kFields[] = {
    {"PatientBirthDate", {"生年月日", "date of birth"}},
    {"PatientID", {"患者ID", "patient ID"}},
    {"PatientName", {"氏名", "name"}},
    {"PatientNameKana", {"氏名の読み", "phonetic name"}},
    {"PatientSex", {"性別", "sex"}},
};
/// PS3.15 2026d §E.3.
constexpr Meaning kOptions[] = {
    {"CleanDescriptors", {"記述文は既知の語のみ残す", "descriptions cleaned"}},
    {"CleanGraphics", {"図形の文字を除去", "graphics cleaned"}},
    {"CleanPixelData", {"画像中の文字を消去", "text in images erased"}},
    {"CleanStructuredContent", {"レポートの内容を除去処理", "reports cleaned"}},
    {"RetainDeviceIdentity", {"装置の情報を残す", "device kept"}},
    {"RetainFullDates", {"日付を残す", "dates kept"}},
    {"RetainInstitutionIdentity", {"施設の情報を残す", "institution kept"}},
    {"RetainModifiedDates", {"日付をずらして残す", "dates shifted"}},
    {"RetainPatientCharacteristics", {"性別・年齢・体格等を残す", "sex, age and build kept"}},
    {"RetainSafePrivate", {"安全とされた装置独自の項目を残す", "safe private elements kept"}},
    {"RetainUids", {"識別番号（UID）を残す", "UIDs kept"}},
};
/// docs/masking.md, "Residual risks".
constexpr Meaning kRisks[] = {
    {"free-text-kept", {"自由記述文が残る", "free text is kept"}},
    {"graphics-kept", {"重ね合わせ図形等が残る", "overlays or icons are kept"}},
    {"identifiers-kept", {"人や施設を特定し得る項目が残る", "identifying elements are kept"}},
    {"nothing-masked", {"匿名化しない", "nothing is masked"}},
    {"patient-name-in-text", {"文章中に氏名の一部がある", "part of the name stands in text"}},
    {"private-elements-kept", {"装置独自の項目が残る", "private elements are kept"}},
};

/// Facts whose value is a code, or several separated by spaces.
struct Coded {
  std::string_view fact;
  std::span<const Meaning> codes;
};
constexpr Coded kCoded[] = {
    {"approval", kApprovals},      {"assurance", kAssurances},
    {"base", kProfiles},           {"cause", kCauses},
    {"fields", kFields},           {"options", kOptions},
    {"permissions", kPermissions}, {"pictures", kMarks},
    {"profile", kProfiles},        {"risks", kRisks},
};

/// Each once: two codes may have one word.
template <class Say>
std::string each_word(std::string_view codes, Language language, Say say_one) {
  std::vector<std::string_view> words;
  while (!codes.empty()) {
    const std::string_view code = codes.substr(0, codes.find(' '));
    codes.remove_prefix(std::min(code.size() + 1, codes.size()));
    const std::string_view word = say_one(code);
    if (std::ranges::find(words, word) == words.end()) words.push_back(word);
  }
  std::string said;
  for (const std::string_view word : words) {
    if (!said.empty()) said += separator(language);
    said += word;
  }
  return said;
}

}  // namespace

std::string_view fact_words(std::string_view fact, Language language) {
  return say(kFacts, fact, language);
}

std::string fact_value(std::string_view fact, std::string_view value, const Question& question) {
  const Language language = question.language;
  if (const auto time = core::parse_rfc3339(value)) return moment(*time, question);
  if (fact == "event") return std::string(event_words(value, "", language));
  if (fact == "modalities") {
    return each_word(value, language,
                     [&](std::string_view code) { return modality_words(code, language); });
  }
  const auto coded = std::ranges::find(kCoded, fact, &Coded::fact);
  if (coded == std::end(kCoded)) return std::string(value);
  return each_word(value, language,
                   [&](std::string_view code) { return say(coded->codes, code, language); });
}

}  // namespace sekisho::audit::report
