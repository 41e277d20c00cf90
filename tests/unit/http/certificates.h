// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "core/digest.h"
#include "support/temporary_directory.h"

namespace sekisho::tests {

struct OpenSslDeleter {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using CertificatePtr = std::unique_ptr<X509, OpenSslDeleter>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslDeleter>;

/// A certificate and its key (P-256), made on the spot.
struct Credential {
  CertificatePtr certificate;
  KeyPtr key;
  std::string certificate_pem() const;
  std::string key_pem() const;
  /// Protected by the passphrase "secret".
  std::string encrypted_key_pem() const;
  core::Sha256 fingerprint() const;
};

/// What a certificate says; times are relative to now.
struct CertificateWish {
  std::string common_name = "gateway.test";
  std::string alternative_names = "DNS:gateway.test,IP:127.0.0.1";  ///< empty: none
  std::chrono::seconds not_before{-3600};
  std::chrono::seconds not_after{90 * 24 * 3600};
  bool authority = false;
};

/// Signed by `issuer`, or by itself.
Credential make_credential(const CertificateWish& wish, const Credential* issuer = nullptr);

/// The path of the file written, of mode 0600.
std::filesystem::path write_file(const TemporaryDirectory& directory, const std::string& name,
                                 const std::string& content);

}  // namespace sekisho::tests
