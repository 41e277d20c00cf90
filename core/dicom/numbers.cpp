// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/numbers.h"

namespace sekisho::core::dicom {

std::uint16_t read_u16(ByteView bytes, ByteOrder order) {
  const auto first = static_cast<std::uint16_t>(bytes[0]);
  const auto second = static_cast<std::uint16_t>(bytes[1]);
  return static_cast<std::uint16_t>(order == ByteOrder::little ? first | (second << 8)
                                                               : second | (first << 8));
}

std::uint32_t read_u32(ByteView bytes, ByteOrder order) {
  const std::uint32_t first = read_u16(bytes.first(2), order);
  const std::uint32_t second = read_u16(bytes.subspan(2, 2), order);
  return order == ByteOrder::little ? first | (second << 16) : second | (first << 16);
}

std::uint64_t read_u64(ByteView bytes, ByteOrder order) {
  const std::uint64_t first = read_u32(bytes.first(4), order);
  const std::uint64_t second = read_u32(bytes.subspan(4, 4), order);
  return order == ByteOrder::little ? first | (second << 32) : second | (first << 32);
}

std::size_t number_size(Vr vr) {
  switch (vr) {
    case Vr::SS:
    case Vr::US:
      return 2;
    case Vr::AT:
    case Vr::FL:
    case Vr::SL:
    case Vr::UL:
      return 4;
    case Vr::FD:
    case Vr::SV:
    case Vr::UV:
      return 8;
    default:
      return 0;
  }
}

}  // namespace sekisho::core::dicom
