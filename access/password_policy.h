// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sekisho::access {

/// What a password stands beside.
enum class Beside { nothing, second_factor };

/// What is wrong with a password that somebody wants to have.
enum class PasswordFlaw {
  none,
  unreadable,  ///< no UTF-8, or with control characters
  too_short,   ///< less than 13 characters; beside a second factor less than 8
  too_plain,   ///< less than 13 characters, and without letters, digits and symbols
  too_long,    ///< more than 256 bytes: no door hashes a book
  common,      ///< in lists of leaked passwords or put together from such words
};
/// "TooShort" and so on; empty for none.
std::string_view name(PasswordFlaw flaw);

/// The rules of MHLW's guideline for medical information systems 6.0 (Q&A シQ-54): 13 characters,
/// or 8 with letters, digits and symbols beside a second factor. Characters are code points.
/// `known_words`, such as the login, and their parts count as leaked. Asks nobody; any thread; a
/// few milliseconds.
PasswordFlaw judge_password(std::string_view password, Beside beside,
                            std::span<const std::string> known_words);

}  // namespace sekisho::access
