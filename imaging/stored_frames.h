// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/demand.h"
#include "core/dicom/element_header.h"
#include "core/stored_file.h"
#include "imaging/fragments.h"

namespace sekisho::imaging {

/// The declared frames of an encapsulated value, as it is stored.
struct StoredFrames {
  Fragments fragments;
  std::vector<FrameFragments> frames;

  std::span<const Fragment> of(const FrameFragments& frame) const {
    return std::span(fragments.all).subspan(frame.first, frame.count);
  }
};

/// Believes the offset tables as find_frames() says, else looks how fragments begin. `elements` are
/// those of group 7FE0 in `file`, the encapsulated one the last. `nullopt`: the value is malformed,
/// or nothing says for certain where its frames are. Throws StoreError and DemandOver.
std::optional<StoredFrames> read_stored_frames(const core::StoredFile& file,
                                               std::span<const core::dicom::ElementHeader> elements,
                                               std::uint32_t frames, const core::Demand& demand);

}  // namespace sekisho::imaging
