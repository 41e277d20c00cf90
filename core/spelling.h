// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace sekisho::core {

/// `name` (UTF-8) without what two spellings of one name differ in: case, accents, full and half
/// width, katakana for hiragana. What is no UTF-8, or longer than any name, stays as it is.
std::string fold_spelling(std::string_view name);

/// What of fold_spelling() people agree on who write a name as they heard it: letters with their
/// marks, and digits, without anything between them. Small kana are large ones, marks of long
/// vowels are gone, and kanji that names alone are written with are the usual ones.
std::string bare_spelling(std::string_view name);

}  // namespace sekisho::core
