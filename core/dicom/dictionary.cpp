// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/dictionary.h"

#include <algorithm>
#include <span>

#include "core/dicom/dictionary_table.h"

namespace sekisho::core::dicom {
namespace {

constexpr std::span kExact = std::span(table::kEntries).first(table::kExactCount);
constexpr std::span kRepeating = std::span(table::kEntries).subspan(table::kExactCount);
static_assert(std::ranges::is_sorted(kExact, {}, &DictionaryEntry::tag));
static_assert(std::ranges::is_sorted(kRepeating, {}, &DictionaryEntry::tag));
static_assert(kRepeating.size() == std::size(table::kRepeatingMasks));

const DictionaryEntry* find_in(std::span<const DictionaryEntry> entries, Tag tag) {
  const auto found = std::ranges::lower_bound(entries, tag, {}, &DictionaryEntry::tag);
  return found != entries.end() && found->tag == tag ? &*found : nullptr;
}

const DictionaryEntry* find_repeating(Tag tag) {
  for (const std::uint32_t mask : table::kMasks) {
    const DictionaryEntry* entry = find_in(kRepeating, Tag{tag.value & mask});
    if (entry && table::kRepeatingMasks[entry - kRepeating.data()] == mask) return entry;
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
  if (const DictionaryEntry* entry = find_in(kExact, tag)) return entry;
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
