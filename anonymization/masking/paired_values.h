// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/dicom/tag.h"

namespace sekisho::anonymization {

/// Two elements of an item whose values belong together, the first of one to the first of the
/// other and so on; both are DS. Readers take them so, and one alone says nothing.
struct ValuePair {
  core::dicom::Tag first;
  core::dicom::Tag second;

  core::dicom::Tag other(core::dicom::Tag tag) const { return tag == first ? second : first; }
  friend bool operator==(const ValuePair&, const ValuePair&) = default;
};

/// PS3.3 §C.7.6.4: each ContrastFlowDuration is that of a ContrastFlowRate.
inline constexpr ValuePair kContrastFlow{core::dicom::Tag{0x0018, 0x1046},
                                         core::dicom::Tag{0x0018, 0x1047}};
/// PS3.3 §C.11.2.1.2: of WindowCenter and WindowWidth there shall be as many, and as many texts
/// that explain them, if any.
inline constexpr ValuePair kWindows{core::dicom::Tag{0x0028, 0x1050},
                                    core::dicom::Tag{0x0028, 0x1051}};
inline constexpr core::dicom::Tag kWindowExplanation{0x0028, 0x1055};

/// Null for an element that is of no pair.
constexpr const ValuePair* find_value_pair(core::dicom::Tag tag) {
  for (const ValuePair* pair : {&kContrastFlow, &kWindows}) {
    if (pair->first == tag || pair->second == tag) return pair;
  }
  return nullptr;
}

/// One of a pair, as it was given, and what kept_value() left of it.
struct OneOfPair {
  core::ByteView given;
  std::optional<core::ByteView> kept;
};

/// What stays of `own`: not the values of which nothing is left, nor those that belong to such a
/// one; nothing at all where nothing is left of `other`. Where the numbers of values differed when
/// they were given, or one had none, nobody can tell what belongs together: all that was kept. The
/// answer points into it, or into `made`.
std::optional<core::ByteView> kept_beside(const OneOfPair& own, const OneOfPair& other,
                                          std::string& made);

}  // namespace sekisho::anonymization
