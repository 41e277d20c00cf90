// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/presentation/render_presented.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "imaging/presentation/draw_figures.h"
#include "imaging/presentation/draw_notes.h"
#include "imaging/presentation/shutter.h"
#include "imaging/rendering/grey_levels.h"
#include "imaging/rendering/render_frame.h"

namespace sekisho::imaging {
namespace {

using Kind = PresentationState::Kind;

bool is_grey(const DisplayAttributes& image) {
  return image.colours == ColourModel::white_is_least ||
         image.colours == ColourModel::black_is_least;
}

/// All that can come out of the modality transformation, from black to white: what a state without
/// a VOI LUT for an image means (PS3.4 §N.2.2). `nullopt`: numbers without bounds.
std::optional<Window> whole_range(const DisplayAttributes& image) {
  const PixelLayout& layout = image.layout;
  if (image.cells != DisplayAttributes::Cells::whole_numbers) return std::nullopt;
  double low = layout.is_signed ? -std::exp2(layout.bits_stored() - 1) : 0;
  double high = std::exp2(layout.bits_stored() - (layout.is_signed ? 1 : 0)) - 1;
  if (image.modality_table) {
    low = 0;
    high = image.modality_table->most();
  } else {
    low = GreyLevels::modality(image, low);
    high = GreyLevels::modality(image, high);
    if (low > high) std::swap(low, high);
  }
  return Window{(low + high) / 2, high - low, WindowFunction::linear_exact};
}

void set_grey(const PresentationState& state, std::string_view instance, std::uint32_t frame,
              DisplayAttributes& image) {
  image.slope = state.display.slope;
  image.intercept = state.display.intercept;
  image.modality_table = state.display.modality_table;
  const auto voi = std::ranges::find_if(
      state.voi, [&](const SoftcopyVoi& each) { return each.of.include(instance, frame); });
  image.window = voi == state.voi.end() ? whole_range(image) : voi->window;
  image.voi_table = voi == state.voi.end() ? std::nullopt : voi->table;
  image.presentation_table = state.presentation_table;
  const auto shape = state.display.shape.value_or(PresentationShape::identity);
  image.shape = state.presentation_table ? PresentationShape::identity : shape;
}

/// Each grey becomes a colour of the state's palette (PS3.4 §N.2.4).
bool colour(const PresentationState& state, Picture& picture) {
  constexpr double kWhite = 255;
  std::array<std::array<core::Byte, 3>, 256> colours{};
  for (std::size_t sample = 0; sample < 3; ++sample) {
    const auto& table = state.display.palette[sample];
    if (!table) return false;
    const std::uint32_t below = table->bits() > 8 ? table->bits() - 8 : 0;
    for (std::size_t level = 0; level < colours.size(); ++level) {
      const double part = static_cast<double>(level) / kWhite;
      colours[level][sample] = static_cast<core::Byte>(table->at_part(part) >> below);
    }
  }
  core::Bytes cells;
  cells.reserve(picture.cells.size() * 3);
  for (const core::Byte level : picture.cells) {
    cells.insert(cells.end(), colours[level].begin(), colours[level].end());
  }
  picture.cells = std::move(cells);
  picture.samples = 3;
  return true;
}

/// Of those of the image and of the state, whose planes are for every frame, what the state shows.
std::vector<Overlay> shown_overlays(const PresentationState& state, std::vector<Overlay> of_image,
                                    std::uint32_t frame) {
  std::vector<Overlay> shown = std::move(of_image);
  for (Overlay overlay : state.display.overlays) {
    overlay.first_frame = frame + 1;
    shown.push_back(overlay);
  }
  std::erase_if(shown, [&](const Overlay& each) {
    return each.group == state.shutter.overlay_group ||
           std::ranges::find(state.shown_overlays, each.group) == state.shown_overlays.end();
  });
  return shown;
}

void close_bitmap(const PresentationState& state, std::uint32_t frame, Picture& picture) {
  for (Overlay overlay : state.display.overlays) {
    overlay.first_frame = frame + 1;
    if (overlay.group != state.shutter.overlay_group) continue;
    draw_overlay(overlay, frame, picture, state.shutter.cover);
  }
}

}  // namespace

std::optional<Picture> render_presented(core::ByteView cells, DisplayAttributes image,
                                        const PresentationState& state, std::string_view instance,
                                        std::uint32_t frame, const std::optional<Room>& room,
                                        const core::Demand& demand) {
  if (is_grey(image) == (state.kind == Kind::colour)) return std::nullopt;
  if (state.kind != Kind::colour) set_grey(state, instance, frame, image);
  const auto overlays = shown_overlays(state, std::exchange(image.overlays, {}), frame);
  auto picture = render_frame(cells, image, frame, demand);
  if (!picture) return std::nullopt;
  if (state.kind == Kind::pseudo_colour && !colour(state, *picture)) return std::nullopt;
  close(state.shutter, *picture, demand);
  close_bitmap(state, frame, *picture);
  for (const Overlay& overlay : overlays) draw_overlay(overlay, frame, *picture);
  const Placement placement(*picture, state, state.area_of(instance, frame), room);
  Picture seen = placement.put(*picture, demand);
  const auto of_frame = [&]<class Annotation>(const std::vector<Annotation>& all) {
    std::vector<const Annotation*> those;
    for (const Annotation& each : all) {
      if (each.of.include(instance, frame)) those.push_back(&each);
    }
    return those;
  };
  if (!draw_figures(of_frame(state.figures), placement, seen, demand) ||
      !draw_notes(of_frame(state.notes), placement, seen, demand)) {
    return std::nullopt;
  }
  return seen;
}

/// The image, turned, and twice what is seen of it.
std::uint64_t presenting_bytes(const PixelLayout& layout, const PresentationState& state,
                               std::string_view instance, std::uint32_t frame,
                               const std::optional<Room>& room) {
  const Picture image{layout.columns, layout.rows, 3, {}};
  const Placement placement(image, state, state.area_of(instance, frame), room);
  return 2 * rendering_bytes(layout) + 2 * image.samples * placement.pixels();
}

}  // namespace sekisho::imaging
