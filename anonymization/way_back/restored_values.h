// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "anonymization/way_back/way_back.h"
#include "core/dicom/tag.h"
#include "core/dicom/values.h"
#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// Calls `use` for each UID of a UI value; what is no UID is passed over.
template <class Use>
void for_each_uid(core::ByteView value, Use use) {
  core::dicom::for_each_value(core::as_text(value), [&](std::string_view one) {
    if (const auto uid = core::Uid::parse(one)) use(*uid);
  });
}

/// UIDs of up to 64 characters that one element holds where its length has 16 bits: more are
/// refused before it is known what they become, for that would tell how long the originals are.
inline constexpr std::size_t kLongestUid = 64;
inline constexpr std::size_t kMostUids = 0xFFFE / (kLongestUid + 1);
/// In bytes: 64 characters of LO (PS3.5 §6.2). A longer one comes back as its pseudonym.
inline constexpr std::size_t kLongestIdentifier = 64;

/// The UIDs, acquisition dates and identifiers of one returned object, and what each becomes. One
/// thread.
class RestoredValues {
 public:
  /// The object's own series and instance, as the reader names them and as the archive shall. Where
  /// the share moves dates, it has moved them by `shift`.
  RestoredValues(const WayBack& way, ReturnedUids readers, ReturnedUids archived,
                 std::optional<std::chrono::days> shift)
      : way_(way), readers_(readers), archived_(archived), shift_(shift) {}
  /// An identifier of the study that the share shows as a pseudonym.
  void know_identifier(core::dicom::Tag tag, std::string original);

  /// A UI value as the archive shall have it. Throws MaskError for more than kMostUids.
  std::string restored(core::dicom::Tag tag, core::ByteView value);
  /// A DA or DT that was copied from the study, as it was; empty where it cannot be told. `nullopt`
  /// for every other element, which stays.
  std::optional<std::string> restored_date(core::dicom::Tag tag, core::dicom::Vr vr,
                                           core::ByteView value) const;
  /// The study's identifier where the value is its pseudonym; `nullopt` for every other value.
  std::optional<std::string> restored_identifier(core::dicom::Tag tag, core::ByteView value) const;
  /// Some value referred to what nobody named.
  bool met_unknown_reference() const { return met_unknown_reference_; }

 private:
  struct Identifier {
    std::string pseudonym;
    std::string original;
  };
  core::Uid restored(core::dicom::Tag tag, const core::Uid& uid);
  /// As the archive names it, if it is a series or an instance of the reader's.
  std::optional<core::Uid> readers_own(const core::Uid& uid) const;

  const WayBack& way_;
  const ReturnedUids readers_;
  const ReturnedUids archived_;
  const std::optional<std::chrono::days> shift_;
  std::map<core::dicom::Tag, Identifier> identifiers_;
  bool met_unknown_reference_ = false;
};

}  // namespace sekisho::anonymization
