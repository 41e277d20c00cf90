// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <variant>

#include "core/bytes.h"
#include "core/dicom/tag.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/vr.h"

namespace sekisho::core::dicom {

inline constexpr std::uint32_t kUndefinedLength = 0xFFFFFFFF;
/// Tag and length of an item or delimiter, and the least that an element has (PS3.5 §7.1).
inline constexpr std::size_t kShortHeaderBytes = 8;
/// Explicit VR with a 32-bit length.
inline constexpr std::size_t kLongHeaderBytes = 12;

inline std::uint16_t read16(const Byte* at, ByteOrder order) {
  return order == ByteOrder::little ? static_cast<std::uint16_t>(at[0] | at[1] << 8)
                                    : static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}

inline std::uint32_t read32(const Byte* at, ByteOrder order) {
  const std::uint32_t first = read16(at, order);
  const std::uint32_t second = read16(at + 2, order);
  return order == ByteOrder::little ? first | second << 16 : first << 16 | second;
}

inline void write16(Byte* at, std::uint16_t number, ByteOrder order) {
  const auto low = static_cast<Byte>(number & 0xFF);
  const auto high = static_cast<Byte>(number >> 8);
  at[0] = order == ByteOrder::little ? low : high;
  at[1] = order == ByteOrder::little ? high : low;
}

inline void write32(Byte* at, std::uint32_t number, ByteOrder order) {
  const auto low = static_cast<std::uint16_t>(number & 0xFFFF);
  const auto high = static_cast<std::uint16_t>(number >> 16);
  write16(at, order == ByteOrder::little ? low : high, order);
  write16(at + 2, order == ByteOrder::little ? high : low, order);
}

inline Tag read_tag(const Byte* at, ByteOrder order) {
  return Tag{read16(at, order), read16(at + 2, order)};
}

/// What stands before a value.
struct ElementHeader {
  Tag tag;
  Vr vr = Vr::UN;
  VrCoding coding = VrCoding::explicit_vr;
  std::uint8_t size_bytes = 0;     ///< of the header itself
  std::uint32_t length = 0;        ///< of the value; kUndefinedLength
  std::uint64_t value_offset = 0;  ///< set by whoever knows where it was read
  bool is_undefined() const { return length == kUndefinedLength; }
};

/// Why a header could not be read.
enum class HeaderProblem { too_few_bytes, unknown_vr };

/// Reads the header at the front of `bytes`; in implicit VR the dictionary gives the VR. A VR that
/// no edition defines is refused, not guessed: parsers differ on how long its length field is.
std::variant<ElementHeader, HeaderProblem> read_element_header(ByteView bytes, VrCoding vr,
                                                               ByteOrder order);

}  // namespace sekisho::core::dicom
