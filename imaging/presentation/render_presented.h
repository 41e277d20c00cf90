// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/bytes.h"
#include "core/demand.h"
#include "imaging/presentation/placement.h"
#include "imaging/presentation/presentation_state.h"
#include "imaging/rendering/display_attributes.h"
#include "imaging/rendering/picture.h"

namespace sekisho::imaging {

/// One frame of an image as a presentation state says (PS3.4 §N.2): what the image itself says of
/// Modality, VOI and Presentation LUT, and its overlays, do not count. `cells`, `image` and `frame`
/// are as for render_frame(), `instance` is the image by the name that the state has for it.
/// Without `room` pixels are as large as the image's. Not done: texts, compound graphics, and which
/// figures lie over which others. `nullopt`: it is no picture, not of the kind that the state is
/// for, or has more figures than can be drawn. Throws DemandOver. Pure; any thread.
std::optional<Picture> render_presented(core::ByteView cells, DisplayAttributes image,
                                        const PresentationState& state, std::string_view instance,
                                        std::uint32_t frame, const std::optional<Room>& room,
                                        const core::Demand& demand = {});

/// What that takes of memory beside the frame, in bytes.
std::uint64_t presenting_bytes(const PixelLayout& layout, const PresentationState& state,
                               std::string_view instance, std::uint32_t frame,
                               const std::optional<Room>& room);

}  // namespace sekisho::imaging
