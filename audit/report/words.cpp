// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/words.h"

#include <algorithm>
#include <span>

namespace sekisho::audit::report {
namespace {

struct Meaning {
  std::string_view code;
  Phrase words;
};

constexpr Meaning kEvents[] = {
    {"transfer.begin", {"画像等の送信", "Images sent"}},
    {"query", {"検索", "Search"}},
    {"denial", {"アクセスの拒否", "Access refused"}},
    {"share.create", {"共有の設定", "Share created"}},
    {"share.extend", {"共有期限の延長", "Share extended"}},
    {"share.revoke", {"共有の取消し", "Share revoked"}},
    {"share.expire", {"共有の期限切れ", "Share expired"}},
    {"share.preview", {"共有内容の事前確認", "Share previewed"}},
    {"share.forget_key", {"仮名化鍵の破棄", "Key of pseudonyms destroyed"}},
    {"series.approve", {"シリーズの公開承認", "Series released for a share"}},
    {"series.withdraw", {"シリーズの公開承認の取消し", "Release of a series withdrawn"}},
    {"return.begin", {"提供先からの返却（読影結果等）", "Object returned by the recipient"}},
    {"log.read", {"アクセス記録の閲覧", "Access log read"}},
    {"hold.set", {"記録の保全の開始", "Legal hold set"}},
    {"hold.end", {"記録の保全の終了", "Legal hold ended"}},
    {"text.shred", {"記録中の文字の消去（暗号鍵の破棄）", "Text erased (its key destroyed)"}},
};
/// Of what kind a query or a transfer was.
constexpr Meaning kKinds[] = {
    {"search", {"検索（一覧の閲覧）", "Search (list viewed)"}},
    {"metadata", {"画像の付帯情報の閲覧", "Image headers viewed"}},
    {"viewing", {"画像の閲覧（1枚ずつ）", "Images viewed one by one"}},
};
constexpr Meaning kDetails[] = {
    {"complete", {"送信完了", "sent completely"}},
    {"aborted", {"途中で切断", "cut off: the connection ended"}},
    {"revoked",
     {"共有の取消し・期限切れ等により中断",
      "cut off: the share had ended, or the release of images was withdrawn"}},
    {"unavailable", {"画像を読み出せず中断", "cut off: the archive could not be read"}},
    {"stored", {"保存済み", "stored"}},
    {"already-there", {"同一のものが保存済み", "was stored already"}},
    {"failed", {"保存に失敗", "could not be stored"}},
};
constexpr Meaning kOutcomes[] = {
    {"0", {"正常", "success"}},
    {"4", {"軽度の失敗", "minor failure"}},
    {"8", {"重大な失敗", "serious failure"}},
    {"12", {"致命的な失敗", "major failure"}},
};
/// Sekisho's own, and PurposeOfUse of HL7 v3 as far as a hospital gives data away for it.
constexpr Meaning kPurposes[] = {
    {"reference", {"参照", "reference"}},
    {"reading", {"読影", "reading"}},
    {"TREAT", {"診療", "treatment"}},
    {"ETREAT", {"救急診療", "emergency treatment"}},
    {"HPAYMT", {"診療報酬の請求・支払い", "payment"}},
    {"HOPERAT", {"病院運営", "healthcare operations"}},
    {"HRESCH", {"研究", "research"}},
    {"PATRQT", {"患者本人の求め", "request of the patient"}},
    {"PUBHLTH", {"公衆衛生", "public health"}},
};
constexpr Meaning kAuthentications[] = {
    {"token", {"アクセストークン", "access token"}},
    {"certificate", {"クライアント証明書", "client certificate"}},
    {"link", {"共有リンク", "link"}},
    {"staff", {"職員ログイン", "staff log-in"}},
    {"none", {"認証なし", "no authentication"}},
};
constexpr Meaning kFacts[] = {
    {"actor_hash", {"職員（鍵付きハッシュ）", "member of staff (keyed hash)"}},
    {"answers", {"応答", "answers"}},
    {"assurance", {"求める認証", "assurance"}},
    {"base", {"元の匿名化", "masking based on"}},
    {"case", {"事案番号", "case"}},
    {"cut", {"中断した応答", "cut off"}},
    {"event", {"操作の種類", "kind of event"}},
    {"expired_at", {"期限", "until"}},
    {"expires_at", {"期限", "until"}},
    {"fields", {"匿名化した項目", "masked fields"}},
    {"from", {"開始", "from"}},
    {"modalities", {"モダリティ", "modalities"}},
    {"not_before", {"開始", "from"}},
    {"outcome", {"結果", "outcome"}},
    {"options", {"匿名化オプション", "options of the masking"}},
    {"permissions", {"許可", "permissions"}},
    {"profile", {"匿名化", "masking"}},
    {"risks", {"確認した残存リスク", "acknowledged risks"}},
    {"previous_end", {"延長前の期限", "until then"}},
    {"since", {"開始", "from"}},
    {"until", {"終了", "until"}},
};

std::string_view say(std::span<const Meaning> meanings, std::string_view code, Language language) {
  const auto found = std::ranges::find(meanings, code, &Meaning::code);
  return found == meanings.end() ? code : found->words.in(language);
}

}  // namespace

std::string_view event_words(std::string_view event, std::string_view detail, Language language) {
  const bool has_kinds = event == "query" || event == "transfer.begin";
  const auto kind = std::ranges::find(kKinds, detail, &Meaning::code);
  if (has_kinds && kind != std::end(kKinds)) return kind->words.in(language);
  return say(kEvents, event, language);
}

std::string_view detail_words(std::string_view detail, Language language) {
  return say(kDetails, detail, language);
}

std::string_view outcome_words(int outcome, Language language) {
  constexpr int kStep = 4;  // the values are 0, 4, 8 and 12
  return kOutcomes[static_cast<std::size_t>(outcome / kStep)].words.in(language);
}

std::string_view purpose_words(std::string_view purpose, Language language) {
  return say(kPurposes, purpose, language);
}

std::string_view authentication_words(std::string_view authentication, Language language) {
  return say(kAuthentications, authentication, language);
}

std::string_view fact_words(std::string_view fact, Language language) {
  return say(kFacts, fact, language);
}

}  // namespace sekisho::audit::report
