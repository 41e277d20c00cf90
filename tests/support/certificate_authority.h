// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "core/x509.h"
#include "support/certificates.h"
#include "support/sharing_builders.h"

namespace sekisho::tests {

/// What a certificate shall say. An extension is its NID and what openssl.cnf would have of it.
struct Wish {
  std::string common_name = "viewer";
  int string_type = V_ASN1_UTF8STRING;
  core::Time not_before = at("2026-01-01T00:00:00Z");
  core::Time not_after = at("2027-01-01T00:00:00Z");
  std::vector<std::pair<int, std::string>> extensions = {
      {NID_basic_constraints, "critical,CA:FALSE"}, {NID_ext_key_usage, "clientAuth"}};
  std::string host{};  ///< a DNS name among the alternative names, byte for byte
  const char* digest = "SHA256";
  int rsa_bits = 0;  ///< 0: P-256
};

inline Wish authority_wish(std::string name) {
  return {.common_name = std::move(name),
          .extensions = {{NID_basic_constraints, "critical,CA:TRUE"},
                         {NID_key_usage, "critical,keyCertSign,cRLSign"}}};
}

/// What a revocation list shall say.
struct ListWish {
  std::vector<const X509*> revoked{};
  core::Time since = at("2026-02-01T00:00:00Z");
  core::Time until = at("2026-03-01T00:00:00Z");
  const char* digest = "SHA256";
  bool says_until = true;
};

/// An authority, made on the spot, or one that another has certified.
class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name) : TestAuthority(authority_wish(name)) {}
  explicit TestAuthority(const Wish& wish) : key_(new_key(wish)) {
    certificate_ = made(wish, key_.get(), nullptr, key_.get());
  }
  TestAuthority(const Wish& wish, const TestAuthority& issuer) : key_(new_key(wish)) {
    certificate_ = made(wish, key_.get(), issuer.certificate_.get(), issuer.key_.get());
  }

  X509* certificate() const { return certificate_.get(); }
  std::string pem() const { return pem_of(certificate_.get()); }
  std::string key_pem() const {
    const detail::Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return detail::content(bio.get());
  }
  core::X509Handle issue(const Wish& wish = {}) const {
    const detail::Key key = new_key(wish);
    return made(wish, key.get(), certificate_.get(), key_.get());
  }
  std::string list_der(const ListWish& wish = {}) const {
    const detail::Bio bio(BIO_new(BIO_s_mem()));
    i2d_X509_CRL_bio(bio.get(), list(wish).get());
    return detail::content(bio.get());
  }
  std::string list_pem(const ListWish& wish = {}) const {
    const detail::Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509_CRL(bio.get(), list(wish).get());
    return detail::content(bio.get());
  }

  static std::string pem_of(X509* certificate) {
    const detail::Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return detail::content(bio.get());
  }

 private:
  static long long seconds(core::Time time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  }
  static detail::Key new_key(const Wish& wish) {
    if (wish.rsa_bits == 0) return detail::Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    return detail::Key(
        EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(wish.rsa_bits)));
  }
  static void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    detail::expect(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
  }
  static void name_host(X509* certificate, const std::string& host) {
    GENERAL_NAMES* names = sk_GENERAL_NAME_new_null();
    GENERAL_NAME* name = GENERAL_NAME_new();
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    ASN1_STRING_set(text, host.data(), static_cast<int>(host.size()));
    GENERAL_NAME_set0_value(name, GEN_DNS, text);
    sk_GENERAL_NAME_push(names, name);
    detail::expect(
        X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_APPEND) == 1);
    GENERAL_NAMES_free(names);
  }
  static core::X509Handle made(const Wish& wish, EVP_PKEY* key, X509* issuer,
                               EVP_PKEY* issuer_key) {
    static long serial = 0;
    core::X509Handle certificate(X509_new());
    X509* made = certificate.get();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    X509_NAME* subject = X509_get_subject_name(made);
    const auto add = [&](const char* type, const std::string& value) {
      detail::expect(
          X509_NAME_add_entry_by_txt(subject, type, wish.string_type,
                                     reinterpret_cast<const unsigned char*>(value.data()),
                                     static_cast<int>(value.size()), -1, 0) == 1);
    };
    add("O", "Kita Clinic");
    add("CN", wish.common_name);
    if (issuer == nullptr) issuer = made;
    X509_set_issuer_name(made, X509_get_subject_name(issuer));
    ASN1_TIME_set(X509_getm_notBefore(made), seconds(wish.not_before));
    ASN1_TIME_set(X509_getm_notAfter(made), seconds(wish.not_after));
    X509_set_pubkey(made, key);
    for (const auto& [nid, value] : wish.extensions) extend(made, issuer, nid, value);
    if (!wish.host.empty()) name_host(made, wish.host);
    detail::expect(X509_sign(made, issuer_key, EVP_get_digestbyname(wish.digest)) > 0);
    return certificate;
  }
  core::CrlHandle list(const ListWish& wish) const {
    core::CrlHandle list(X509_CRL_new());
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(certificate_.get()));
    const std::unique_ptr<ASN1_TIME, detail::Free<ASN1_TIME_free>> since(
        ASN1_TIME_set(nullptr, seconds(wish.since)));
    const std::unique_ptr<ASN1_TIME, detail::Free<ASN1_TIME_free>> until(
        ASN1_TIME_set(nullptr, seconds(wish.until)));
    X509_CRL_set1_lastUpdate(list.get(), since.get());
    if (wish.says_until) X509_CRL_set1_nextUpdate(list.get(), until.get());
    for (const X509* each : wish.revoked) {
      X509_REVOKED* revoked = X509_REVOKED_new();
      ASN1_INTEGER* serial = ASN1_INTEGER_dup(X509_get0_serialNumber(each));
      X509_REVOKED_set_serialNumber(revoked, serial);
      ASN1_INTEGER_free(serial);
      X509_REVOKED_set_revocationDate(revoked, since.get());
      X509_CRL_add0_revoked(list.get(), revoked);
    }
    X509_CRL_sort(list.get());
    detail::expect(X509_CRL_sign(list.get(), key_.get(), EVP_get_digestbyname(wish.digest)) > 0);
    return list;
  }

  detail::Key key_;
  core::X509Handle certificate_;
};

/// As a client shows it, with what it sends along.
inline core::CertificateChain shown(const core::X509Handle& own,
                                    const std::vector<X509*>& sent_along = {}) {
  const auto shared = [](X509* certificate) {
    X509_up_ref(certificate);
    return core::X509Handle(certificate);
  };
  std::vector<core::X509Handle> others;
  for (X509* each : sent_along) others.push_back(shared(each));
  return {shared(own.get()), std::move(others)};
}

}  // namespace sekisho::tests
