// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/dicom/element_header.h"

namespace sekisho::imaging {

/// Numbers of JPEG, JPEG-LS, JPEG 2000 and JP2, whose first byte is at `at`; all of it is there.
inline std::uint32_t big16(core::ByteView bytes, std::size_t at) {
  return core::dicom::read16(bytes.data() + at, core::dicom::ByteOrder::big);
}
inline std::uint32_t big32(core::ByteView bytes, std::size_t at) {
  return core::dicom::read32(bytes.data() + at, core::dicom::ByteOrder::big);
}

}  // namespace sekisho::imaging
