// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/rendered_instance.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "imaging/presentation/render_presented.h"
#include "imaging/rendering/render_frame.h"
#include "imaging/rendering/srgb_profile.h"

namespace sekisho::dicomweb {
namespace {

/// More than that no picture has; it would be three times as much in memory.
constexpr std::uint64_t kMostFramePixels = 128ULL << 20;

/// Those of cameras and scanners have some kilobytes, and every picture would have all of it.
constexpr std::size_t kMostProfileBytes = 1 << 20;

/// Greys have no profile of an image. `nullopt`: its colours would have to be changed, which is not
/// done, or its own profile is too long.
std::optional<imaging::Picture> with_profile(std::optional<imaging::Picture> picture,
                                             PictureWishes::Profile wish,
                                             const imaging::DisplayAttributes& image) {
  using Profile = PictureWishes::Profile;
  if (!picture || wish == Profile::none) return picture;
  const core::ByteView own = picture->samples == 3 ? image.colour_profile : core::ByteView();
  const bool is_another = wish == Profile::other || (wish == Profile::srgb && !own.empty());
  if (is_another || own.size() > kMostProfileBytes) return std::nullopt;
  picture->profile =
      own.empty() ? imaging::srgb_profile(picture->samples) : core::Bytes(own.begin(), own.end());
  return picture;
}

}  // namespace

std::optional<imaging::Picture> RenderedInstance::finished(
    std::optional<imaging::Picture> picture, PictureWishes::Profile profile,
    const imaging::DisplayAttributes& attributes) const {
  picture = with_profile(std::move(picture), profile, attributes);
  if (picture) mark_->put_on(*picture);
  return picture;
}

std::optional<RenderedInstance> RenderedInstance::of(const anonymization::Masked& masked,
                                                     const PictureMark& mark,
                                                     const core::Demand& demand) {
  const auto& syntax = masked.transfer_syntax();
  auto index = imaging::FrameIndex::of(masked.pixels(), masked.header(), syntax, demand);
  if (!index) return std::nullopt;
  const imaging::PixelLayout layout = index->layout();
  auto frames = imaging::DecodedFrames::of(*std::move(index), masked.header(), syntax);
  if (std::holds_alternative<imaging::Refusal>(frames)) return std::nullopt;
  return RenderedInstance(masked, mark, layout,
                          std::get<imaging::DecodedFrames>(std::move(frames)));
}

imaging::DisplayAttributes RenderedInstance::attributes(std::uint32_t frame) const {
  return imaging::read_display_attributes(masked_->header(), layout_, frame);
}

std::uint32_t RenderedInstance::representative() const {
  return std::min(attributes(0).representative_frame, frames()) - 1;
}

double RenderedInstance::frame_ms() const { return attributes(0).frame_ms; }

std::optional<std::uint64_t> RenderedInstance::working_bytes(std::uint64_t showing_bytes) const {
  if (std::uint64_t{layout_.rows} * layout_.columns > kMostFramePixels) return std::nullopt;
  return frames_.frame_bytes() + frames_.working_bytes() + showing_bytes;
}

std::optional<RenderedInstance::Decoded> RenderedInstance::decode(std::uint32_t frame) const {
  Decoded decoded{core::Bytes(static_cast<std::size_t>(frames_.frame_bytes())), {}};
  const auto read = frames_.read(frame, decoded.cells);
  const auto* photometric = std::get_if<imaging::Photometric>(&read);
  if (photometric == nullptr) return std::nullopt;
  decoded.attributes = attributes(frame);
  decoded.attributes.colours = imaging::colour_model(imaging::name(*photometric));
  return decoded;
}

std::optional<imaging::Picture> RenderedInstance::picture(std::uint32_t frame,
                                                          const PictureWishes& wishes,
                                                          core::MemoryBudget& memory,
                                                          const core::Demand& demand) const {
  const auto needed = working_bytes(imaging::rendering_bytes(layout_));
  if (!needed) return std::nullopt;
  const auto taken = memory.take(*needed, demand);
  auto decoded = decode(frame);
  if (!decoded) return std::nullopt;
  // A window that is asked for stands in for the file's own, tables included.
  if (wishes.window) decoded->attributes.window = wishes.window;
  auto picture = imaging::render_frame(decoded->cells, decoded->attributes, frame, demand);
  if (picture && wishes.viewport) {
    picture = imaging::show_through(*wishes.viewport, *picture, demand);
  }
  return finished(std::move(picture), wishes.profile, decoded->attributes);
}

std::optional<imaging::Picture> RenderedInstance::picture(
    std::uint32_t frame, const PictureWishes& wishes, const imaging::PresentationState& state,
    std::string_view name, core::MemoryBudget& memory, const core::Demand& demand) const {
  // A part is one of what the state shows.
  const auto& viewport = wishes.viewport;
  const bool is_of_part = viewport && !imaging::shows_all(*viewport);
  std::optional<imaging::Room> room;
  if (viewport && !is_of_part) room = imaging::Room{viewport->width, viewport->height};
  const auto needed = working_bytes(imaging::presenting_bytes(layout_, state, name, frame, room));
  if (!needed) return std::nullopt;
  const auto taken = memory.take(*needed, demand);
  auto decoded = decode(frame);
  if (!decoded) return std::nullopt;
  auto picture = imaging::render_presented(decoded->cells, decoded->attributes, state, name, frame,
                                           room, demand);
  // Which colours a state makes, it says itself (PS3.3 §A.33.2, §A.33.3).
  if (state.kind != imaging::PresentationState::Kind::grey) {
    decoded->attributes.colour_profile = state.display.colour_profile;
  }
  if (picture && is_of_part) picture = imaging::show_through(*viewport, *picture, demand);
  return finished(std::move(picture), wishes.profile, decoded->attributes);
}

}  // namespace sekisho::dicomweb
