// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/presentation/presentation_state.h"

#include <algorithm>
#include <utility>

#include "imaging/presentation/item.h"

namespace sekisho::imaging {
namespace {

using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::Vr;

constexpr std::size_t kMostCorners = 1'000;

constexpr Tag kSopClass{0x0008, 0x0016};
constexpr Tag kRectangleEdges[] = {Tag{0x0018, 0x1602}, Tag{0x0018, 0x1604}, Tag{0x0018, 0x1606},
                                   Tag{0x0018, 0x1608}};

struct Class {
  std::string_view uid;
  PresentationState::Kind kind;
};
constexpr Class kClasses[] = {
    {"1.2.840.10008.5.1.4.1.1.11.1", PresentationState::Kind::grey},
    {"1.2.840.10008.5.1.4.1.1.11.2", PresentationState::Kind::colour},
    {"1.2.840.10008.5.1.4.1.1.11.3", PresentationState::Kind::pseudo_colour},
};

const Class* class_of(std::string_view uid) {
  const auto* const found = std::ranges::find(kClasses, uid, &Class::uid);
  return found == std::end(kClasses) ? nullptr : found;
}

std::optional<LookupTable> table(const std::vector<Item>& items) {
  if (items.empty()) return std::nullopt;
  const Token* const descriptor = items.front().element(Tag{0x0028, 0x3002});
  const Token* const data = items.front().element(Tag{0x0028, 0x3006});
  if (descriptor == nullptr || data == nullptr) return std::nullopt;
  const auto first =
      descriptor->vr == Vr::SS ? LookupTable::First::is_signed : LookupTable::First::is_unsigned;
  const auto read = LookupTable::read_descriptor(descriptor->value, descriptor->order, first);
  return read ? LookupTable::make(*read, data->value, data->order) : std::nullopt;
}

std::optional<Window> window(const Item& item) {
  const auto centre = item.number(Tag{0x0028, 0x1050});
  const auto width = item.number(Tag{0x0028, 0x1051});
  if (!centre || !width) return std::nullopt;
  const auto function = window_function(item.text(Tag{0x0028, 0x1056}));
  const Window read{*centre, *width, function};
  return is_sound(read) ? std::optional(read) : std::nullopt;
}

std::optional<DisplayedArea> area(const Item& item) {
  const auto first = item.places(Tag{0x0070, 0x0052}, 2);
  const auto last = item.places(Tag{0x0070, 0x0053}, 2);
  if (first.size() != 2 || last.size() != 2) return std::nullopt;
  DisplayedArea area{read_references(item),
                     static_cast<std::int32_t>(first[0]),
                     static_cast<std::int32_t>(first[1]),
                     static_cast<std::int32_t>(last[0]),
                     static_cast<std::int32_t>(last[1]),
                     {},
                     1};
  // Of both, which are height by width.
  for (const Tag tag : {Tag{0x0070, 0x0101}, Tag{0x0070, 0x0102}}) {
    const auto ratio = item.numbers(tag, 2);
    if (ratio.size() == 2 && ratio[0] > 0 && ratio[1] > 0) area.aspect = ratio[0] / ratio[1];
  }
  area.aspect = std::clamp(area.aspect, 0.01, 100.0);
  if (item.text(Tag{0x0070, 0x0100}) == "MAGNIFY") {
    const auto ratio = item.number(Tag{0x0070, 0x0103});
    if (ratio && *ratio > 0) area.magnification = *ratio;
  }
  return area;
}

Shutter shutter(const Item& top) {
  Shutter shutter;
  const Token* const shapes = top.element(Tag{0x0018, 0x1600});
  const std::string_view named =
      shapes == nullptr ? std::string_view() : core::as_text(shapes->value);
  const auto has = [&](std::string_view shape) { return named.find(shape) != std::string::npos; };
  std::vector<double> edges;
  for (const Tag edge : kRectangleEdges) {
    for (const double place : top.places(edge, 1)) edges.push_back(place);
  }
  if (has("RECTANGULAR") && edges.size() == 4) {
    shutter.rectangle = Shutter::Rectangle{edges[0], edges[1], edges[2], edges[3]};
  }
  const auto centre = top.places(Tag{0x0018, 0x1610}, 2);  // row, column
  const auto radius = top.places(Tag{0x0018, 0x1612}, 1);
  if (has("CIRCULAR") && centre.size() == 2 && radius.size() == 1) {
    shutter.circle = Shutter::Circle{centre[1], centre[0], std::abs(radius[0])};
  }
  const auto corners = top.places(Tag{0x0018, 0x1620}, 2 * kMostCorners);  // row, column, …
  if (has("POLYGONAL") && corners.size() >= 6) {
    for (std::size_t i = 0; i + 1 < corners.size(); i += 2) {
      shutter.polygon.push_back({corners[i + 1], corners[i]});
    }
  }
  const auto group = top.number(Tag{0x0018, 0x1623});
  if (has("BITMAP") && group && *group >= 0x6000 && *group <= 0x601E) {
    shutter.overlay_group = static_cast<std::uint16_t>(*group);
  }
  const double value = top.number(Tag{0x0018, 0x1622}).value_or(0);
  shutter.cover = static_cast<core::Byte>(std::clamp(value, 0.0, 65535.0) / 257);
  return shutter;
}

void read_voi(const Item& top, std::vector<SoftcopyVoi>& to) {
  for (const Item& item : top.items(Tag{0x0028, 0x3110})) {
    SoftcopyVoi voi{read_references(item), window(item), table(item.items(Tag{0x0028, 0x3010}))};
    if (voi.window || voi.table) to.push_back(std::move(voi));
  }
}

void read_turn(const Item& top, PresentationState& to) {
  constexpr double kQuarter = 90;
  const double angle = top.number(Tag{0x0070, 0x0042}).value_or(0);
  for (std::uint32_t turns = 1; turns <= 3; ++turns) {
    if (angle == turns * kQuarter) to.quarter_turns = turns;
  }
  to.is_mirrored = top.text(Tag{0x0070, 0x0041}) == "Y";
}

}  // namespace

const DisplayedArea* PresentationState::area_of(std::string_view instance,
                                                std::uint32_t frame) const {
  const auto found = std::ranges::find_if(
      areas, [&](const DisplayedArea& each) { return each.of.include(instance, frame); });
  return found == areas.end() ? nullptr : &*found;
}

bool is_presentation_state(std::string_view sop_class) { return class_of(sop_class) != nullptr; }

std::optional<PresentationState> read_presentation_state(const core::dicom::Dataset& header) {
  const auto top = Item::of(header);
  if (!top) return std::nullopt;
  const Class* const is = class_of(top->text(kSopClass));
  // PS3.3 §C.7.6.10: what is seen would be the difference of two frames.
  if (is == nullptr || !top->items(Tag{0x0028, 0x6100}).empty()) return std::nullopt;
  PresentationState state;
  state.kind = is->kind;
  for (const Item& series : top->items(Tag{0x0008, 0x1115})) {
    read_images(series, series.text(Tag{0x0020, 0x000E}), state.images);
  }
  if (state.images.empty() || !read_annotations(*top, state.figures, state.notes)) {
    return std::nullopt;
  }
  state.display = read_display_attributes(header, PixelLayout{}, 0);
  read_voi(*top, state.voi);
  state.presentation_table = table(top->items(Tag{0x2050, 0x0010}));
  read_turn(*top, state);
  for (const Item& item : top->items(Tag{0x0070, 0x005A})) {
    if (auto read = area(item)) state.areas.push_back(*std::move(read));
  }
  state.shutter = shutter(*top);
  for (std::uint16_t group = 0x6000; group <= 0x601E; group += 2) {
    if (!top->text(Tag{group, 0x1001}).empty()) state.shown_overlays.push_back(group);
  }
  return state;
}

}  // namespace sekisho::imaging
