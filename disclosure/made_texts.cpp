// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/made_texts.h"

#include <utility>

namespace sekisho::disclosure {

void MadeTexts::keep(std::string name, Text text) {
  constexpr std::uint64_t kOverheadBytes = 256;  // list and hash nodes, two strings
  const std::uint64_t bytes = name.capacity() + text->capacity() + kOverheadBytes;
  if (bytes <= longest_) texts_.put(std::move(name), std::move(text), bytes);
}

}  // namespace sekisho::disclosure
