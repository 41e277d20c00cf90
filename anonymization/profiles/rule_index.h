// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "anonymization/profiles/rule.h"
#include "core/dicom/tag.h"

namespace sekisho::anonymization {

/// A profile's rules by tag, for the one question that is asked of every element of every file: an
/// open-addressing table, at most half full, never changed after it was built. Any thread.
class RuleIndex {
 public:
  RuleIndex() = default;
  /// No tag twice; none is FFFF,FFFF. A rule for a tag that the dictionary does not know, from a
  /// profile that another version stored, is left out.
  explicit RuleIndex(std::span<const Rule> rules);

  /// `otherwise` if no rule names the tag.
  Fate find(core::dicom::Tag tag, Fate otherwise) const {
    if (slots_.empty()) return otherwise;
    const Slot* const slots = slots_.data();
    for (std::size_t at = home(tag);; at = (at + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots[at];
      if (slot.tag == tag) return slot.fate;
      if (slot.tag == kFree) return otherwise;
    }
  }
  friend bool operator==(const RuleIndex&, const RuleIndex&) = default;

 private:
  /// Delimiters and what follows them are no elements: this tag has no rule.
  static constexpr core::dicom::Tag kFree{0xFFFFFFFF};
  struct Slot {
    core::dicom::Tag tag = kFree;
    Fate fate = kRemoved;
    friend bool operator==(const Slot&, const Slot&) = default;
  };
  /// Multiplication by 2^32/φ spreads the runs that tags come in (Knuth, TAOCP vol. 3, §6.4).
  std::size_t home(core::dicom::Tag tag) const { return (tag.value * 0x9E3779B9U) >> shift_; }

  std::vector<Slot> slots_;  ///< a power of two of them
  int shift_ = 31;
};

}  // namespace sekisho::anonymization
