// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "access/person.h"
#include "core/bytes.h"
#include "core/id.h"
#include "core/time.h"

namespace sekisho::access {

struct PasskeyKind;
/// By which its owner speaks of a passkey. No secret.
using PasskeyId = core::Id<PasskeyKind>;

/// What an authenticator has made for one person at this door (W3C Web Authentication Level 3,
/// "credential record"). No secret: the private key stays in the authenticator.
struct Passkey {
  PasskeyId id;
  PersonId person;
  core::Bytes credential;        ///< the authenticator's name for it, 16 to 1,023 bytes (§4)
  int algorithm = 0;             ///< of COSE, one of kPasskeyAlgorithms
  core::Bytes public_key;        ///< docs/formats/access.md
  std::uint32_t signatures = 0;  ///< the authenticator's count at the last use; some always say 0
  bool may_be_copied = false;    ///< to the owner's other devices ("backup eligible")
  std::string name;              ///< the owner's
  core::Time created_at;
  std::optional<core::Time> used_at;
};

/// Of one person.
inline constexpr int kMostPasskeys = 10;

}  // namespace sekisho::access
