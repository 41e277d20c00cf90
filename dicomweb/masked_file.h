// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "anonymization/masking/mask.h"
#include "core/bytes.h"

namespace sekisho::dicomweb {

/// Fills `out` with the bytes from `offset` on of the Part 10 file; there are as many. Throws
/// StoreError.
void read_file(const anonymization::Masked& file, std::uint64_t offset, std::span<core::Byte> out);

}  // namespace sekisho::dicomweb
