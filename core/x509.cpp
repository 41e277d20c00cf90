// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/x509.h"

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <new>
#include <stdexcept>

namespace sekisho::core {
namespace {

Sha256 fingerprint_of(X509* certificate) {
  Sha256 digest{};
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1 || size != digest.size()) {
    throw std::runtime_error("OpenSSL cannot digest a certificate");
  }
  return digest;
}

Sha256 digest_of(const Sha256& own, const std::vector<X509Handle>& sent_along) {
  Sha256 digest = own;
  for (const X509Handle& certificate : sent_along) {
    digest = sha256({digest, fingerprint_of(certificate.get())});
  }
  return digest;
}

bool is_strong(int digest, int key) {
  constexpr std::array kDigests = {NID_sha256,   NID_sha384,   NID_sha512,
                                   NID_sha3_256, NID_sha3_384, NID_sha3_512};
  if (digest == NID_undef) return key == NID_ED25519 || key == NID_ED448;
  return std::find(kDigests.begin(), kDigests.end(), digest) != kDigests.end();
}

struct FreePss {
  void operator()(RSA_PSS_PARAMS* parameters) const { RSA_PSS_PARAMS_free(parameters); }
};

/// RFC 4055 §3.1: SHA-1 where the parameters name none.
int digest_of_pss(const X509_CRL* list) {
  const X509_ALGOR* algorithm = nullptr;
  X509_CRL_get0_signature(list, nullptr, &algorithm);
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(nullptr, &type, &value, algorithm);
  if (type != V_ASN1_SEQUENCE) return NID_undef;
  const auto* der = static_cast<const ASN1_STRING*>(value);
  const unsigned char* cursor = ASN1_STRING_get0_data(der);
  const std::unique_ptr<RSA_PSS_PARAMS, FreePss> parameters(
      d2i_RSA_PSS_PARAMS(nullptr, &cursor, ASN1_STRING_length(der)));
  if (!parameters || parameters->hashAlgorithm == nullptr) return NID_sha1;
  return OBJ_obj2nid(parameters->hashAlgorithm->algorithm);
}

}  // namespace

std::optional<Time> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  using namespace std::chrono;
  const year_month_day day{year{parts.tm_year + 1900},
                           month(static_cast<unsigned>(parts.tm_mon) + 1),
                           std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
  if (!day.ok()) return std::nullopt;
  return Time(sys_days{day} + hours{parts.tm_hour} + minutes{parts.tm_min} + seconds{parts.tm_sec});
}

std::string text_of(const X509_NAME* name) {
  constexpr unsigned long kForm =
      XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  const BioHandle bio(BIO_new(BIO_s_mem()));
  if (!bio) throw std::bad_alloc();
  if (X509_NAME_print_ex(bio.get(), name, 0, kForm) < 0) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

bool is_signed_well(X509* certificate) {
  int digest = NID_undef;
  int key = NID_undef;
  return X509_get_signature_info(certificate, &digest, &key, nullptr, nullptr) == 1 &&
         is_strong(digest, key);
}

bool is_signed_well(const X509_CRL* list) {
  int digest = NID_undef;
  int key = NID_undef;
  if (OBJ_find_sigid_algs(X509_CRL_get_signature_nid(list), &digest, &key) != 1) return false;
  if (key == NID_rsassaPss) digest = digest_of_pss(list);
  return is_strong(digest, key);
}

CertificateChain::CertificateChain(X509Handle own, std::vector<X509Handle> sent_along)
    : own_(std::move(own)),
      sent_along_(std::move(sent_along)),
      fingerprint_(fingerprint_of(own_.get())),
      digest_(digest_of(fingerprint_, sent_along_)) {}

}  // namespace sekisho::core
