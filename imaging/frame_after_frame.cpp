// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/frame_after_frame.h"

#include <algorithm>
#include <utility>

#include "core/store_error.h"

namespace sekisho::imaging {

void FrameAfterFrame::keep(std::uint32_t frame, core::Bytes made) {
  const core::MutexLock lock(mutex_);
  made_ = std::move(made);
  kept_ = frame;
}

void FrameAfterFrame::read(std::uint64_t offset, std::span<core::Byte> out) const {
  const core::MutexLock lock(mutex_);
  while (!out.empty()) {
    const Place place = place_of(offset);
    if (kept_ != place.frame) {
      kept_.reset();
      make(place.frame, made_);
      if (made_.size() != place.range.size) throw core::StoreError("a frame has another length");
      kept_ = place.frame;
    }
    const auto begin = static_cast<std::size_t>(offset - place.range.offset);
    const auto part = out.first(std::min(out.size(), made_.size() - begin));
    std::ranges::copy(std::span(made_).subspan(begin, part.size()), part.begin());
    offset += part.size();
    out = out.subspan(part.size());
  }
}

}  // namespace sekisho::imaging
