// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/rendering/lookup_table.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "core/dicom/element_header.h"

namespace sekisho::imaging {
namespace {

using core::ByteView;
using core::dicom::ByteOrder;
using core::dicom::read16;
using Entries = std::vector<std::uint16_t>;

constexpr std::uint32_t kMostEntries = 65536;
constexpr std::uint32_t kByteBits = 8;

std::vector<std::uint16_t> words_of(ByteView data, ByteOrder order) {
  std::vector<std::uint16_t> words(data.size() / 2);
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = read16(data.data() + 2 * i, order);
  return words;
}

/// In big endian words the first of two bytes is the lower half all the same (PS3.5 §8.1.1).
std::vector<std::uint16_t> bytes_of(ByteView data, ByteOrder order) {
  std::vector<std::uint16_t> bytes(data.begin(), data.end());
  if (order == ByteOrder::big) {
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) std::swap(bytes[i], bytes[i + 1]);
  }
  return bytes;
}

/// What expands a list of segments (PS3.3 §C.7.9.2.2).
class Expander {
 public:
  Expander(const Entries& units, std::uint32_t bits, std::size_t wanted)
      : units_(units), bits_(bits), wanted_(wanted) {}

  /// False: the list is not sound.
  bool run() {
    std::size_t at = 0;
    while (at < units_.size() && entries_.size() < wanted_) {
      if (!segment(at, Nesting::allowed)) return false;
    }
    return entries_.size() == wanted_;
  }
  Entries take() && { return std::move(entries_); }

 private:
  enum class Nesting : std::uint8_t { allowed, refused };

  /// The one at `at`, which is moved behind it.
  bool segment(std::size_t& at, Nesting nesting) {
    constexpr std::uint16_t kDiscrete = 0;
    constexpr std::uint16_t kLinear = 1;
    constexpr std::uint16_t kIndirect = 2;
    if (units_.size() - at < 3) return false;
    const std::uint16_t opcode = units_[at];
    const std::size_t length = units_[at + 1];
    at += 2;
    if (opcode == kDiscrete) return discrete(at, length);
    if (opcode == kLinear) return linear(at, length);
    return opcode == kIndirect && nesting == Nesting::allowed && indirect(at, length);
  }

  /// Each has an entry, or a list of millions without any would never come to an end.
  bool discrete(std::size_t& at, std::size_t length) {
    if (length == 0 || length > units_.size() - at || length > wanted_ - entries_.size()) {
      return false;
    }
    const auto from = units_.begin() + static_cast<std::ptrdiff_t>(at);
    entries_.insert(entries_.end(), from, from + static_cast<std::ptrdiff_t>(length));
    at += length;
    return true;
  }

  /// From the last entry, which is not counted, to the one that stands here.
  bool linear(std::size_t& at, std::size_t length) {
    if (entries_.empty() || length == 0 || length > wanted_ - entries_.size()) return false;
    const double from = entries_.back();
    const double step = (units_[at] - from) / static_cast<double>(length);
    for (std::size_t i = 1; i <= length; ++i) {
      const double entry = from + step * static_cast<double>(i);
      entries_.push_back(static_cast<std::uint16_t>(std::lround(entry)));
    }
    ++at;
    return true;
  }

  /// Segments that stood before, by where they begin in bytes; none of them is indirect.
  bool indirect(std::size_t& at, std::size_t count) {
    const std::size_t numbers = bits_ == kByteBits ? 4 : 2;
    if (units_.size() - at < numbers) return false;
    std::uint64_t offset = 0;
    for (std::size_t i = 0; i < numbers; ++i) {
      offset |= std::uint64_t{units_[at + i]} << (bits_ * i);
    }
    at += numbers;
    std::uint64_t from = offset / (bits_ / kByteBits);
    for (std::size_t i = 0; i < count; ++i) {
      if (from >= units_.size()) return false;
      auto place = static_cast<std::size_t>(from);
      if (!segment(place, Nesting::refused)) return false;
      from = place;
    }
    return true;
  }

  const Entries& units_;
  const std::uint32_t bits_;
  const std::size_t wanted_;
  Entries entries_;
};

}  // namespace

std::optional<LookupTable::Descriptor> LookupTable::read_descriptor(ByteView value, ByteOrder order,
                                                                    First first) {
  constexpr std::size_t kBytes = 6;
  constexpr std::uint32_t kMostBits = 16;
  if (value.size() < kBytes) return std::nullopt;
  Descriptor descriptor;
  descriptor.entries = read16(value.data(), order);
  if (descriptor.entries == 0) descriptor.entries = kMostEntries;
  const std::uint16_t begin = read16(value.data() + 2, order);
  descriptor.first = first == First::is_signed ? static_cast<std::int16_t>(begin) : begin;
  descriptor.bits = read16(value.data() + 4, order);
  if (descriptor.bits == 0 || descriptor.bits > kMostBits) descriptor.bits = kMostBits;
  return descriptor;
}

std::optional<LookupTable> LookupTable::make(const Descriptor& descriptor, ByteView data,
                                             ByteOrder order) {
  const std::size_t entries = descriptor.entries;
  const bool is_packed = descriptor.bits <= kByteBits && data.size() < 2 * entries;
  auto units = is_packed ? bytes_of(data, order) : words_of(data, order);
  if (units.size() < entries) return std::nullopt;
  units.resize(entries);
  return LookupTable(descriptor, std::move(units));
}

std::optional<LookupTable> LookupTable::make_segmented(const Descriptor& descriptor, ByteView data,
                                                       ByteOrder order) {
  const auto units = descriptor.bits == kByteBits ? bytes_of(data, order) : words_of(data, order);
  const std::uint32_t unit_bits = descriptor.bits == kByteBits ? kByteBits : 2 * kByteBits;
  Expander expander(units, unit_bits, descriptor.entries);
  if (!expander.run()) return std::nullopt;
  return LookupTable(descriptor, std::move(expander).take());
}

/// Some files say 16 bits and mean 8, or have entries larger than they say: the entries count.
LookupTable::LookupTable(const Descriptor& descriptor, std::vector<std::uint16_t> entries)
    : first_(descriptor.first), bits_(descriptor.bits), entries_(std::move(entries)) {
  const std::uint32_t largest = *std::ranges::max_element(entries_);
  bits_ = std::max(bits_, static_cast<std::uint32_t>(std::bit_width(largest)));
}

std::uint32_t LookupTable::at_part(double part) const {
  return at(first_ + std::round(part * static_cast<double>(entries_.size() - 1)));
}

std::uint32_t LookupTable::at(double input) const {
  const double place = input - first_;
  if (!(place > 0)) return entries_.front();
  if (place >= static_cast<double>(entries_.size())) return entries_.back();
  return entries_[static_cast<std::size_t>(place)];
}

}  // namespace sekisho::imaging
