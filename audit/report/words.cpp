// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/words.h"

#include <algorithm>

namespace sekisho::audit::report {
namespace {

constexpr Meaning kEvents[] = {
    {"transfer.begin", {"画像等の送信", "Images sent"}},
    {"query", {"検査の検索", "Search"}},
    {"denial", {"アクセスの拒否", "Access refused"}},
    {"share.create", {"共有の設定", "Share created"}},
    {"share.approve", {"共有の承認", "Share approved"}},
    {"share.extend", {"共有期限の延長", "Share extended"}},
    {"share.revoke", {"共有の取消し", "Share revoked"}},
    {"share.expire", {"共有の期限切れ", "Share expired"}},
    {"share.preview", {"共有内容の事前確認", "Share previewed"}},
    {"share.forget_key", {"仮名に使った鍵の破棄", "Key of pseudonyms destroyed"}},
    {"consent.create", {"同意の登録", "Consent put down"}},
    {"consent.withdraw", {"同意の撤回", "Consent withdrawn"}},
    {"series.approve", {"画像の公開の承認", "Images released for a share"}},
    {"series.withdraw", {"画像の公開の承認の取消し", "Release of images withdrawn"}},
    {"return.receive",
     {"読影結果等の受付け（隔離領域）", "Object received from the recipient, into quarantine"}},
    {"return.scan", {"受付けたもののウイルス検査", "Received object scanned for malware"}},
    {"return.release", {"受付けたものの取込みの許可", "Received object released"}},
    {"return.reject", {"受付けたものの取込みの拒否", "Received object refused by staff"}},
    {"return.delete", {"取り込まないものの削除", "Refused object deleted"}},
    {"return.show", {"受付けたものの内容の確認", "Received object looked at by staff"}},
    {"return.begin", {"読影結果等の受取り", "Report or object received from the recipient"}},
    {"log.read", {"アクセス記録の閲覧", "Access log read"}},
    {"hold.set", {"記録の保全の開始", "Legal hold set"}},
    {"hold.end", {"記録の保全の終了", "Legal hold ended"}},
    {"text.shred", {"記録中の文字の消去", "Text in the log erased"}},
};
/// Of what kind a query or a transfer was.
constexpr Meaning kKinds[] = {
    {"search", {"検査一覧の検索・閲覧", "List of examinations searched"}},
    {"metadata", {"検査情報の閲覧（画像なし）", "Details of images viewed, without the images"}},
    {"viewing", {"画像の閲覧", "Images viewed"}},
};
constexpr Meaning kDetails[] = {
    {"header",
     {"画像の送信なし（要求はヘッダーのみ）", "nothing sent: only the header was asked for"}},
    {"complete", {"送信完了", "sent completely"}},
    {"incomplete", {"読み出せない画像を除いて送信", "sent, without images that could not be read"}},
    {"aborted", {"途中で切断", "cut off: the connection ended"}},
    {"revoked",
     {"共有の取消し・期限切れ等により中断",
      "cut off: the share had ended, or the release of images was withdrawn"}},
    {"unavailable", {"画像を読み出せず中断", "cut off: the archive could not be read"}},
    {"trouble", {"装置の障害により中断", "cut off: the archive or the database failed"}},
    {"stored", {"保存済み", "stored"}},
    {"already-there", {"同一のものが保存済み", "was stored already"}},
    {"failed", {"保存に失敗", "could not be stored"}},
    {"clean", {"検出なし", "nothing was found"}},
    {"infected", {"ウイルス等を検出", "malware was found"}},
    {"unscannable", {"検査できず", "could not be scanned"}},
    {"rule", {"規則による", "by a rule"}},
    {"staff", {"職員による", "by staff"}},
    {"apart", {"検査により隔離されたもの", "put apart by the scanner"}},
    {"rejected", {"拒否されたもの", "refused"}},
};
constexpr Meaning kOutcomes[] = {
    {"0", {"正常", "success"}},
    {"4", {"軽度の失敗", "minor failure"}},
    {"8", {"重大な失敗", "serious failure"}},
    {"12", {"致命的な失敗", "major failure"}},
};
/// Sekisho's own, and PurposeOfUse of HL7 v3 as far as a hospital gives data away for it.
constexpr Meaning kIntendedUses[] = {
    {"reference", {"画像の参照", "Reference"}},
    {"reading", {"読影（画像診断）", "Reading (diagnosis)"}},
    {"TREAT", {"診療", "Treatment"}},
    {"ETREAT", {"救急診療", "Emergency treatment"}},
    {"HPAYMT", {"診療報酬の請求・支払い", "Payment"}},
    {"HOPERAT", {"病院運営", "Healthcare operations"}},
    {"HRESCH", {"研究", "Research"}},
    {"PATRQT", {"患者本人の求め", "Request of the patient"}},
    {"PUBHLTH", {"公衆衛生", "Public health"}},
};
constexpr Meaning kAuthentications[] = {
    {"token", {"アクセストークン", "access token"}},
    {"certificate", {"クライアント証明書", "client certificate"}},
    {"link", {"共有リンク", "link"}},
    {"staff", {"職員ログイン", "staff log-in"}},
    {"none", {"認証なし", "no authentication"}},
    {"openid", {"外部の認証基盤（OpenID Connect）", "identity provider (OpenID Connect)"}},
    {"openid+certificate",
     {"外部の認証基盤とクライアント証明書", "identity provider and client certificate"}},
    {"password", {"パスワード", "password"}},
    {"application_password", {"アプリケーション用パスワード", "application password"}},
    {"password+certificate", {"パスワードとクライアント証明書", "password and client certificate"}},
    {"password+totp",
     {"二要素（パスワードと確認コード、またはパスキー）",
      "two factors (password and code, or passkey)"}},
};
/// PS3.3 2026c §C.7.3.1.1.1, as patients know them.
constexpr Meaning kModalities[] = {
    {"BMD", {"骨密度", "Bone density"}},
    {"CR", {"X線撮影", "X-ray"}},
    {"CT", {"CT", "CT"}},
    {"DOC", {"文書", "Document"}},
    {"DX", {"X線撮影", "X-ray"}},
    {"ECG", {"心電図", "ECG"}},
    {"ES", {"内視鏡", "Endoscopy"}},
    {"GM", {"顕微鏡", "Microscopy"}},
    {"IO", {"歯科X線", "Dental X-ray"}},
    {"IVUS", {"血管内超音波", "Intravascular ultrasound"}},
    {"KO", {"画像の指定", "Key images"}},
    {"MG", {"マンモグラフィ", "Mammography"}},
    {"MR", {"MRI", "MRI"}},
    {"NM", {"核医学", "Nuclear medicine"}},
    {"OP", {"眼科撮影", "Eye photography"}},
    {"OPT", {"眼底断層撮影", "Eye tomography"}},
    {"OT", {"その他", "Other"}},
    {"PR", {"表示の設定", "Display settings"}},
    {"PT", {"PET", "PET"}},
    {"PX", {"歯科X線", "Dental X-ray"}},
    {"RF", {"X線透視", "Fluoroscopy"}},
    {"RTDOSE", {"放射線治療", "Radiotherapy"}},
    {"RTIMAGE", {"放射線治療", "Radiotherapy"}},
    {"RTPLAN", {"放射線治療", "Radiotherapy"}},
    {"RTSTRUCT", {"放射線治療", "Radiotherapy"}},
    {"SEG", {"領域の抽出", "Segmentation"}},
    {"SM", {"病理スライド", "Slide microscopy"}},
    {"SR", {"レポート", "Report"}},
    {"US", {"超音波", "Ultrasound"}},
    {"XA", {"血管造影", "Angiography"}},
    {"XC", {"写真", "Photographs"}},
};

}  // namespace

std::string_view say(std::span<const Meaning> meanings, std::string_view code, Language language) {
  const auto found = std::ranges::find(meanings, code, &Meaning::code);
  return found == meanings.end() ? code : found->words.in(language);
}

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

std::string_view intended_use_words(std::string_view use, Language language) {
  return say(kIntendedUses, use, language);
}

std::string_view authentication_words(std::string_view authentication, Language language) {
  return say(kAuthentications, authentication, language);
}

std::string_view modality_words(std::string_view modality, Language language) {
  return say(kModalities, modality, language);
}

}  // namespace sekisho::audit::report
