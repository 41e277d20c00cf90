// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "anonymization/masking/mask.h"
#include "core/demand.h"
#include "core/memory_budget.h"
#include "dicomweb/picture_mark.h"
#include "dicomweb/picture_wishes.h"
#include "imaging/decoders/decoded_frames.h"
#include "imaging/presentation/presentation_state.h"
#include "imaging/rendering/picture.h"

namespace sekisho::dicomweb {

/// One masked instance of which pictures are made, a frame at a time. Made of nothing but what is
/// masked. One thread.
class RenderedInstance {
 public:
  /// `masked` and `mark`, which each picture gets, outlive what is made of them. `nullopt`: it has
  /// no frames that anybody could find, or they are nothing that is seen.
  static std::optional<RenderedInstance> of(const anonymization::Masked& masked,
                                            const PictureMark& mark, const core::Demand& demand);

  std::uint32_t frames() const { return frames_.count(); }
  /// The one that stands for all (Representative Frame Number), counted from 0.
  std::uint32_t representative() const;
  /// How long the frame is shown in a run.
  double frame_ms() const;

  /// Takes what it needs of `memory` while it works. `nullopt`: the frame is not there, cannot be
  /// decoded, or is nothing that is seen. Throws StoreError, MemoryShortage and DemandOver.
  std::optional<imaging::Picture> picture(std::uint32_t frame, const PictureWishes& wishes,
                                          core::MemoryBudget& memory,
                                          const core::Demand& demand) const;
  /// The same as a presentation state wants it seen, which has its own windows; `name` is the
  /// instance's in the state. `nullopt` also where the state is for images of another kind.
  std::optional<imaging::Picture> picture(std::uint32_t frame, const PictureWishes& wishes,
                                          const imaging::PresentationState& state,
                                          std::string_view name, core::MemoryBudget& memory,
                                          const core::Demand& demand) const;

 private:
  /// The cells of a frame as decoders leave them, and what the header says about showing it.
  struct Decoded {
    core::Bytes cells;
    imaging::DisplayAttributes attributes;
  };
  std::optional<Decoded> decode(std::uint32_t frame) const;
  /// What a frame takes while it is decoded and then shown, `nullopt` where that is too much.
  std::optional<std::uint64_t> working_bytes(std::uint64_t showing_bytes) const;
  /// The picture as it leaves.
  std::optional<imaging::Picture> finished(std::optional<imaging::Picture> picture,
                                           PictureWishes::Profile profile,
                                           const imaging::DisplayAttributes& attributes) const;
  RenderedInstance(const anonymization::Masked& masked, const PictureMark& mark,
                   imaging::PixelLayout layout, imaging::DecodedFrames frames)
      : masked_(&masked), mark_(&mark), layout_(layout), frames_(std::move(frames)) {}
  imaging::DisplayAttributes attributes(std::uint32_t frame) const;

  const anonymization::Masked* masked_;
  const PictureMark* mark_;
  imaging::PixelLayout layout_;
  imaging::DecodedFrames frames_;
};

}  // namespace sekisho::dicomweb
