// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/stored_frames.h"

#include <array>
#include <utility>

#include "imaging/pixel_elements.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::Bytes;
using core::dicom::ElementHeader;

std::uint64_t read_little(const Byte* at, std::size_t bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes; ++i) number |= std::uint64_t{at[i]} << (8 * i);
  return number;
}

/// A table of numbers; empty where it has none, or more than there are fragments.
std::vector<std::uint64_t> read_table(const core::StoredFile& file, std::uint64_t begin,
                                      std::uint64_t size, std::size_t entry, std::size_t most) {
  if (size % entry != 0 || size / entry > most) return {};
  Bytes bytes(size);
  file.read(begin, bytes);
  std::vector<std::uint64_t> numbers;
  for (std::size_t at = 0; at < size; at += entry) {
    numbers.push_back(read_little(bytes.data() + at, entry));
  }
  return numbers;
}

OffsetTables read_tables(const core::StoredFile& file, std::span<const ElementHeader> elements,
                         const Fragments& fragments) {
  const std::size_t most = fragments.all.size();
  const Fragment& basic = fragments.offset_table;
  OffsetTables tables{read_table(file, basic.begin, basic.size, 4, most), {}};
  const ElementHeader* extended = find_element(elements, kExtendedOffsets);
  if (extended != nullptr && !extended->is_undefined()) {
    tables.extended = read_table(file, extended->value_offset, extended->length, 8, most);
  }
  return tables;
}

/// Which fragments begin like a stream of JPEG or JPEG 2000; where no table is to be believed.
std::vector<bool> find_starts(const core::StoredFile& file, const Fragments& fragments,
                              std::uint32_t frames) {
  std::vector<bool> starts;
  if (frames == 1 || fragments.all.size() == frames) return starts;
  for (const Fragment& fragment : fragments.all) {
    constexpr std::uint32_t kJpeg = 0xFFD8FF00;
    constexpr std::uint32_t kJpeg2000 = 0xFF4FFF51;
    std::array<Byte, 4> bytes{};
    if (fragment.size >= bytes.size()) file.read(fragment.begin, bytes);
    const std::uint32_t word = core::dicom::read32(bytes.data(), core::dicom::ByteOrder::big);
    starts.push_back((word & 0xFFFFFF00U) == kJpeg || word == kJpeg2000);
  }
  return starts;
}

}  // namespace

std::optional<StoredFrames> read_stored_frames(const core::StoredFile& file,
                                               std::span<const ElementHeader> elements,
                                               std::uint32_t frames, const core::Demand& demand) {
  auto fragments = read_fragments(file, elements.back().value_offset, demand);
  if (!fragments) return std::nullopt;
  StoredFrames stored{*std::move(fragments), {}};
  stored.frames = find_frames(stored.fragments.all, read_tables(file, elements, stored.fragments),
                              frames, find_starts(file, stored.fragments, frames));
  if (stored.frames.empty()) return std::nullopt;
  return stored;
}

}  // namespace sekisho::imaging
