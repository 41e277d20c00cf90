// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/vr.h"

namespace sekisho::core::dicom {

/// Numbers of a value, in the byte order of the data set.
std::uint16_t read_u16(ByteView bytes, ByteOrder order);
std::uint32_t read_u32(ByteView bytes, ByteOrder order);
std::uint64_t read_u64(ByteView bytes, ByteOrder order);

/// Bytes of one number in a binary VR; 0 for VRs that hold no numbers.
std::size_t number_size(Vr vr);

}  // namespace sekisho::core::dicom
