// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>

#include "access/passkey.h"
#include "access/refusal.h"
#include "core/bytes.h"
#include "core/digest.h"

namespace sekisho::access {

// What authenticators say (W3C Web Authentication Level 3, §6.1), read and verified by libfido2.
// They must have verified their user, by a PIN or a feature of the body. Any thread.

/// ES256, EdDSA and RS256 of COSE, in the order in which we like them: what authenticators of
/// Windows, Apple, Google and on keys make.
inline constexpr std::array<int, 3> kPasskeyAlgorithms = {-7, -8, -257};

/// A passkey of nobody yet. That is all: no attestation is asked for, so nobody says which make the
/// authenticator is.
std::variant<Passkey, Refusal> read_new_passkey(core::ByteView authenticator_data,
                                                const std::string& party);

struct Assertion {
  core::ByteView authenticator_data;
  core::ByteView signature;
  core::Sha256 client_data{};
};
/// The count of signatures that goes with it, if `passkey` signed it for `party`.
std::variant<std::uint32_t, Refusal> verify_assertion(const Assertion& shown,
                                                      const Passkey& passkey,
                                                      const std::string& party);

}  // namespace sekisho::access
