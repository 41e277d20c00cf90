// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/x509_vfy.h>

#include <memory>
#include <variant>
#include <vector>

#include "core/digest.h"
#include "core/time.h"
#include "core/x509.h"
#include "sharing/denial.h"

namespace sekisho::sharing {

struct FreeStore {
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
};
using StoreHandle = std::unique_ptr<X509_STORE, FreeStore>;

/// SHA-256 of a certificate's SubjectPublicKeyInfo: what stays the same when it is renewed.
core::Sha256 key_of(X509* certificate);

/// A chain that holds.
struct CheckedChain {
  /// key_of() all authorities between the client and the one that is trusted, that one included.
  std::vector<core::Sha256> authorities;
  core::Time until;  ///< when the first certificate of it ends
};

/// Whether a client may show `shown` at `now` (RFC 5280 §6): it leads to a certificate in `store`,
/// each of which is trusted by itself, is for TLS clients (an extended key usage, where there is
/// one, lists clientAuth), is signed with SHA-256 or better all the way, by keys of 112 bits of
/// security, and stands on no revocation list; of each authority in between, and of the trusted
/// one, the store must have a list that is in force. Any thread.
///
/// Denial::unknown_authority: nobody in `store` has issued it; a self-signed one is such.
std::variant<CheckedChain, Denial> check(const core::CertificateChain& shown, X509_STORE& store,
                                         core::Time now);

}  // namespace sekisho::sharing
