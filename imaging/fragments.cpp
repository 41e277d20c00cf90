// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/fragments.h"

#include <algorithm>
#include <array>

namespace sekisho::imaging {
namespace {

using core::dicom::ByteOrder;
using core::dicom::Tag;

/// A list of them is kept in memory; a slide has some hundred thousand frames.
constexpr std::size_t kMostFragments = 4U << 20U;

/// The fragment that each offset begins with; empty where one is not the beginning of any.
std::vector<std::size_t> places_of(std::span<const std::uint64_t> offsets,
                                   std::span<const Fragment> fragments) {
  std::vector<std::size_t> places;
  std::size_t at = 0;
  for (const std::uint64_t offset : offsets) {
    while (at < fragments.size() && fragments[at].offset < offset) ++at;
    if (at == fragments.size() || fragments[at].offset != offset) return {};
    if (!places.empty() && places.back() == at) return {};
    places.push_back(at);
  }
  return places;
}

std::vector<FrameFragments> between(std::span<const std::size_t> places, std::size_t fragments,
                                    std::uint32_t frames) {
  std::vector<FrameFragments> found;
  for (std::size_t i = 0; i < frames; ++i) {
    const std::size_t end = i + 1 < places.size() ? places[i + 1] : fragments;
    found.push_back({places[i], end - places[i]});
  }
  return found;
}

std::vector<FrameFragments> by_table(std::span<const std::uint64_t> offsets,
                                     std::span<const Fragment> fragments, std::uint32_t frames) {
  if (offsets.size() < frames || offsets.empty() || offsets.front() != 0) return {};
  const auto places = places_of(offsets, fragments);
  return places.empty() ? std::vector<FrameFragments>{} : between(places, fragments.size(), frames);
}

}  // namespace

std::optional<Fragments> read_fragments(const core::StoredFile& file, std::uint64_t begin,
                                        const core::Demand& demand) {
  Fragments found;
  core::DemandSteps asking(demand);
  std::uint64_t first = 0;
  bool has_table = false;
  for (std::uint64_t at = begin;;) {
    asking.step();
    std::array<core::Byte, core::dicom::kShortHeaderBytes> head{};
    if (file.size_bytes() - at < head.size()) return std::nullopt;
    file.read(at, head);
    const Tag tag = core::dicom::read_tag(head.data(), ByteOrder::little);
    const std::uint32_t size = core::dicom::read32(head.data() + 4, ByteOrder::little);
    const std::uint64_t value = at + head.size();
    if (tag == core::dicom::kSequenceDelimitation) break;
    if (tag != core::dicom::kItem || size > file.size_bytes() - value) return std::nullopt;
    if (!has_table) {
      found.offset_table = {0, value, size};
      has_table = true;
      first = value + size;
    } else {
      if (found.all.size() == kMostFragments) return std::nullopt;
      found.all.push_back({at - first, value, size});
    }
    at = value + size;
  }
  if (!has_table) return std::nullopt;
  return found;
}

std::vector<FrameFragments> find_frames(std::span<const Fragment> fragments,
                                        const OffsetTables& tables, std::uint32_t frames,
                                        const std::vector<bool>& starts) {
  if (fragments.size() < frames || frames == 0) return {};
  // Whatever is behind its stream's end is left out when the stream is read.
  if (frames == 1) return {{0, fragments.size()}};
  for (const auto* table : {&tables.basic, &tables.extended}) {
    auto found = by_table(*table, fragments, frames);
    if (!found.empty()) return found;
  }
  std::vector<FrameFragments> found;
  if (fragments.size() == frames) {
    for (std::size_t i = 0; i < frames; ++i) found.push_back({i, 1});
    return found;
  }
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (starts[i]) places.push_back(i);
  }
  if (places.size() < frames || places.front() != 0) return {};
  return between(places, fragments.size(), frames);
}

}  // namespace sekisho::imaging
