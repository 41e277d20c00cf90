// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/bulk_data.h"

#include <algorithm>
#include <cstddef>

namespace sekisho::dicomweb {
namespace {

using core::dicom::Vr;

/// How many bytes are turned round together (PS3.5 §7.3).
std::size_t word_bytes(Vr vr) {
  switch (vr) {
    case Vr::OW:
    case Vr::US:
    case Vr::SS:
    case Vr::AT:  // two numbers
      return 2;
    case Vr::OL:
    case Vr::OF:
    case Vr::UL:
    case Vr::SL:
    case Vr::FL:
      return 4;
    case Vr::OD:
    case Vr::OV:
    case Vr::FD:
    case Vr::UV:
    case Vr::SV:
      return 8;
    default:
      return 1;
  }
}

}  // namespace

core::Bytes little_endian(core::ByteView value, Vr vr, core::dicom::ByteOrder order) {
  core::Bytes bytes(value.begin(), value.end());
  if (order == core::dicom::ByteOrder::little) return bytes;
  const std::size_t width = word_bytes(vr);
  for (std::size_t i = 0; i + width <= bytes.size(); i += width) {
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(i);
    std::reverse(begin, begin + static_cast<std::ptrdiff_t>(width));
  }
  return bytes;
}

bool may_be_bulk_data(Vr vr) {
  switch (vr) {
    case Vr::DS:
    case Vr::FD:
    case Vr::FL:
    case Vr::IS:
    case Vr::LT:
    case Vr::OB:
    case Vr::OD:
    case Vr::OF:
    case Vr::OL:
    case Vr::OV:
    case Vr::OW:
    case Vr::SL:
    case Vr::SS:
    case Vr::ST:
    case Vr::SV:
    case Vr::UC:
    case Vr::UL:
    case Vr::UN:
    case Vr::US:
    case Vr::UT:
    case Vr::UV:
      return true;
    default:
      return false;
  }
}

}  // namespace sekisho::dicomweb
