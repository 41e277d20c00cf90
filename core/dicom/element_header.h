// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "core/bytes.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/tag.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/vr.h"

namespace sekisho::core::dicom {

inline constexpr std::uint32_t kUndefinedLength = 0xFFFFFFFF;
/// Tag and length of an item or delimiter, and the least that an element has (PS3.5 §7.1).
inline constexpr std::size_t kShortHeaderBytes = 8;
/// Explicit VR with a 32-bit length.
inline constexpr std::size_t kLongHeaderBytes = 12;

/// Numbers of the machine as numbers of a data set, and back: the same bytes or the reverse.
inline std::uint16_t reordered(std::uint16_t number, ByteOrder order) {
  const bool is_native =
      (order == ByteOrder::little) == (std::endian::native == std::endian::little);
  return is_native ? number : __builtin_bswap16(number);
}
inline std::uint32_t reordered(std::uint32_t number, ByteOrder order) {
  const bool is_native =
      (order == ByteOrder::little) == (std::endian::native == std::endian::little);
  return is_native ? number : __builtin_bswap32(number);
}

inline std::uint16_t read16(const Byte* at, ByteOrder order) {
  std::uint16_t number = 0;
  std::memcpy(&number, at, sizeof(number));
  return reordered(number, order);
}

inline std::uint32_t read32(const Byte* at, ByteOrder order) {
  std::uint32_t number = 0;
  std::memcpy(&number, at, sizeof(number));
  return reordered(number, order);
}

inline void write16(Byte* at, std::uint16_t number, ByteOrder order) {
  number = reordered(number, order);
  std::memcpy(at, &number, sizeof(number));
}

inline void write32(Byte* at, std::uint32_t number, ByteOrder order) {
  number = reordered(number, order);
  std::memcpy(at, &number, sizeof(number));
}

inline Tag read_tag(const Byte* at, ByteOrder order) {
  return Tag{read16(at, order), read16(at + 2, order)};
}

inline void write_tag(Byte* at, Tag tag, ByteOrder order) {
  write16(at, tag.group(), order);
  write16(at + 2, tag.element(), order);
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

/// How reading a header went.
enum class HeaderReading { sound, too_few_bytes, unknown_vr };

/// Reads the header at the front of `bytes` but for its value_offset; in implicit VR the dictionary
/// gives the VR. A VR that no edition defines is refused, not guessed: parsers differ on how long
/// its length field is. Inline, with plain results: every element of every file comes through here.
inline HeaderReading read_element_header(ByteView bytes, VrCoding coding, ByteOrder order,
                                         ElementHeader& header) {
  if (bytes.size() < kShortHeaderBytes) return HeaderReading::too_few_bytes;
  const Byte* const at = bytes.data();
  header.tag = read_tag(at, order);
  header.coding = coding;
  header.size_bytes = kShortHeaderBytes;
  if (coding == VrCoding::implicit_vr) {
    header.vr = implicit_vr(header.tag);
    header.length = read32(at + 4, order);
    return HeaderReading::sound;
  }
  const detail::VrTraits traits = detail::traits_of(at[4], at[5]);
  if (traits == 0) return HeaderReading::unknown_vr;
  header.vr = static_cast<Vr>(at[4] << 8 | at[5]);
  if ((traits & detail::kHasLongLength) == 0) {
    header.length = read16(at + 6, order);
    return HeaderReading::sound;
  }
  if (bytes.size() < kLongHeaderBytes) return HeaderReading::too_few_bytes;
  header.size_bytes = kLongHeaderBytes;
  header.length = read32(at + 8, order);
  return HeaderReading::sound;
}

}  // namespace sekisho::core::dicom
