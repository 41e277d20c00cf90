// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/way_back/restored_values.h"

#include "anonymization/masking/dates.h"
#include "anonymization/masking/mask_error.h"
#include "anonymization/masking/study_identity.h"
#include "anonymization/tables.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/padding.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;

/// Elements that say of which study, series or instance something is.
constexpr Tag kReferences[] = {
    Tag{0x0008, 0x0018},  // SOPInstanceUID
    Tag{0x0008, 0x1155},  // ReferencedSOPInstanceUID
    Tag{0x0020, 0x000D},  // StudyInstanceUID
    Tag{0x0020, 0x000E},  // SeriesInstanceUID
};

}  // namespace

std::string RestoredValues::restored(Tag tag, core::ByteView value) {
  std::string all;
  std::size_t count = 0;
  for_each_uid(value, [&](const core::Uid& uid) {
    if (++count > kMostUids) throw MaskError("more UIDs than fit, whatever they become");
    all.append(all.empty() ? "" : "\\").append(restored(tag, uid).text());
  });
  return all;
}

core::Uid RestoredValues::restored(Tag tag, const core::Uid& uid) {
  if (const auto original = way_.map.original(uid)) return *original;
  if (is_well_known_uid(uid.text())) return uid;
  if (const auto original = way_.more.original(uid)) return *original;
  if (const auto own = readers_own(uid)) return *own;
  const bool is_reference = std::ranges::find(kReferences, tag) != std::end(kReferences);
  if (way_.pseudonyms.is_own(uid) || is_reference) {
    met_unknown_reference_ = true;
  }
  return way_.map.archived(uid);
}

std::optional<std::string> RestoredValues::restored_date(Tag tag, core::dicom::Vr vr,
                                                         core::ByteView value) const {
  const bool is_moved = shift_ && is_of_acquisition(tag) &&
                        way_.profile.action_for(tag) == Action::shift_date &&
                        (vr == core::dicom::Vr::DA || vr == core::dicom::Vr::DT);
  if (!is_moved) return std::nullopt;
  // What stayed as it came would be shown moved, and tell by how much.
  return shifted_date(core::as_text(value), vr, DateMove::back, *shift_).value_or("");
}

void RestoredValues::know_identifier(Tag tag, std::string original) {
  if (original.size() > kLongestIdentifier) return;
  std::string pseudonym = way_.pseudonyms.identifier(core::dicom::find(tag)->keyword, original);
  identifiers_[tag] = {std::move(pseudonym), std::move(original)};
}

std::optional<std::string> RestoredValues::restored_identifier(Tag tag,
                                                               core::ByteView value) const {
  const auto known = identifiers_.find(tag);
  if (known == identifiers_.end()) return std::nullopt;
  const bool is_it = core::dicom::without_padding(core::as_text(value)) == known->second.pseudonym;
  return is_it ? std::optional(known->second.original) : std::nullopt;
}

std::optional<core::Uid> RestoredValues::readers_own(const core::Uid& uid) const {
  if (uid == readers_.series) return archived_.series;
  if (uid == readers_.instance) return archived_.instance;
  const auto known = way_.returned.find(uid);
  return known == way_.returned.end() ? std::nullopt : std::optional(known->second);
}

}  // namespace sekisho::anonymization
