// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string_view>

namespace sekisho::core::dicom {

/// Hands each value of a text of several to `see`, padding and all (PS3.5 §6.4); one that is empty
/// where the text is. Not for text whose character set has the delimiter within characters.
template <class See>
void for_each_value(std::string_view values, See see) {
  while (true) {
    const auto end = std::min(values.find('\\'), values.size());
    see(values.substr(0, end));
    if (end == values.size()) return;
    values.remove_prefix(end + 1);
  }
}

}  // namespace sekisho::core::dicom
