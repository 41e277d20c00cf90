// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include "core/time.h"

namespace sekisho::tests {

/// A self-signed certificate and its key, made on the spot.
struct CertificateRequest {
  std::string common_name = "reader-1";
  core::Time not_after = std::chrono::sys_days{std::chrono::year{2027} / 1 / 1};
  const char* key_type = "EC";  ///< "EC" (P-256), "ED25519"
  const char* digest = "SHA256";
};
struct MadeCertificate {
  std::string pem;
  std::string key_pem;
  std::string der;
};

namespace detail {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* handle) const {
    free(handle);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using X509Handle = std::unique_ptr<X509, Free<X509_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;

inline void expect(bool good) {
  if (!good) throw std::runtime_error("OpenSSL could not make a test certificate");
}

inline std::string content(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace detail

inline MadeCertificate make_certificate(const CertificateRequest& request = {}) {
  using namespace detail;
  const bool edwards = std::string_view(request.key_type) == "ED25519";
  const Key key(edwards ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                        : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const X509Handle certificate(X509_new());
  expect(key && certificate);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  expect(X509_NAME_add_entry_by_txt(
             subject, "CN", MBSTRING_UTF8,
             reinterpret_cast<const unsigned char*>(request.common_name.c_str()), -1, -1, 0) == 1);
  expect(X509_set_issuer_name(certificate.get(), subject) == 1);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(request.not_after);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), 0);
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds.time_since_epoch().count());
  expect(X509_set_pubkey(certificate.get(), key.get()) == 1);
  const EVP_MD* digest = edwards ? nullptr : EVP_get_digestbyname(request.digest);
  expect(X509_sign(certificate.get(), key.get(), digest) > 0);

  const Bio pem(BIO_new(BIO_s_mem()));
  const Bio key_pem(BIO_new(BIO_s_mem()));
  const Bio der(BIO_new(BIO_s_mem()));
  expect(PEM_write_bio_X509(pem.get(), certificate.get()) == 1);
  expect(PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                  nullptr) == 1);
  expect(i2d_X509_bio(der.get(), certificate.get()) == 1);
  return {content(pem.get()), content(key_pem.get()), content(der.get())};
}

}  // namespace sekisho::tests
