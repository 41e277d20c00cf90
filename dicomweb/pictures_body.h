// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/memory_budget.h"
#include "dicomweb/disclosed_body.h"
#include "dicomweb/multipart.h"
#include "dicomweb/picture_wishes.h"
#include "dicomweb/rendered_instance.h"
#include "imaging/rendering/encoders.h"

namespace sekisho::dicomweb {

/// What pictures are made, and of which frames of each instance.
struct PictureOrder {
  PictureWishes wishes;
  PictureMark mark{};
  std::string media_type = "image/jpeg";  ///< image/jpeg, image/png or image/gif
  std::string boundary;                   ///< of multipart/related; empty: one picture by itself
  /// Of GIF all frames are one picture.
  enum class Frames : std::uint8_t { representative, all, listed } frames = Frames::representative;
  std::vector<std::uint32_t> listed{};  ///< counted from 0
};

/// What a picture and its encoded form take of memory, at most.
std::uint64_t encoding_bytes(const imaging::Picture& picture);
/// The picture, in the form that `order` has.
core::Bytes encoded(const imaging::Picture& picture, const PictureOrder& order);
/// How many frames of the instance are wanted, of all as many as it declares.
std::uint32_t frames_wanted(const RenderedInstance& instance, const PictureOrder& order);
/// Which of its frames one of those is; both count from 0.
std::uint32_t wanted_frame(const RenderedInstance& instance, const PictureOrder& order,
                           std::uint32_t place);

/// Pictures of what was disclosed, made one at a time while they are sent: parts, or a run of
/// frames. Instances without frames are passed over where there are several.
class PicturesBody final : public DisclosedBody {
 public:
  /// `memory` outlives this.
  PicturesBody(disclosure::Disclosure disclosure, PictureOrder order, core::MemoryBudget& memory);

 private:
  std::size_t fill(std::span<core::Byte> out) override;
  /// None of it is an instance.
  std::uint64_t instances_in(std::uint64_t) const noexcept override { return 0; }
  std::uint64_t frames_in(std::uint64_t bytes) const noexcept override;

  /// Makes the next piece; false after the last.
  bool advance();
  bool open_next();
  void close();
  void append(core::ByteView bytes);
  void begin_part();
  void append_picture(std::uint32_t frame);
  imaging::Picture picture(std::uint32_t frame);
  Place place() const { return has_parts_ ? Place::later : Place::first; }
  bool is_run() const { return order_.media_type == "image/gif"; }

  const PictureOrder order_;
  core::MemoryBudget& memory_;
  std::size_t opened_ = 0;                       ///< instances so far
  std::optional<anonymization::Masked> masked_;  ///< the instance that pictures are made of
  std::optional<RenderedInstance> instance_;     ///< the same
  std::uint32_t next_frame_ = 0;                 ///< of those that are wanted of it
  std::unique_ptr<imaging::GifEncoder> run_;
  core::Bytes made_;  ///< and from position_ on not yet handed out
  std::size_t position_ = 0;
  std::uint64_t produced_ = 0;  ///< bytes in all
  bool has_parts_ = false;
  bool closed_ = false;
  std::vector<std::uint64_t> picture_ends_;  ///< where in the body
};

}  // namespace sekisho::dicomweb
