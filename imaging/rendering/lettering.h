// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "imaging/rendering/picture.h"

namespace sekisho::imaging {

/// The letters of one font, written into pictures one after the other: alphabets and Japanese, not
/// scripts whose letters change beside each other. One thread.
class Lettering {
 public:
  /// A TrueType or OpenType file. `nullopt`: it cannot be read, or is none.
  static std::optional<Lettering> open(const std::string& path);
  /// Of the fonts with Japanese that Debian has, the first that is there: fonts-ipaexfont-gothic,
  /// fonts-noto-cjk.
  static std::optional<Lettering> installed();
  Lettering(Lettering&&) noexcept;
  Lettering& operator=(Lettering&&) noexcept;
  ~Lettering();

  /// Of letters that are read in such a picture.
  static std::uint32_t height_for(const Picture& picture);
  /// From one line to the next.
  static std::uint32_t line_height(std::uint32_t height) { return height + height / 4; }

  struct Place {
    std::int64_t left;
    std::int64_t base;  ///< what letters stand on
  };
  /// In pixels, as the height is.
  std::int64_t width_of(std::string_view line, std::uint32_t height);
  /// Writes one line of UTF-8, in white with a black edge, so that it is read on every ground; what
  /// does not fit into the picture is cut off.
  void write(std::string_view line, Place at, std::uint32_t height, Picture& picture);

  /// Writes lines from the bottom left corner up; all of them smaller where one would be too long.
  void inscribe(std::span<const std::string> lines, Picture& picture);

 private:
  struct Font;
  explicit Lettering(std::unique_ptr<Font> font);
  std::unique_ptr<Font> font_;
};

}  // namespace sekisho::imaging
