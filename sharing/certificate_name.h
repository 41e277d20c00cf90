// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"

struct x509_st;

namespace sekisho::sharing {

/// Where in a certificate a name stands: its subject, or a kind of subject alternative name.
enum class NameKind { subject, uri, dns, email };
std::string_view name(NameKind kind);  ///< "subject", "uri", "dns", "email"
std::optional<NameKind> parse_name_kind(std::string_view name);

/// A name that a certificate may have.
struct CertificateName {
  NameKind kind = NameKind::subject;
  std::string text;  ///< as people read it
  /// Equal where two names are the same one, however they are encoded (docs/certificates.md): of a
  /// subject RFC 5280 §7.1 with ASCII alone folded, of a host its letters without case, of a mail
  /// address those of its host, of a URI every byte.
  core::Sha256 key{};
};

/// Characters of a name that is written down.
inline constexpr std::size_t kLongestCertificateName = 1024;

/// Reads a name as people write it, a subject by RFC 4514 with spaces around its separators at
/// will. `nullopt` for what is none, for an empty subject, and for a wildcard: a name is one.
std::optional<CertificateName> parse_certificate_name(NameKind kind, std::string_view text);

/// The keys of all names of these kinds that a certificate has. `nullopt` where one of them cannot
/// be read in one way only: with a control character in it, two sets of alternative names, or
/// more than anybody needs.
std::optional<std::vector<core::Sha256>> names_of(x509_st* certificate);

}  // namespace sekisho::sharing
