// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>

#include "core/openssl_errors.h"

namespace sekisho::sharing {
namespace {

/// More than any certificate, less than what would keep a parser busy.
constexpr std::size_t kLargestPem = 64 * 1024;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeMemory {
  void operator()(void* memory) const { OPENSSL_free(memory); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
using X509Handle = std::unique_ptr<X509, FreeX509>;

struct PemBlock {
  std::string name;
  std::string header;
  core::Bytes content;
};

std::optional<PemBlock> next_block(BIO* bio) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* content = nullptr;
  long size = 0;
  if (PEM_read_bio(bio, &name, &header, &content, &size) != 1) return std::nullopt;
  const std::unique_ptr<char, FreeMemory> held_name(name);
  const std::unique_ptr<char, FreeMemory> held_header(header);
  const std::unique_ptr<unsigned char, FreeMemory> held_content(content);
  return PemBlock{name, header, core::Bytes(content, content + size)};
}

/// The DER of the one certificate in the text, nothing else beside it.
std::optional<core::Bytes> only_certificate(std::string_view pem) {
  if (pem.size() > kLargestPem) return std::nullopt;
  // A block that PEM_read_bio() would skip as broken must not hide a key from the count.
  constexpr std::string_view kBegin = "-----BEGIN ";
  const auto first = pem.find(kBegin);
  if (first == std::string_view::npos) return std::nullopt;
  if (pem.find(kBegin, first + 1) != std::string_view::npos) return std::nullopt;
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) throw std::bad_alloc();
  auto block = next_block(bio.get());
  if (!block || block->name != PEM_STRING_X509 || !block->header.empty()) return std::nullopt;
  return std::move(block->content);
}

/// NID_undef stands for Ed25519 and Ed448, which hash inside (RFC 8410).
bool signed_well(X509* certificate) {
  constexpr std::array kDigests = {NID_sha256,   NID_sha384,   NID_sha512, NID_sha3_256,
                                   NID_sha3_384, NID_sha3_512, NID_undef};
  int digest = NID_undef;
  int key = NID_undef;
  if (X509_get_signature_info(certificate, &digest, &key, nullptr, nullptr) != 1) return false;
  if (digest == NID_undef && key != NID_ED25519 && key != NID_ED448) return false;
  return std::find(kDigests.begin(), kDigests.end(), digest) != kDigests.end();
}

std::optional<core::Time> time_of(const ASN1_TIME* asn1) {
  std::tm parts{};
  if (asn1 == nullptr || ASN1_TIME_to_tm(asn1, &parts) != 1) return std::nullopt;
  using namespace std::chrono;
  const year_month_day day{year{parts.tm_year + 1900},
                           month(static_cast<unsigned>(parts.tm_mon) + 1),
                           std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
  if (!day.ok()) return std::nullopt;
  return core::Time(sys_days{day} + hours{parts.tm_hour} + minutes{parts.tm_min} +
                    seconds{parts.tm_sec});
}

/// RFC 2253 with names in UTF-8, as people write them; control characters stay escaped.
std::string subject_of(X509* certificate) {
  constexpr unsigned long kForm =
      XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio) throw std::bad_alloc();
  if (X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, kForm) < 0) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

std::optional<ParsedCertificate> parse_certificate(std::string_view pem) {
  const core::OpensslErrorMark mark;
  const auto der = only_certificate(pem);
  if (!der) return std::nullopt;
  const unsigned char* cursor = der->data();
  const X509Handle certificate(d2i_X509(nullptr, &cursor, static_cast<long>(der->size())));
  if (!certificate || cursor != der->data() + der->size()) return std::nullopt;
  if (!signed_well(certificate.get())) return std::nullopt;
  const auto not_after = time_of(X509_get0_notAfter(certificate.get()));
  if (!not_after) return std::nullopt;
  return ParsedCertificate{core::sha256(*der), subject_of(certificate.get()), *not_after};
}

}  // namespace sekisho::sharing
