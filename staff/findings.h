// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "anonymization/pixels/verdicts.h"
#include "anonymization/pixels/withhold_reason.h"
#include "anonymization/profiles/profile.h"
#include "core/dicom_store.h"

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
    "graphics-kept", "The profile keeps overlays, curves or icons: text may be drawn in them.",
    "オーバーレイ、カーブまたはアイコン画像が保持されます。文字が描かれている可能性があります。"};
inline constexpr RiskKind kPrivateElements{
    "private-elements-kept", "The profile keeps private elements of the manufacturer.",
    "メーカー独自のプライベート属性が保持されます。"};
inline constexpr RiskKind kNameInText{
    "patient-name-in-text", "A part of the patient's name stands in text that the profile keeps.",
    "保持される文字列の中に、患者氏名の一部が含まれています。"};

/// All that has such a code.
std::optional<RiskKind> risk_kind(std::string_view code);

/// What files are found to be, added up. A value.
struct Findings {
  /// Of one risk, no more attributes than these are told.
  static constexpr std::size_t kMostAttributes = 100;
  struct Risk {
    std::size_t instances = 0;
    std::set<std::string> attributes;  ///< keywords, or tags of private elements; never values
  };

  std::map<anonymization::WithholdReason, std::size_t> withheld;  ///< how many instances
  std::map<std::string_view, Risk> risks;                         ///< by RiskKind::code

  void add(const Findings& others);
};

/// What was found before, where the share would ask the same. One thread.
class KnownFindings {
 public:
  using Instances = std::span<const core::ListedInstance* const>;

  /// `verdicts` outlives this; null: none are kept.
  KnownFindings(const anonymization::Verdicts* verdicts, const anonymization::Profile& profile,
                anonymization::Approval approval)
      : verdicts_(verdicts), terms_{anonymization::Verdicts::digest_of(profile), approval} {}

  /// Null if nobody has looked as closely. Good until the next call.
  const Findings* of(const core::ListedInstance& instance);
  void keep(const core::ListedInstance& instance, const Findings& found) const;
  /// The same of all of them together, for a series that has not changed is one question: of these
  /// files, no more and no fewer. Two at least.
  const Findings* of_all(Instances instances);
  void keep_all(Instances instances, const Findings& found) const;

 private:
  const Findings* find(const std::string& revision);

  const anonymization::Verdicts* verdicts_;
  const anonymization::Verdicts::Terms terms_;
  /// By their text: few, for the files of a series are alike.
  std::map<std::string, Findings> read_;
};

}  // namespace sekisho::staff
