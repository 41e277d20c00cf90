// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

#include "sharing/recipient.h"

namespace sekisho::sharing {

/// What two recipients are compared by, so that nobody gives a study to the wrong one of two whose
/// names look alike. A value.
struct Likeness {
  /// The name by core::bare_spelling(), without what any house may be called ("医療法人",
  /// "株式会社", "クリニック", "病院", "Hospital"), unless there is nothing else.
  std::string name;
  std::string name_and_place;  ///< and the place behind it
  std::string digits;          ///< those of the name
};

Likeness likeness_of(const Recipient& recipient);

/// Of names that may be one letter apart: of fewer, one is too much (山田医院 is not 山本医院).
inline constexpr std::size_t kFewestAlikeLetters = 4;

/// Whether their names are the same, or with the place in one of them; or one letter apart (one
/// more or another), if they have kFewestAlikeLetters and the same digits: people read numbers.
bool are_alike(const Likeness& one, const Likeness& other);

}  // namespace sekisho::sharing
