// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/dictionary.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/dicom/dictionary_table.h"

namespace sekisho::core::dicom {
namespace {

constexpr std::span kExact = std::span(table::kEntries).first(table::kExactCount);
constexpr std::span kRepeating = std::span(table::kEntries).subspan(table::kExactCount);
static_assert(std::ranges::is_sorted(kExact, {}, &DictionaryEntry::tag));
static_assert(std::ranges::is_sorted(kRepeating, {}, &DictionaryEntry::tag));
static_assert(kRepeating.size() == std::size(table::kRepeatingMasks));

/// Where an exact tag's row is: open addressing, at most half full. The walker and the masker ask
/// once per element, which a binary search over five thousand rows would make felt.
constexpr std::size_t kSlotBits = 14;
constexpr std::size_t kSlots = std::size_t{1} << kSlotBits;
constexpr std::uint16_t kFree = 0xFFFF;
static_assert(2 * table::kExactCount <= kSlots);

/// Multiplication by 2^32/φ spreads the runs that tags come in (Knuth, TAOCP vol. 3, §6.4).
constexpr std::size_t home(Tag tag) { return (tag.value * 0x9E3779B9U) >> (32 - kSlotBits); }
constexpr std::size_t after(std::size_t slot) { return (slot + 1) % kSlots; }

constexpr auto kRows = [] {
  std::array<std::uint16_t, kSlots> rows{};
  rows.fill(kFree);
  for (std::size_t row = 0; row < kExact.size(); ++row) {
    std::size_t slot = home(kExact[row].tag);
    while (rows[slot] != kFree) slot = after(slot);
    rows[slot] = static_cast<std::uint16_t>(row);
  }
  return rows;
}();

const DictionaryEntry* find_exact(Tag tag) {
  for (std::size_t slot = home(tag); kRows[slot] != kFree; slot = after(slot)) {
    const DictionaryEntry& entry = kExact[kRows[slot]];
    if (entry.tag == tag) return &entry;
  }
  return nullptr;
}

const DictionaryEntry* find_repeating(Tag tag) {
  for (const std::uint32_t mask : table::kMasks) {
    const Tag wanted{tag.value & mask};
    const auto found = std::ranges::lower_bound(kRepeating, wanted, {}, &DictionaryEntry::tag);
    if (found == kRepeating.end() || found->tag != wanted) continue;
    if (table::kRepeatingMasks[found - kRepeating.begin()] == mask) return &*found;
  }
  return nullptr;
}

/// OB or OW by Table 6-1, OW in implicit VR data (PS3.5 §A.1).
constexpr Tag kWordsWhenImplicit[] = {
    Tag{0x0014, 0x3050}, Tag{0x0014, 0x3070}, Tag{0x5000, 0x3000},
    Tag{0x5400, 0x0110}, Tag{0x5400, 0x0112}, Tag{0x5400, 0x100A},
    Tag{0x5400, 0x1010}, Tag{0x6000, 0x3000}, kPixelData,
};

bool is_private_creator(Tag tag) {
  return tag.is_private() && tag.element() >= 0x0010 && tag.element() <= 0x00FF;
}

}  // namespace

const DictionaryEntry* find(Tag tag) {
  if (tag.is_private()) return nullptr;
  if (const DictionaryEntry* entry = find_exact(tag)) return entry;
  return tag.element() == 0 ? nullptr : find_repeating(tag);
}

const DictionaryEntry* find_keyword(std::string_view keyword) {
  const auto keyword_of = [](std::uint16_t index) { return table::kEntries[index].keyword; };
  const auto found = std::ranges::lower_bound(table::kByKeyword, keyword, {}, keyword_of);
  if (found == std::end(table::kByKeyword) || keyword_of(*found) != keyword) return nullptr;
  return &table::kEntries[*found];
}

std::span<const DictionaryEntry> dictionary() { return table::kEntries; }

Vr implicit_vr(Tag tag) {
  if (tag.element() == 0) return Vr::UL;
  if (is_private_creator(tag)) return Vr::LO;
  const DictionaryEntry* entry = find(tag);
  if (!entry) return Vr::UN;
  const bool is_words = std::ranges::binary_search(kWordsWhenImplicit, entry->tag);
  return is_words ? Vr::OW : entry->vr;
}

}  // namespace sekisho::core::dicom
