// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/pictures_body.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sekisho::dicomweb {
std::uint64_t encoding_bytes(const imaging::Picture& picture) {
  return 2 * (picture.cells.size() + picture.profile.size());
}

core::Bytes encoded(const imaging::Picture& picture, const PictureOrder& order) {
  return order.media_type == "image/png" ? imaging::encode_png(picture)
                                         : imaging::encode_jpeg(picture, order.wishes.quality);
}

std::uint32_t frames_wanted(const RenderedInstance& instance, const PictureOrder& order) {
  if (order.frames == PictureOrder::Frames::all) return instance.frames();
  const bool is_listed = order.frames == PictureOrder::Frames::listed;
  return is_listed ? static_cast<std::uint32_t>(order.listed.size()) : 1;
}

std::uint32_t wanted_frame(const RenderedInstance& instance, const PictureOrder& order,
                           std::uint32_t place) {
  if (order.frames == PictureOrder::Frames::all) return place;
  const bool is_listed = order.frames == PictureOrder::Frames::listed;
  return is_listed ? order.listed.at(place) : instance.representative();
}

PicturesBody::PicturesBody(disclosure::Disclosure disclosure, PictureOrder order,
                           core::MemoryBudget& memory)
    : DisclosedBody(std::move(disclosure)), order_(std::move(order)), memory_(memory) {}

std::size_t PicturesBody::fill(std::span<core::Byte> out) {
  while (position_ == made_.size()) {
    made_.clear();
    position_ = 0;
    if (!advance()) return 0;
  }
  const std::size_t count = std::min(out.size(), made_.size() - position_);
  const auto from = made_.begin() + static_cast<std::ptrdiff_t>(position_);
  std::copy_n(from, count, out.begin());
  position_ += count;
  return count;
}

std::uint64_t PicturesBody::frames_in(std::uint64_t bytes) const noexcept {
  const auto sent = std::ranges::upper_bound(picture_ends_, bytes);
  return static_cast<std::uint64_t>(sent - picture_ends_.begin());
}

bool PicturesBody::advance() {
  if (closed_) return false;
  if (!instance_ && !open_next()) {
    close();
    return true;
  }
  disclosure().demand().ask();
  append_picture(wanted_frame(*instance_, order_, next_frame_++));
  picture_ends_.push_back(produced_);
  if (next_frame_ < frames_wanted(*instance_, order_)) return true;
  if (run_) append(run_->finish());
  run_.reset();
  instance_.reset();
  return true;
}

/// The next instance that has frames. False: there is none.
bool PicturesBody::open_next() {
  while (opened_ < disclosure().size()) {
    instance_.reset();
    masked_ = disclosure().take(opened_);
    instance_ = RenderedInstance::of(*masked_, order_.mark, disclosure().demand());
    ++opened_;
    if (!instance_) {
      if (masked_->pixel_size() == 0) continue;
      throw std::runtime_error("an instance cannot be rendered");
    }
    next_frame_ = 0;
    return true;
  }
  return false;
}

void PicturesBody::close() {
  if (!order_.boundary.empty()) {
    append(core::as_bytes(last_delimiter(order_.boundary, place())));
  }
  closed_ = true;
}

void PicturesBody::append(core::ByteView bytes) {
  made_.insert(made_.end(), bytes.begin(), bytes.end());
  produced_ += bytes.size();
}

void PicturesBody::begin_part() {
  if (order_.boundary.empty()) return;
  append(core::as_bytes(part_head(order_.boundary, place(), order_.media_type)));
  has_parts_ = true;
}

void PicturesBody::append_picture(std::uint32_t frame) {
  const imaging::Picture made = picture(frame);
  const auto taken = memory_.take(encoding_bytes(made), disclosure().demand());
  if (!is_run()) {
    begin_part();
    return append(encoded(made, order_));
  }
  if (!run_) {
    begin_part();
    run_ = std::make_unique<imaging::GifEncoder>();
  }
  append(run_->add(made, instance_->frame_ms()));
}

/// An answer that silently lacked a picture would be taken for the whole.
imaging::Picture PicturesBody::picture(std::uint32_t frame) {
  auto made = instance_->picture(frame, order_.wishes, memory_, disclosure().demand());
  if (!made) throw std::runtime_error("a frame cannot be rendered");
  return *std::move(made);
}

}  // namespace sekisho::dicomweb
