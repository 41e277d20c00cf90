// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "imaging/rendering/picture.h"

namespace sekisho::imaging {

/// The letters of one font, written into pictures one after the other: alphabets and Japanese, not
/// scripts whose letters change beside each other. One thread.
class Lettering {
 public:
  /// A TrueType or OpenType file. `nullopt`: it cannot be read, or is none.
  static std::optional<Lettering> open(const std::string& path);
  Lettering(Lettering&&) noexcept;
  Lettering& operator=(Lettering&&) noexcept;
  ~Lettering();

  /// Writes lines of UTF-8 from the bottom left corner up, in white with a black edge, so that they
  /// are read on every ground. A line that is too long for the picture is written smaller, and what
  /// even then does not fit is cut off.
  void inscribe(std::span<const std::string> lines, Picture& picture);

 private:
  struct Font;
  explicit Lettering(std::unique_ptr<Font> font);
  std::unique_ptr<Font> font_;
};

}  // namespace sekisho::imaging
