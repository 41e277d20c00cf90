// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/setup_trouble.h"
#include "core/x509.h"

namespace sekisho::sharing {

/// Where the authorities stand whose certificates clients may show.
struct ClientAuthorityFiles {
  core::ConfiguredPath authorities;  ///< a file of PEM
  /// Their revocation lists and those of authorities below them: a file of PEM or DER, or a
  /// directory of such files, of which names that begin with a dot count for nothing.
  core::ConfiguredPath revocation_lists;
};

/// Each of them an authority: with CA:TRUE and the right to sign certificates and lists, a key of
/// 112 bits of security (RSA 2048, P-224) and a signature of SHA-256 or better. Whether it has
/// expired is not looked at: that changes with time.
std::variant<std::vector<core::X509Handle>, core::SetupTrouble> read_authorities(
    const core::ConfiguredPath& file);

/// All of them or trouble: a list that cannot be read may be the one that matters. Each is signed
/// with SHA-256 or better and says when the next one comes. Who signed it is not looked at.
std::variant<std::vector<core::CrlHandle>, core::SetupTrouble> read_revocation_lists(
    const core::ConfiguredPath& place);

/// Another text than before once something of these files has changed.
std::string stamp_of(const ClientAuthorityFiles& files);

}  // namespace sekisho::sharing
