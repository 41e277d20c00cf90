// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/jpeg_2000_parameters.h"

#include <algorithm>
#include <bit>

#include "imaging/big_endian.h"

namespace sekisho::imaging::jpeg_2000 {
namespace {

using core::ByteView;

constexpr std::uint32_t kMostLevels = 32;

std::uint64_t divided_up(std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; }

}  // namespace

std::optional<Size> read_size(ByteView payload, const PixelLayout& layout) {
  constexpr std::size_t kFixed = 36;  // offsets of T.800 Table A.9, less the length
  constexpr std::uint32_t kMostTiles = 65535;
  if (payload.size() < kFixed) return std::nullopt;
  Size size;
  size.components = big16(payload, 34);
  if (size.components != layout.samples ||
      payload.size() != kFixed + std::size_t{size.components} * 3) {
    return std::nullopt;
  }
  const std::uint64_t right = big32(payload, 2);
  const std::uint64_t bottom = big32(payload, 6);
  const std::uint64_t left = big32(payload, 10);
  const std::uint64_t top = big32(payload, 14);
  const std::uint64_t tile_width = big32(payload, 18);
  const std::uint64_t tile_height = big32(payload, 22);
  const std::uint64_t tile_left = big32(payload, 26);
  const std::uint64_t tile_top = big32(payload, 30);
  // Nothing is let through that is larger than what the data set declares.
  if (right != left + layout.columns || bottom != top + layout.rows || tile_width == 0 ||
      tile_height == 0 || tile_left > left || tile_top > top || tile_left + tile_width <= left ||
      tile_top + tile_height <= top) {
    return std::nullopt;
  }
  const std::uint64_t tiles =
      divided_up(right - tile_left, tile_width) * divided_up(bottom - tile_top, tile_height);
  if (tiles > kMostTiles) return std::nullopt;
  size.tiles = static_cast<std::uint32_t>(tiles);
  for (std::size_t at = kFixed; at < payload.size(); at += 3) {
    if (payload[at + 1] != 1 || payload[at + 2] != 1) return std::nullopt;
    const std::uint32_t precision = (payload[at] & 0x7FU) + 1;
    const bool is_signed = (payload[at] & 0x80U) != 0;
    if (at > kFixed && is_signed != size.is_signed) return std::nullopt;
    size.precision = std::max(size.precision, precision);
    size.is_signed = is_signed;
  }
  if (size.precision > layout.bits_allocated) return std::nullopt;
  return size;
}

bool is_sound_capability(ByteView payload) {
  return payload.size() >= 4 &&
         payload.size() == 4 + 2 * static_cast<std::size_t>(std::popcount(big32(payload, 0)));
}

std::optional<std::uint32_t> Parameters::take_component(ByteView& payload) const {
  const std::size_t bytes = size_.components < 257 ? 1 : 2;
  if (payload.size() < bytes) return std::nullopt;
  const std::uint32_t component = bytes == 1 ? payload[0] : big16(payload, 0);
  payload = payload.subspan(bytes);
  if (component >= size_.components) return std::nullopt;
  return component;
}

bool Parameters::see(std::uint16_t marker, ByteView payload) {
  switch (marker) {
    case kCodingDefault: {
      // Scod, then SGcod: progression order, layers, component transform.
      constexpr std::size_t kGeneral = 5;
      if (payload.size() < kGeneral + 1 || levels_ || (payload[0] & 0xF8U) != 0) return false;
      if (!see_coding(payload.subspan(kGeneral), (payload[0] & 1U) != 0)) return false;
      levels_ = payload[kGeneral];
      return payload[1] <= 4 && payload[4] <= 1;
    }
    case kCodingComponent:
      return see_coding_component(payload);
    case kQuantizationDefault:
      return !steps_ && see_quantization(std::nullopt, payload);
    case kQuantizationComponent: {
      const auto component = take_component(payload);
      return component && !steps_of_.contains(*component) && see_quantization(component, payload);
    }
    case kRegionOfInterest:
      return take_component(payload) && payload.size() == 2 && payload[0] == 0;
    case kProgressionChange:
      return see_progression_change(payload);
    default:
      return false;
  }
}

/// SPcod, SPcoc (T.800 Table A.15, A.20): levels, code block width and height, style, transform,
/// and a byte of precinct size for each resolution.
bool Parameters::see_coding(ByteView style, bool has_precincts) {
  constexpr std::size_t kFixed = 5;
  if (style.size() < kFixed || style[0] > kMostLevels) return false;
  return style.size() == kFixed + (has_precincts ? style[0] + 1U : 0U) && style[1] <= 8 &&
         style[2] <= 8 && style[4] <= 1;
}

bool Parameters::see_coding_component(ByteView payload) {
  const auto component = take_component(payload);
  if (!component || payload.size() < 2 || payload[0] > 1 || levels_of_.contains(*component)) {
    return false;
  }
  levels_of_[*component] = payload[1];
  return see_coding(payload.subspan(1), payload[0] == 1);
}

/// T.800 Table A.27, A.28.
bool Parameters::see_quantization(std::optional<std::uint32_t> component, ByteView payload) {
  if (payload.empty()) return false;
  const std::size_t rest = payload.size() - 1;
  std::uint32_t steps = 0;
  switch (payload[0] & 0x1FU) {
    case 0:
      steps = static_cast<std::uint32_t>(rest);
      if (steps == 0) return false;
      break;
    case 1:
      if (rest != 2) return false;
      break;
    case 2:
      if (rest == 0 || rest % 2 != 0) return false;
      steps = static_cast<std::uint32_t>(rest / 2);
      break;
    default:
      return false;
  }
  if (component) {
    steps_of_[*component] = steps;
  } else {
    steps_ = steps;
  }
  return true;
}

/// T.800 Table A.32.
bool Parameters::see_progression_change(ByteView payload) const {
  const std::size_t entry = size_.components < 257 ? 7 : 9;
  return !payload.empty() && payload.size() % entry == 0;
}

std::optional<std::uint32_t> Parameters::levels_of(std::uint32_t component,
                                                   const Parameters* main) const {
  const auto own = levels_of_.find(component);
  if (own != levels_of_.end()) return own->second;
  if (levels_) return levels_;
  return main == nullptr ? std::nullopt : main->levels_of(component, nullptr);
}

bool Parameters::are_consistent(const Parameters* main) const {
  if (main == nullptr && (!levels_ || !steps_)) return false;
  std::uint32_t most = 0;
  for (std::uint32_t component = 0; component < size_.components; ++component) {
    const auto levels = levels_of(component, main);
    if (!levels) return false;
    most = std::max(most, *levels);
    const auto steps = steps_of_.find(component);
    if (steps != steps_of_.end() && steps->second != 0 && steps->second != 3 * *levels + 1) {
      return false;
    }
  }
  return !steps_ || *steps_ == 0 || *steps_ == 3 * most + 1;
}

}  // namespace sekisho::imaging::jpeg_2000
