// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <string_view>

#include "core/sealed_box.h"
#include "core/secret.h"

namespace sekisho::audit {

/// A truncated hash, the id of a key, a salt.
using core::Bits128;

/// What a keyed hash is of. The numbers stand in the database for ever.
enum class SubjectKind : int {
  general = 0,  ///< nobody in particular: only keys of text have this kind
  patient = 1,
  study = 2,
  series = 3,
  instance = 4,
  recipient = 5,
};
std::string_view subject_name(SubjectKind kind);

struct Subject {
  SubjectKind kind = SubjectKind::general;
  Bits128 hash{};
  friend auto operator<=>(const Subject&, const Subject&) = default;
  friend bool operator==(const Subject&, const Subject&) = default;
};

/// Turns identifiers into what can be looked up but not read. Any thread.
class IndexKey {
 public:
  explicit IndexKey(core::Secret key) : key_(std::move(key)) {}
  /// The first 128 bits of HMAC-SHA-256(key, kind ‖ 0x00 ‖ value).
  Subject subject(SubjectKind kind, std::string_view value) const;
  /// Tells keys apart without showing one.
  Bits128 id() const;

 private:
  core::Secret key_;
};

}  // namespace sekisho::audit
