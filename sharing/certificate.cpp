// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/certificate.h"

#include <openssl/pem.h>

#include <memory>
#include <new>

#include "core/openssl_errors.h"
#include "core/x509.h"

namespace sekisho::sharing {
namespace {

/// More than any certificate, less than what would keep a parser busy.
constexpr std::size_t kLargestPem = 64 * 1024;

struct FreeMemory {
  void operator()(void* memory) const { OPENSSL_free(memory); }
};

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
  const core::BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) throw std::bad_alloc();
  auto block = next_block(bio.get());
  if (!block || block->name != PEM_STRING_X509 || !block->header.empty()) return std::nullopt;
  return std::move(block->content);
}

}  // namespace

std::optional<ParsedCertificate> parse_certificate(std::string_view pem) {
  const core::OpensslErrorMark mark;
  const auto der = only_certificate(pem);
  if (!der) return std::nullopt;
  const unsigned char* cursor = der->data();
  const core::X509Handle certificate(d2i_X509(nullptr, &cursor, static_cast<long>(der->size())));
  if (!certificate || cursor != der->data() + der->size()) return std::nullopt;
  if (!core::is_signed_well(certificate.get())) return std::nullopt;
  const auto not_after = core::time_of(X509_get0_notAfter(certificate.get()));
  if (!not_after) return std::nullopt;
  return ParsedCertificate{core::sha256(*der),
                           core::text_of(X509_get_subject_name(certificate.get())), *not_after};
}

}  // namespace sekisho::sharing
