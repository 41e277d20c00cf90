// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/digest.h"
#include "core/time.h"

namespace sekisho::sharing {

/// What enrolment needs to know of an X.509 certificate.
struct ParsedCertificate {
  core::Sha256 sha256{};  ///< of its DER
  std::string subject;    ///< RFC 2253
  core::Time not_after;
};

/// Reads exactly one certificate in PEM. `nullopt` for anything else, for one signed with SHA-1 or
/// MD5, and for one that holds a private key beside it.
std::optional<ParsedCertificate> parse_certificate(std::string_view pem);

}  // namespace sekisho::sharing
