// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace sekisho::core::dicom {

/// How many values an element may have (PS3.5 §6.4), as PS3.6 and PS3.15 write it: "1", "1-3",
/// "2-2n". One byte, so that it can stand beside each rule. A default one allows any number.
class Multiplicity {
 public:
  constexpr Multiplicity() = default;
  /// `most` 0: without end. `step`: the number is a multiple of it. Compiles only for those that
  /// they name.
  static consteval Multiplicity of(unsigned least, unsigned most, unsigned step) {
    for (std::size_t i = 0; i < std::size(kKnown); ++i) {
      const Known& known = kKnown[i];
      if (known.least == least && known.most == most && known.step == step) {
        return Multiplicity(static_cast<std::uint8_t>(i));
      }
    }
    throw "no table names such a multiplicity";
  }

  /// Whether so many values are allowed. None at all always is: an element may be empty.
  constexpr bool allows(std::size_t values) const {
    const Known& known = kKnown[index_];
    if (values == 0) return true;
    return values >= known.least && (known.most == 0 || values <= known.most) &&
           (known.step == 1 || values % known.step == 0);
  }
  /// The fewest values of an element that is not empty.
  constexpr std::size_t least() const { return kKnown[index_].least; }
  friend constexpr bool operator==(const Multiplicity&, const Multiplicity&) = default;

 private:
  struct Known {
    std::uint8_t least;
    std::uint8_t most;
    std::uint8_t step;
  };
  static constexpr Known kKnown[] = {
      {1, 0, 1}, {1, 1, 1}, {1, 2, 1}, {1, 3, 1}, {1, 8, 1}, {1, 32, 1},  {1, 99, 1}, {2, 0, 1},
      {2, 0, 2}, {2, 2, 1}, {2, 4, 1}, {3, 0, 1}, {3, 0, 3}, {3, 3, 1},   {3, 4, 1},  {4, 0, 1},
      {4, 4, 1}, {4, 5, 1}, {6, 0, 1}, {6, 6, 1}, {9, 9, 1}, {16, 16, 1},
  };

  constexpr explicit Multiplicity(std::uint8_t index) : index_(index) {}
  std::uint8_t index_ = 0;
};

}  // namespace sekisho::core::dicom
