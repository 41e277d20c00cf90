// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/dicom/character_set.h"
#include "core/dicom/vr.h"
#include "core/dicom/walker.h"

namespace sekisho::core::dicom {

/// The character set in force while a data set is walked: each item may name its own and else has
/// that of the item around it (PS3.3 §C.12.1.1.2). Knows how deep the walk is. The data set must
/// outlive it.
class TextReader {
 public:
  /// To be called with every token, before its text is read.
  void see(const Token& token);
  /// Sequences around the present place.
  int depth() const { return depth_; }
  /// The element's value in UTF-8, trailing padding dropped, backslashes between values included.
  /// A view of the token's bytes or of `scratch`.
  std::string_view text(const Token& token, std::string& scratch);

 private:
  int depth_ = 0;
  std::array<std::string_view, kMaxDepth + 2> terms_;  ///< (0008,0005) at each depth
  std::string_view terms_of_set_;                      ///< what set_ was made of
  CharacterSet set_;
};

/// Text VRs in which a backslash separates values (PS3.5 §6.2: not ST, LT, UT, UR).
bool is_multi_valued_text(Vr vr);

/// Calls `take` with each value between backslashes.
template <class Take>
void for_each_value(std::string_view text, Take take) {
  while (true) {
    const std::size_t end = text.find('\\');
    take(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace sekisho::core::dicom
