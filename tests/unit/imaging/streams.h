// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "imaging/clean_stream.h"

namespace sekisho::imaging::tests {

using core::Byte;
using core::Bytes;
using core::ByteView;

/// What must not leave; no byte of it means anything in a stream.
inline constexpr std::string_view kCanary = "CANARY^TARO";

inline Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}
inline Bytes text(std::string_view words) {
  const ByteView bytes = core::as_bytes(words);
  return {bytes.begin(), bytes.end()};
}
inline const Bytes& canary() {
  static const Bytes bytes = text(kCanary);
  return bytes;
}
inline bool has_canary(ByteView bytes) {
  return core::as_text(bytes).find(kCanary) != std::string_view::npos;
}

/// A marker, a length of two bytes, and the content.
inline Bytes segment(unsigned marker, const Bytes& content) {
  const std::size_t length = content.size() + 2;
  return joined({{static_cast<Byte>(marker >> 8U), static_cast<Byte>(marker),
                  static_cast<Byte>(length >> 8U), static_cast<Byte>(length)},
                 content});
}

inline PixelLayout layout_of(std::uint32_t rows, std::uint32_t columns, std::uint32_t bits) {
  PixelLayout layout;
  layout.rows = rows;
  layout.columns = columns;
  layout.bits_allocated = bits;
  layout.high_bit = bits - 1;
  return layout;
}

/// What is left, which cleaning again leaves as it is; empty where it is refused.
inline Bytes cleaned(StreamCleaner cleaner, const Bytes& stream, const PixelLayout& layout) {
  const auto once = cleaner(stream, layout);
  if (std::holds_alternative<Refusal>(once)) return {};
  Bytes bytes = std::get<CleanStream>(once).edits.bytes(stream);
  const auto twice = cleaner(bytes, layout);
  if (std::holds_alternative<Refusal>(twice)) {
    ADD_FAILURE() << "what was made is refused";
  } else {
    EXPECT_EQ(std::get<CleanStream>(twice).edits.bytes(bytes), bytes);
  }
  return bytes;
}

}  // namespace sekisho::imaging::tests
