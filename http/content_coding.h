// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "http/response.h"

namespace sekisho::http {

struct Request;

/// Whether an Accept-Encoding field allows gzip (RFC 9110 §12.5.3): it names it, or an asterisk,
/// and not with a quality of 0. An empty field asks for nothing.
bool accepts_gzip(std::string_view accept_encoding);

/// `response`, or the same as gzip (RFC 9110 §8.4.1.3) where `request` accepts that and there is
/// something to gain: JSON, XML and pages of more than a packet. Pixels and archives are what they
/// are. What is read of a stream is compressed as it is sent; its outcome counts the bytes before.
/// Nothing that we answer has a secret of ours in it that a recipient could guess at by its length.
Response compressed(Response response, const Request& request);

}  // namespace sekisho::http
