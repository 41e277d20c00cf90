// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/x509.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::sharing {

struct FreeX509Name {
  void operator()(X509_NAME* name) const { X509_NAME_free(name); }
};
using X509NameHandle = std::unique_ptr<X509_NAME, FreeX509Name>;

// Both may leave something in OpenSSL's error queue: see core/openssl_errors.h.

/// RFC 4514 §3, with spaces around "," "+" and "=" at will; attributes by OpenSSL's short names or
/// as dotted numbers. Null for anything else, an empty name included.
X509NameHandle parse_distinguished_name(std::string_view text);

/// What two names have in common that RFC 5280 §7.1 takes for one: strings of whatever kind in
/// UTF-8, letters of ASCII in lower case, spaces trimmed and single; attributes of one RDN in an
/// order of their own. No other two names have the same form. `nullopt` where a value is no string,
/// or has a control character in it.
std::optional<std::string> compared_form(const X509_NAME* name);

}  // namespace sekisho::sharing
