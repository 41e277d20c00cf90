// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "anonymization/profile.h"
#include "core/digest.h"
#include "core/secret.h"
#include "core/uid.h"

namespace sekisho::anonymization {

/// The names that one share gives to things: HMAC-SHA-256(key, kind ‖ 0 ‖ value) cut to 128 bits.
/// Immutable after construction; any thread may call any method.
class Pseudonyms {
 public:
  /// `key` is 32 bytes; throws std::invalid_argument otherwise.
  explicit Pseudonyms(core::ByteView key);

  /// UUIDv8 as "2.25.<decimal>" (PS3.5 §B.2), at most 44 characters. Well-known UIDs (PS3.6 Table
  /// A-1) are their own pseudonyms; so are pseudonyms of this share that were masked before.
  core::Uid uid(const core::Uid& original) const;
  /// Base32, 16 characters (80 of the 128 bits): fits LO and SH. `kind` separates PatientID from
  /// AccessionNumber and so on: equal values of different kinds do not show as equal.
  std::string identifier(std::string_view kind, std::string_view original) const;
  /// How far this patient's dates move in this share: 1 to 3650 whole days back.
  std::chrono::days date_shift(std::string_view patient_id) const;
  /// A keyed hash for ETags: 128 bits in hexadecimal.
  std::string tag_of(core::ByteView masked_bytes) const;

 private:
  core::Sha256 derive(std::string_view kind, std::string_view value) const;
  core::Secret key_;
};

/// The way back: UID as the recipient sees it → original, for the UIDs of a share's scope. Built
/// from the scope, held in memory only. Not thread-safe while it is built; then any thread may
/// look up.
class ReverseMap {
 public:
  /// Both outlive this. A profile that keeps UIDs shows each one as itself.
  ReverseMap(const Profile& profile, const Pseudonyms& pseudonyms)
      : profile_(profile), pseudonyms_(pseudonyms) {}
  /// How this share shows the UID of a study, series or instance.
  core::Uid shown(const core::Uid& original) const;
  void add(const core::Uid& original) { originals_.emplace(shown(original), original); }
  /// `nullopt` for everything that this share did not name itself, originals of a remapping
  /// profile included.
  std::optional<core::Uid> original(const core::Uid& shown) const;

 private:
  const Profile& profile_;
  const Pseudonyms& pseudonyms_;
  std::unordered_map<core::Uid, core::Uid> originals_;
};

}  // namespace sekisho::anonymization
