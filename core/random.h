// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "core/bytes.h"

namespace sekisho::core {

// Nobody asks for what is random but here, so that what stands in for random.cpp decides it.

/// From the operating system's generator; throws std::runtime_error if it fails. Any thread.
void fill_random(std::span<Byte> out);
/// The same from a stock, for what is random but no key: salts, nonces, names. Any thread.
void fill_nonce(std::span<Byte> out);

}  // namespace sekisho::core
