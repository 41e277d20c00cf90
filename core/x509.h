// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/bio.h>
#include <openssl/x509.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/digest.h"
#include "core/time.h"

namespace sekisho::core {

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using X509Handle = std::unique_ptr<X509, FreeX509>;
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioHandle = std::unique_ptr<BIO, FreeBio>;
struct FreeCrl {
  void operator()(X509_CRL* list) const { X509_CRL_free(list); }
};
using CrlHandle = std::unique_ptr<X509_CRL, FreeCrl>;

// They leave what failed in OpenSSL's error queue: see core/openssl_errors.h.

/// `nullopt` for what names no second of the calendar.
std::optional<Time> time_of(const ASN1_TIME* time);
/// RFC 2253 with names in UTF-8, as people write them; control characters stay escaped.
std::string text_of(const X509_NAME* name);
/// Whether who issued it signed with SHA-256 or better; Ed25519 and Ed448 hash inside (RFC 8410).
bool is_signed_well(X509* certificate);
bool is_signed_well(const X509_CRL* list);

/// What the other side of a TLS connection has shown: its own certificate, whose key it has proven,
/// and those that it sent along, which nobody has looked at. Never changes; any thread.
class CertificateChain {
 public:
  CertificateChain(X509Handle own, std::vector<X509Handle> sent_along);

  X509* own() const { return own_.get(); }
  const std::vector<X509Handle>& sent_along() const { return sent_along_; }
  /// Of the DER of its own certificate.
  const Sha256& fingerprint() const { return fingerprint_; }
  /// Of all of them in their order.
  const Sha256& digest() const { return digest_; }

 private:
  X509Handle own_;
  std::vector<X509Handle> sent_along_;
  Sha256 fingerprint_;
  Sha256 digest_;
};

}  // namespace sekisho::core
