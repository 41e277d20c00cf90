// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/http/certificates.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <functional>
#include <stdexcept>

namespace sekisho::tests {
namespace {

std::string pem_of(const std::function<int(BIO*)>& write) {
  BIO* bio = BIO_new(BIO_s_mem());
  if (write(bio) != 1) throw std::runtime_error("cannot write PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  if (extension == nullptr) throw std::runtime_error("cannot make an extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

}  // namespace

std::string Credential::certificate_pem() const {
  return pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
}

std::string Credential::key_pem() const {
  return pem_of([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::string Credential::encrypted_key_pem() const {
  return pem_of([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key.get(), EVP_aes_128_cbc(),
                                    reinterpret_cast<const unsigned char*>("secret"), 6, nullptr,
                                    nullptr);
  });
}

core::Sha256 Credential::fingerprint() const {
  core::Sha256 digest{};
  X509_digest(certificate.get(), EVP_sha256(), digest.data(), nullptr);
  return digest;
}

Credential make_credential(const CertificateWish& wish, const Credential* issuer) {
  static long serial = 0;
  Credential made{CertificatePtr(X509_new()), KeyPtr(EVP_EC_gen("P-256"))};
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wish.not_before.count());
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.not_after.count());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1,
                             -1, 0);
  X509* signer = issuer != nullptr ? issuer->certificate.get() : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(signer));
  X509_set_pubkey(certificate, made.key.get());
  if (wish.authority) add_extension(certificate, signer, NID_basic_constraints, "critical,CA:TRUE");
  if (!wish.alternative_names.empty()) {
    add_extension(certificate, signer, NID_subject_alt_name, wish.alternative_names.c_str());
  }
  EVP_PKEY* key = issuer != nullptr ? issuer->key.get() : made.key.get();
  if (X509_sign(certificate, key, EVP_sha256()) == 0) throw std::runtime_error("cannot sign");
  return made;
}

std::filesystem::path write_file(const TemporaryDirectory& directory, const std::string& name,
                                 const std::string& content) {
  using std::filesystem::perms;
  const std::filesystem::path file = directory.path() / name;
  std::ofstream(file, std::ios::binary) << content;
  std::filesystem::permissions(file, perms::owner_read | perms::owner_write);
  return file;
}

}  // namespace sekisho::tests
