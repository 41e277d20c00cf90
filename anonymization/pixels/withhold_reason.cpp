// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/withhold_reason.h"

#include <algorithm>
#include <array>

namespace sekisho::anonymization {
namespace {

struct Row {
  WithholdReason reason;
  Remedy remedy;
  std::string_view name;
  std::string_view english;
  std::string_view japanese;
};

using enum WithholdReason;

/// In the order of the enumeration.
constexpr auto kRows = std::to_array<Row>({
    {unknown_sop_class, Remedy::none, "unknown-sop-class",
     "The kind of object is private or unknown, so nobody can say where identity hides in it.",
     "プライベートまたは未知のオブジェクト種別のため、個人情報の所在を判断できません。"},
    {sop_class_unclear, Remedy::none, "sop-class-unclear",
     "The file names two different kinds of object.",
     "ファイル内でオブジェクト種別（SOPクラス）が一致していません。"},
    {encapsulated_document, Remedy::none, "encapsulated-document",
     "A document inside the object (PDF, CDA, 3D model) cannot be masked.",
     "内包文書（PDF、CDA、3Dモデル）はマスクできません。"},
    {structured_report, Remedy::none, "structured-report",
     "The profile does not clean structured reports.",
     "選択したプロファイルは構造化レポートの内容をマスクしません。"},
    {audio, Remedy::none, "audio", "Recorded sound cannot be masked.",
     "音声データはマスクできません。"},
    {video, Remedy::none, "video", "Video cannot be masked.", "動画データはマスクできません。"},
    {withheld_by_rule, Remedy::none, "withheld-by-rule",
     "A rule of the pixel policy withholds images of this device.",
     "画素ポリシーの規則により、この装置の画像は提供されません。"},
    {modality_not_in_profile, Remedy::none, "modality-not-in-profile",
     "The profile is limited to other modalities.",
     "選択したプロファイルの対象モダリティではありません。"},
    {burned_in_annotation, Remedy::approval, "burned-in-annotation",
     "The image says that text is burned into its pixels.",
     "画像内に文字が焼き込まれていると記録されています。"},
    {recognizable_features, Remedy::approval, "recognizable-features",
     "The image says that the patient can be recognised in it.",
     "画像から患者を視覚的に特定できると記録されています。"},
    {prone_to_burned_in_text, Remedy::approval, "prone-to-burned-in-text",
     "Images of this kind often have text burned in.",
     "この種別の画像には文字が焼き込まれていることが多くあります。"},
    {secondary_capture, Remedy::approval, "secondary-capture",
     "The image was captured or scanned and may show text.",
     "二次キャプチャ画像のため、文字が写り込んでいる可能性があります。"},
    {derived_secondary, Remedy::approval, "derived-secondary",
     "The image was made after the examination and may show text.",
     "検査後に作成された画像（SECONDARY）のため、文字が含まれている可能性があります。"},
    {screen_capture, Remedy::approval, "screen-capture",
     "The image is a screen, a dose sheet or a report.",
     "画面キャプチャ、線量シートまたはレポートの画像です。"},
    {image_type_unknown, Remedy::approval, "image-type-unknown",
     "The image does not say whether it is an original.",
     "原画像かどうか（Image Type）が記録されていません。"},
    {modality_unknown, Remedy::approval, "modality-unknown",
     "The modality is missing or not one whose images are free of text.",
     "モダリティが不明、または文字の焼き込みがないと見なせるモダリティではありません。"},
    {overlay_in_pixels, Remedy::approval, "overlay-in-pixels",
     "An overlay is stored in unused bits of the pixels.",
     "オーバーレイが画素の未使用ビットに格納されています。"},
    {waveform, Remedy::approval, "waveform", "Waveforms are released only after approval.",
     "波形データは承認後にのみ提供されます。"},
    {pixels_not_cleaned, Remedy::approval, "pixels-not-cleaned",
     "The profile promises pixels without text, no rule cleans these, and nobody has looked at "
     "them.",
     "画素中の文字を消去するプロファイルですが、該当する規則がなく、目視確認もされていません。"},
    {no_ultrasound_regions, Remedy::approval, "no-ultrasound-regions",
     "A rule keeps the ultrasound regions alone, and the image names none that leave anything to "
     "black out.",
     "超音波領域のみを残す規則ですが、有効な領域が画像に記録されていません。"},
    {pixels_missing, Remedy::none, "pixels-missing",
     "A rule asks for a blackout, and the object has no image.",
     "黒塗りの規則が適用されますが、画像がありません。"},
    {pixels_malformed, Remedy::none, "pixels-malformed",
     "The pixels cannot be blacked out: they are damaged or contradict the header.",
     "画素データが破損またはヘッダと矛盾しており、黒塗りできません。"},
    {pixels_unsupported, Remedy::none, "pixels-unsupported",
     "The pixels cannot be blacked out: their encoding is not supported.",
     "対応していない画素符号化のため、黒塗りできません。"},
    {pixels_too_large, Remedy::none, "pixels-too-large",
     "The pixels cannot be blacked out: the image is larger than the limit.",
     "画像が上限サイズを超えているため、黒塗りできません。"},
    {pixel_bytes_unclear, Remedy::none, "pixel-bytes-unclear",
     "The pixel data are damaged or contradict the header, so that other data may be among them.",
     "画素データが破損またはヘッダと矛盾しており、画素以外の情報が含まれていないことを確認できませ"
     "ん。"},
    {pixel_coding_unknown, Remedy::none, "pixel-coding-unknown",
     "The pixels are compressed in a way that may carry text and cannot be checked for it. Another "
     "compression, or none, can be.",
     "この圧縮形式には文字情報が含まれうるため確認できません。別の圧縮形式または非圧縮に変換すると"
     "確認できます。"},
    {pixel_frame_too_large, Remedy::none, "pixel-frame-too-large",
     "A compressed frame is larger than the limit up to which it is checked for hidden data.",
     "圧縮フレームが検査の上限サイズを超えています。"},
    {unused_bits, Remedy::none, "unused-bits",
     "Unused bits of the compressed pixels hold data, or cannot be checked for any.",
     "圧縮画素の未使用ビットに情報が含まれているか、含まれないことを確認できません。"},
    {not_maskable, Remedy::repair, "not-maskable",
     "The file contradicts itself and cannot be masked. Have it mended and store it again.",
     "ファイルの内容が矛盾しており、マスクできません。修正したファイルを再保存してください。"},
    {file_malformed, Remedy::repair, "file-malformed",
     "The file is damaged and is not sent. Have it mended and store it again.",
     "ファイルが破損しており、送信されません。修正したファイルを再保存してください。"},
    {uid_unusable, Remedy::repair, "uid-unusable",
     "The instance or its series has a UID of more than 71 characters, or with others than "
     "letters, "
     "digits and .-_~, and is not shown. Have it mended and store it again.",
     "UIDが71文字を超えるか使用できない文字を含むため、提供されません。修正したファイルを再保存して"
     "ください。"},
});

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].reason) != i) return false;
  }
  return true;
}
static_assert(is_in_order());

const Row& row_of(WithholdReason reason) { return kRows.at(static_cast<std::size_t>(reason)); }

}  // namespace

Remedy remedy(WithholdReason reason) { return row_of(reason).remedy; }
std::string_view name(Remedy remedy) {
  switch (remedy) {
    case Remedy::none:
      return "none";
    case Remedy::approval:
      return "approval";
    case Remedy::repair:
      break;
  }
  return "repair";
}
std::string_view name(WithholdReason reason) { return row_of(reason).name; }
std::optional<WithholdReason> parse_withhold_reason(std::string_view name) {
  const auto found = std::ranges::find(kRows, name, &Row::name);
  return found == kRows.end() ? std::nullopt : std::optional(found->reason);
}
std::string_view text_en(WithholdReason reason) { return row_of(reason).english; }
std::string_view text_ja(WithholdReason reason) { return row_of(reason).japanese; }

}  // namespace sekisho::anonymization
