// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "http/entity_tag.h"

namespace sekisho::http {

struct Request;

/// Some bytes of something, in one piece and never none.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// What a request asks for of something that is there.
struct WholeThing {};
/// Nothing of what it asks for is there: 416.
struct NoSuchRange {};
using Wanted = std::variant<WholeThing, ByteRange, NoSuchRange>;

/// What `request` wants of something of `size_bytes` that bears `tag` (RFC 9110 §14.2, §13.1.5).
/// More ranges than one, other units than bytes and what cannot be read are answered with the
/// whole, as the standard allows.
Wanted wanted_range(const Request& request, std::uint64_t size_bytes,
                    const std::optional<EntityTag>& tag);

/// What a Content-Range field says (RFC 9110 §14.4).
struct ContentRange {
  std::optional<ByteRange> part;  ///< none with 416
  std::uint64_t whole_bytes = 0;
  std::string text() const;
};

}  // namespace sekisho::http
