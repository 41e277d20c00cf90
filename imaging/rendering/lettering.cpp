// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/rendering/lettering.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/utf8.h"

namespace sekisho::imaging {
namespace {

constexpr std::uint32_t kLeastHeight_pixels = 9;  // of a kanji that can be read
constexpr std::uint32_t kMostHeight_pixels = 48;
// Dots that fonts bring for some heights have one bit each.
constexpr FT_Int32 kOutlines = FT_LOAD_NO_BITMAP;
constexpr std::uint32_t kLinesOfPicture = 32;  // as many would fill its shorter side

constexpr const char* kInstalled[] = {
    "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
};

/// Lays `level` over the cell, which shows through by what `cover` lacks to 255.
core::Byte blended(core::Byte cell, core::Byte level, unsigned cover) {
  return static_cast<core::Byte>((cell * (255 - cover) + level * cover) / 255);
}

/// Lays the glyph that the font holds over the picture, with its origin at x and y.
void print(FT_GlyphSlot glyph, std::int64_t x, std::int64_t y, core::Byte level, Picture& picture) {
  const FT_Bitmap& dots = glyph->bitmap;
  const std::int64_t left = x + glyph->bitmap_left;
  const std::int64_t top = y - glyph->bitmap_top;
  for (std::int64_t row = 0; row < dots.rows; ++row) {
    if (top + row < 0 || top + row >= picture.height) continue;
    core::Byte* const cells =
        picture.cells.data() + static_cast<std::size_t>(top + row) * picture.row_bytes();
    const core::Byte* const covers = dots.buffer + row * dots.pitch;
    for (std::int64_t column = 0; column < dots.width; ++column) {
      if (left + column < 0 || left + column >= picture.width) continue;
      core::Byte* const cell = cells + (left + column) * picture.samples;
      std::for_each(cell, cell + picture.samples,
                    [&](core::Byte& each) { each = blended(each, level, covers[column]); });
    }
  }
}

}  // namespace

struct Lettering::Font {
  FT_Library library = nullptr;
  FT_Face face = nullptr;

  Font() = default;
  Font(const Font&) = delete;
  Font& operator=(const Font&) = delete;
  ~Font() {
    if (face != nullptr) FT_Done_Face(face);
    if (library != nullptr) FT_Done_FreeType(library);
  }

  void set_height(std::uint32_t pixels) { FT_Set_Pixel_Sizes(face, 0, pixels); }

  /// Hands each glyph of the line over with the place of its origin, and tells how wide the line
  /// is.
  template <typename Take>
  std::int64_t for_each_glyph(std::string_view line, FT_Int32 how, const Take& take) {
    std::int64_t x = 0;
    while (!line.empty()) {
      const core::Utf8Character character = core::first_character(line);
      line.remove_prefix(character.bytes);
      if (FT_Load_Char(face, character.code, how) != 0) continue;
      if (!take(face->glyph, x)) break;
      x += face->glyph->advance.x / 64;  // which has 26.6 bits
    }
    return x;
  }
};

Lettering::Lettering(std::unique_ptr<Font> font) : font_(std::move(font)) {}
Lettering::Lettering(Lettering&&) noexcept = default;
Lettering& Lettering::operator=(Lettering&&) noexcept = default;
Lettering::~Lettering() = default;

std::optional<Lettering> Lettering::open(const std::string& path) {
  auto font = std::make_unique<Font>();
  if (FT_Init_FreeType(&font->library) != 0 ||
      FT_New_Face(font->library, path.c_str(), 0, &font->face) != 0 ||
      !FT_IS_SCALABLE(font->face)) {
    return std::nullopt;
  }
  return Lettering(std::move(font));
}

std::optional<Lettering> Lettering::installed() {
  for (const char* const path : kInstalled) {
    if (auto letters = open(path)) return letters;
  }
  return std::nullopt;
}

std::uint32_t Lettering::height_for(const Picture& picture) {
  return std::clamp(std::min(picture.width, picture.height) / kLinesOfPicture, kLeastHeight_pixels,
                    kMostHeight_pixels);
}

std::int64_t Lettering::width_of(std::string_view line, std::uint32_t height) {
  font_->set_height(height);
  return font_->for_each_glyph(line, kOutlines, [](FT_GlyphSlot, std::int64_t) { return true; });
}

void Lettering::write(std::string_view line, Place at, std::uint32_t height, Picture& picture) {
  font_->set_height(height);
  constexpr FT_Int32 kDrawn = kOutlines | FT_LOAD_RENDER;
  font_->for_each_glyph(line, kDrawn, [&](FT_GlyphSlot glyph, std::int64_t x) {
    for (const std::int64_t down : {-1, 0, 1}) {
      for (const std::int64_t across : {-1, 0, 1}) {
        print(glyph, at.left + x + across, at.base + down, 0, picture);
      }
    }
    return at.left + x <= picture.width;
  });
  font_->for_each_glyph(line, kDrawn, [&](FT_GlyphSlot glyph, std::int64_t x) {
    print(glyph, at.left + x, at.base, 255, picture);
    return at.left + x <= picture.width;
  });
}

void Lettering::inscribe(std::span<const std::string> lines, Picture& picture) {
  std::uint32_t height = height_for(picture);
  const auto is_too_wide = [&](const std::string& line) {
    return width_of(line, height) + height > picture.width;
  };
  while (height > kLeastHeight_pixels && std::ranges::any_of(lines, is_too_wide)) --height;
  const std::int64_t margin = height / 2;
  std::int64_t base = std::int64_t{picture.height} - margin;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    write(*line, {margin, base}, height, picture);
    base -= line_height(height);
  }
}

}  // namespace sekisho::imaging
