// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sekisho::dicomweb {

/// A text with wildcards (PS3.4 §C.2.2.2.4): `*` is any text, `?` any one character of UTF-8. An
/// immutable value.
class Wildcard {
 public:
  /// What a plus stands for: itself, or, in a query that a form may have written, a space as well.
  enum class Plus { itself, or_space };
  explicit Wildcard(std::string_view pattern, Plus plus = Plus::itself);

  struct Outcome {
    bool matches = false;
    std::uint64_t steps = 0;
  };
  /// Takes at most one step for each character of `text`, and for each 64 characters of the longest
  /// piece between two `*` one more: whoever writes the pattern, and whoever the text.
  Outcome match(std::string_view text) const;
  bool matches(std::string_view text) const { return match(text).matches; }

 private:
  using Character = std::uint32_t;  ///< the bytes of one, as they stand
  using Characters = std::vector<Character>;
  using Word = std::uint64_t;

  /// What stands between two `*`, or before the first or behind the last.
  struct Piece {
    Piece(Characters text, Plus plus);
    std::size_t size() const { return characters.size(); }
    const Word* places_of(Character character) const;
    bool takes(Character wanted, Character character) const;

    Characters characters;
    Plus plus;
    /// Of a piece that is searched for: at which of its places each character would do, a row of
    /// bits for each character that it names and, first of all, one for those that it does not.
    std::size_t words = 0;
    Characters named;  ///< ascending
    std::vector<Word> places;
  };
  static Characters read(std::string_view utf8);
  static bool stands_at(const Piece& piece, const Character* text, std::uint64_t& steps);
  /// Where the first place behind the piece is; null where it does not stand in the text.
  static const Character* find(const Piece& piece, const Character* begin, const Character* end,
                               std::uint64_t& steps);

  std::vector<Piece> pieces_;  ///< never empty; a single one is the whole
};

}  // namespace sekisho::dicomweb
