// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "core/demand.h"
#include "imaging/rendering/display_attributes.h"
#include "imaging/rendering/picture.h"

namespace sekisho::imaging {

/// What rendering a frame of the layout takes of memory beside the frame, in bytes.
std::uint64_t rendering_bytes(const PixelLayout& layout);

/// One frame as it is looked at (PS3.18 §8.3.5, PS3.4 §N.2): its own window or table, or the window
/// of the attributes, which the caller may have replaced; at the size of the image. `cells` are
/// those of the frame as decoders leave them: little endian, colour by pixel, single bits from the
/// lowest of each byte on. `frame` is counted from 0. `nullopt`: it is no picture, or its cells are
/// not what its layout says. Throws DemandOver. Pure; any thread.
std::optional<Picture> render_frame(core::ByteView cells, const DisplayAttributes& attributes,
                                    std::uint32_t frame, const core::Demand& demand = {});

/// White where the plane has a bit (PS3.3 §C.9.2), or another `level`: from the frame on that it
/// begins at. `frame` is counted from 0.
void draw_overlay(const Overlay& overlay, std::uint32_t frame, Picture& picture,
                  core::Byte level = 255);

}  // namespace sekisho::imaging
