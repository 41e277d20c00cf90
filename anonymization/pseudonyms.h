// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "anonymization/profiles/profile.h"
#include "anonymization/recent_names.h"
#include "core/digest.h"
#include "core/secret.h"
#include "core/uid.h"

namespace sekisho::anonymization {

/// The names that one share gives to things. A name is HMAC-SHA-256(key, kind ‖ 0 ‖ value), cut
/// short and followed by a 32-bit check of itself under the same key: the share knows its own names
/// again without a list of them, so that masking twice equals masking once (docs/adr/0001).
/// Always gives the same answers; any thread may call any method.
class Pseudonyms {
 public:
  /// What the archive calls a thing that the recipient made → what the recipient calls it.
  using Made = std::unordered_map<core::Uid, core::Uid>;
  /// `key` is 32 bytes; throws std::invalid_argument otherwise. What is in `made` is shown by the
  /// recipient's name for it.
  explicit Pseudonyms(core::ByteView key, Made made = {});

  /// UUIDv8 as "2.25.<decimal>" (PS3.5 §B.2), at most 44 characters: 90 bits of name, 32 of check.
  /// Well-known UIDs (PS3.6 Annex A) are their own pseudonyms; so are this share's pseudonyms.
  core::Uid uid(const core::Uid& original) const;
  /// What the archive shall call a thing that the recipient names so: never a UID that the
  /// recipient chose, which might be one of the archive's (docs/adr/0006).
  core::Uid archived(const core::Uid& recipients) const;
  /// Base32, 16 characters, fits LO and SH: 48 bits of name, 32 of check. `kind` separates
  /// PatientID from AccessionNumber and so on: equal values of different kinds do not show as
  /// equal. This share's pseudonyms of the same kind are their own pseudonyms.
  std::string identifier(std::string_view kind, std::string_view original) const;
  /// Whether uid() or identifier() made this name.
  bool is_own(const core::Uid& uid) const;
  bool is_own(std::string_view kind, std::string_view identifier) const;
  /// By how many days the dates of a patient move: between one and ten years into the past, the
  /// same for all that the share shows of the patient.
  std::chrono::days date_shift(std::string_view patient_id) const;
  /// A keyed hash for ETags: 128 bits in hexadecimal.
  std::string tag_of(core::ByteView masked_bytes) const;

 private:
  __extension__ using Uint128 = unsigned __int128;
  /// Hashing is half of what masking an instance costs, and most of its names are its series'.
  struct Recent {
    RecentNames<core::Uid, core::Uid> uids;
    RecentNames<std::string, std::string> identifiers;  ///< by kind ‖ 0 ‖ value
  };
  core::Uid make_uid(const core::Uid& original) const;
  std::string make_identifier(std::string_view kind, std::string_view original) const;
  core::Sha256 derive(std::string_view kind, core::ByteView value) const;
  std::uint32_t check_of(std::string_view kind, Uint128 name) const;
  core::Secret key_;
  Made made_;
  std::unique_ptr<Recent> recent_ = std::make_unique<Recent>();
};

/// The way back: UID as the recipient sees it → original, for the UIDs of a share's scope. Built
/// from the scope, held in memory only. Not thread-safe while it is built; then any thread may
/// look up.
class ReverseMap {
 public:
  /// Both outlive this. A profile that keeps UIDs shows each one as itself.
  ReverseMap(const Profile& profile, const Pseudonyms& pseudonyms)
      : profile_(profile), pseudonyms_(pseudonyms) {}
  /// How this share shows the UID of a study, series or instance. One that is none by its form may
  /// have been typed: no profile that masks shows it.
  core::Uid shown(const core::Uid& original) const;
  /// Returns how the share shows it.
  core::Uid add(const core::Uid& original) {
    return originals_.emplace(shown(original), original).first->first;
  }
  /// For who knows how the share shows it.
  void add(const core::Uid& original, const core::Uid& shown) {
    originals_.emplace(shown, original);
  }
  /// What the archive shall call a thing that the recipient made and names so.
  core::Uid archived(const core::Uid& recipients) const;
  /// `nullopt` for everything that this share did not name itself, originals of a remapping
  /// profile included.
  std::optional<core::Uid> original(const core::Uid& shown) const;

 private:
  const Profile& profile_;
  const Pseudonyms& pseudonyms_;
  std::unordered_map<core::Uid, core::Uid> originals_;
};

}  // namespace sekisho::anonymization
