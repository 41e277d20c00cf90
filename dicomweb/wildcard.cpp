// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/wildcard.h"

#include <algorithm>
#include <utility>

namespace sekisho::dicomweb {
namespace {

constexpr std::size_t kWordBits = 64;
constexpr std::uint32_t kAnyText = '*';
constexpr std::uint32_t kAnyCharacter = '?';
constexpr std::uint32_t kPlus = '+';
constexpr std::uint32_t kSpace = ' ';

}  // namespace

Wildcard::Wildcard(std::string_view pattern, Plus plus) {
  Characters piece;
  for (const Character character : read(pattern)) {
    if (character == kAnyText) {
      pieces_.emplace_back(std::exchange(piece, {}), plus);
    } else {
      piece.push_back(character);
    }
  }
  pieces_.emplace_back(std::move(piece), plus);
}

/// A character of UTF-8 has at most four bytes, of which the first says so. What is no UTF-8 is
/// compared byte by byte.
Wildcard::Characters Wildcard::read(std::string_view utf8) {
  Characters characters;
  characters.reserve(utf8.size());
  std::size_t bytes = 0;  // of a character that may go on
  for (const char each : utf8) {
    const auto byte = static_cast<unsigned char>(each);
    const bool goes_on = (byte & 0xC0U) == 0x80U;
    if (goes_on && bytes > 0 && bytes < sizeof(Character)) {
      characters.back() = characters.back() << 8U | byte;
      ++bytes;
    } else {
      characters.push_back(byte);
      bytes = byte >= 0xC0U && byte < 0xF8U ? 1 : 0;
    }
  }
  return characters;
}

Wildcard::Piece::Piece(Characters text, Plus plus_means)
    : characters(std::move(text)),
      plus(plus_means),
      words((characters.size() + kWordBits - 1) / kWordBits),
      named(characters) {
  if (plus == Plus::or_space) named.push_back(kSpace);
  std::ranges::sort(named);
  named.erase(std::unique(named.begin(), named.end()), named.end());
  places.resize((named.size() + 1) * words);
  for (std::size_t at = 0; at < characters.size(); ++at) {
    const Word bit = Word{1} << (at % kWordBits);
    for (std::size_t row = 0; row <= named.size(); ++row) {
      const bool would_do =
          characters[at] == kAnyCharacter || (row > 0 && takes(characters[at], named[row - 1]));
      if (would_do) places[row * words + at / kWordBits] |= bit;
    }
  }
}

bool Wildcard::Piece::takes(Character wanted, Character character) const {
  if (wanted == kAnyCharacter || wanted == character) return true;
  return plus == Plus::or_space && wanted == kPlus && character == kSpace;
}

const Wildcard::Word* Wildcard::Piece::places_of(Character character) const {
  const auto found = std::ranges::lower_bound(named, character);
  const bool is_named = found != named.end() && *found == character;
  const std::size_t row = is_named ? static_cast<std::size_t>(found - named.begin()) + 1 : 0;
  return &places[row * words];
}

bool Wildcard::stands_at(const Piece& piece, const Character* text, std::uint64_t& steps) {
  for (const Character wanted : piece.characters) {
    ++steps;
    if (!piece.takes(wanted, *text)) return false;
    ++text;
  }
  return true;
}

/// Shift-and: bit i says whether the i + 1 characters up to here are the first ones of the piece.
const Wildcard::Character* Wildcard::find(const Piece& piece, const Character* begin,
                                          const Character* end, std::uint64_t& steps) {
  const std::size_t last = piece.size() - 1;
  std::vector<Word> begun(piece.words);
  for (const Character* at = begin; at != end; ++at) {
    const Word* places = piece.places_of(*at);
    Word carry = 1;
    for (std::size_t i = 0; i < piece.words; ++i) {
      ++steps;
      const Word next = begun[i] >> (kWordBits - 1);
      begun[i] = (begun[i] << 1U | carry) & places[i];
      carry = next;
    }
    if ((begun[last / kWordBits] >> (last % kWordBits) & 1U) != 0) return at + 1;
  }
  return nullptr;
}

/// The first piece stands at the beginning, the last at the end, and the others one after another
/// in between, each as far in front as it can: no other choice leaves more room for the rest.
Wildcard::Outcome Wildcard::match(std::string_view utf8) const {
  const Characters text = read(utf8);
  Outcome outcome;
  const Piece& first = pieces_.front();
  const Piece& last = pieces_.back();
  if (pieces_.size() == 1) {
    outcome.matches = text.size() == first.size() && stands_at(first, text.data(), outcome.steps);
    return outcome;
  }
  if (text.size() < first.size() + last.size()) return outcome;
  const Character* begin = text.data() + first.size();
  const Character* const end = text.data() + text.size() - last.size();
  if (!stands_at(first, text.data(), outcome.steps)) return outcome;
  if (!stands_at(last, end, outcome.steps)) return outcome;
  for (std::size_t i = 1; i + 1 < pieces_.size(); ++i) {
    if (pieces_[i].size() == 0) continue;  // one * behind the other
    begin = find(pieces_[i], begin, end, outcome.steps);
    if (begin == nullptr) return outcome;
  }
  outcome.matches = true;
  return outcome;
}

}  // namespace sekisho::dicomweb
