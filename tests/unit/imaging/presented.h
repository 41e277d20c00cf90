// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <functional>
#include <initializer_list>
#include <string_view>

#include "imaging/presentation/render_presented.h"
#include "rendered.h"

namespace sekisho::imaging::tests {

inline constexpr std::string_view kGreyState = "1.2.840.10008.5.1.4.1.1.11.1";
inline constexpr std::string_view kColourState = "1.2.840.10008.5.1.4.1.1.11.2";
inline constexpr std::string_view kPseudoColourState = "1.2.840.10008.5.1.4.1.1.11.3";
inline constexpr std::string_view kImage = "1.2.3.1.1";

inline Bytes floats(std::initializer_list<float> numbers) {
  Bytes bytes;
  for (const float number : numbers) {
    const auto bits = std::bit_cast<std::uint32_t>(number);
    for (int at = 0; at < 32; at += 8) bytes.push_back(static_cast<core::Byte>(bits >> at & 0xFF));
  }
  return bytes;
}

inline Bytes longs(std::initializer_list<std::int32_t> numbers) {
  Bytes bytes;
  for (const std::int32_t number : numbers) {
    const auto bits = static_cast<std::uint32_t>(number);
    for (int at = 0; at < 32; at += 8) bytes.push_back(static_cast<core::Byte>(bits >> at & 0xFF));
  }
  return bytes;
}

/// Writes elements behind those that are there; called in the order of their tags.
using More = std::function<void(DatasetBuilder&)>;

/// Referenced Image Sequence with one image.
inline void refer(DatasetBuilder& builder, std::string_view instance,
                  std::string_view frames = {}) {
  builder.begin_sequence(Tag{0x0008, 0x1140}).begin_item();
  builder.text(Tag{0x0008, 0x1155}, Vr::UI, instance);
  if (!frames.empty()) builder.text(Tag{0x0008, 0x1160}, Vr::IS, frames);
  builder.end_item().end_sequence();
}

/// A state for kImage, or some of its frames.
inline DatasetBuilder a_state(const More& more = {}, std::string_view sop_class = kGreyState,
                              std::string_view frames = {}) {
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, sop_class);
  builder.begin_sequence(Tag{0x0008, 0x1115}).begin_item();
  refer(builder, kImage, frames);
  builder.text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1").end_item().end_sequence();
  if (more) more(builder);
  return builder;
}

inline core::dicom::Dataset dataset_of(const DatasetBuilder& builder) {
  return {builder.dataset(), core::dicom::VrCoding::explicit_vr, core::dicom::ByteOrder::little};
}

/// The first frame of an image by a state; nothing where it cannot be seen so.
inline std::optional<Picture> presented(const DatasetBuilder& image, const Bytes& cells,
                                        const DatasetBuilder& state,
                                        std::optional<Room> room = {}) {
  const auto read = read_presentation_state(dataset_of(state));
  if (!read) return std::nullopt;
  return render_presented(cells, attributes_of(image), *read, kImage, 0, room);
}

/// Its cells; none where it is no picture.
inline std::vector<int> cells_of(const std::optional<Picture>& picture) {
  return picture ? std::vector<int>(picture->cells.begin(), picture->cells.end())
                 : std::vector<int>{};
}

}  // namespace sekisho::imaging::tests
