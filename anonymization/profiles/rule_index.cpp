// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profiles/rule_index.h"

#include <bit>

#include "core/dicom/dictionary.h"

namespace sekisho::anonymization {

RuleIndex::RuleIndex(std::span<const Rule> rules) {
  const std::size_t slots = std::bit_ceil(2 * rules.size() + 2);
  slots_.resize(slots);
  shift_ = 32 - std::countr_zero(slots);
  for (const Rule& rule : rules) {
    const core::dicom::DictionaryEntry* entry = core::dicom::find(rule.tag);
    if (!entry) continue;
    std::size_t at = home(rule.tag);
    while (slots_[at].tag != kFree) at = (at + 1) & (slots - 1);
    slots_[at] = {rule.tag, {rule.action, entry->vr, entry->vm}};
  }
}

}  // namespace sekisho::anonymization
