// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "anonymization/pixels/rectangle.h"
#include "core/demand.h"
#include "imaging/decoders/image_shape.h"

namespace sekisho::anonymization {

/// How many bytes all frames take in a native syntax, before the padding to even length.
std::uint64_t native_size(const imaging::ImageShape& shape);

/// Blackens the rectangles in every frame. `pixels` are native_size() bytes, little endian. Parts
/// of rectangles outside the image are ignored; in ybr_full_422, whose pixels share their colour in
/// pairs, a pair is blackened whole. Throws DemandOver.
void paint_black(std::span<core::Byte> pixels, const imaging::ImageShape& shape,
                 std::span<const Rectangle> rectangles, const core::Demand& demand = {});

}  // namespace sekisho::anonymization
