// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "anonymization/pixels/verdicts.h"
#include "anonymization/pixels/withhold_reason.h"
#include "anonymization/profiles/profile.h"

namespace sekisho::staff {

struct RiskKind {
  std::string_view code;  ///< "free-text-kept"
  std::string_view text_en;
  std::string_view text_ja;
};

inline constexpr RiskKind kNothingMasked{
    "nothing-masked", "The profile masks nothing: the recipient sees who the patient is.",
    "マスクを行わないプロファイルです。受領者は患者を特定できます。"};
inline constexpr RiskKind kFreeText{
    "free-text-kept", "The profile keeps text that people typed; it may name anybody.",
    "自由記述文が保持されます。個人名などが含まれている可能性があります。"};
inline constexpr RiskKind kIdentifiers{
    "identifiers-kept",
    "The profile keeps attributes by which people, institutions or the examination can be found.",
    "患者・職員・施設または検査を特定し得る属性が保持されます。"};
inline constexpr RiskKind kGraphics{
    "graphics-kept",
    "The profile keeps overlays, curves or icons: text may be drawn in "
    "them.",
    "オーバーレイ、カーブまたはアイコン画像が保持されます。文字が描かれて"
    "いる可能性があります。"};
inline constexpr RiskKind kPrivateElements{
    "private-elements-kept", "The profile keeps private elements of the manufacturer.",
    "メーカー独自のプライベート属性が保持されます。"};
inline constexpr RiskKind kNameInText{
    "patient-name-in-text", "A part of the patient's name stands in text that the profile keeps.",
    "保持される文字列の中に、患者氏名の一部が含まれています。"};

/// All that has such a code.
std::optional<RiskKind> risk_kind(std::string_view code);

/// What one file is found to be.
struct Finding {
  std::optional<anonymization::WithholdReason> withheld;
  std::map<std::string_view, std::set<std::string>> risks;  ///< attributes by code
};

/// What was found before, where the share would ask the same. One thread.
class KnownFindings {
 public:
  /// `verdicts` outlives this; null: none are kept.
  KnownFindings(const anonymization::Verdicts* verdicts, const anonymization::Profile& profile)
      : verdicts_(verdicts), terms_{anonymization::Verdicts::digest_of(profile)} {}

  /// Null if nobody has looked as closely. Good until the next call.
  const Finding* find(const std::string& revision);
  void keep(const std::string& revision, const Finding& finding) const;

 private:
  const anonymization::Verdicts* verdicts_;
  const anonymization::Verdicts::Terms terms_;
  Finding withheld_;
  std::map<std::string, Finding> remarked_;
};

}  // namespace sekisho::staff
