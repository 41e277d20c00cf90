// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace sekisho::core {

/// `name` (UTF-8) without what two spellings of one name differ in: case, accents, full and half
/// width, katakana for hiragana. What is no UTF-8, or longer than any name, stays as it is.
std::string fold_spelling(std::string_view name);

}  // namespace sekisho::core
