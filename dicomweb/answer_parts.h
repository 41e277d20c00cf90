// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "anonymization/masking/mask.h"
#include "dicomweb/call.h"
#include "dicomweb/desk.h"
#include "dicomweb/negotiation.h"
#include "dicomweb/part_content.h"
#include "dicomweb/parts_body.h"
#include "imaging/frame_index.h"

namespace sekisho::dicomweb {

/// Where the frames of an instance lie. Null: it has none, or nobody can say.
std::shared_ptr<const imaging::FrameIndex> frames_of(const anonymization::Masked& instance);

/// These frames, all of which are there.
std::vector<PartContent> contents_of(const std::shared_ptr<const imaging::FrameIndex>& index,
                                     std::span<const std::uint32_t> frames);

/// The forms that `count` frames can have (PS3.18 §8.7.3.3): code streams as they are stored, under
/// the type of an image or of bytes; cells as bytes. One alone as a single part too.
std::vector<Offer> pixel_offers(const anonymization::Masked& instance,
                                const imaging::FrameIndex& index, std::size_t count);

/// What is sent of one instance, and how it can be.
struct PartsAnswer {
  std::uint32_t frames_in_each = 0;  ///< of the contents
  std::vector<Offer> offers;
  std::vector<PartContent> contents;  ///< never empty
};
/// Puts on record, then sends as it is: one content of the one instance, in ranges too.
Reply send_alone(Desk& desk, const Call& call, Granted granted, PartsBody::Parts parts);
/// Puts on record, then sends; 406, on record as well, where it cannot be had in any form that was
/// asked for.
Reply send_parts(Desk& desk, const Call& call, Granted granted, PartsAnswer answer);

}  // namespace sekisho::dicomweb
