// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/picture_wishes.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

namespace sekisho::dicomweb {
namespace {

constexpr std::uint32_t kThumbnailSide = 128;

std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> pieces;
  while (true) {
    const std::size_t end = std::min(text.find(','), text.size());
    pieces.push_back(text.substr(0, end));
    if (end == text.size()) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::optional<double> decimal(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  if (!is_whole || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<std::uint32_t> whole(std::string_view text, std::uint32_t least, std::uint32_t most) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  if (!is_whole || number < least || number > most) return std::nullopt;
  return number;
}

/// One number of a region: absent where nothing stands there. False: it is no number.
bool read_optional(std::string_view text, std::optional<double>& to) {
  if (text.empty()) return true;
  to = decimal(text);
  return to.has_value();
}

/// PS3.18 §8.3.5.1.3: vw,vh[,sx,sy,sw,sh].
bool read_viewport(std::string_view text, PictureWishes& to) {
  const auto pieces = pieces_of(text);
  if (pieces.size() != 2 && pieces.size() != 4 && pieces.size() != 6) return false;
  const auto width = whole(pieces[0], 1, imaging::kMostViewportSide);
  const auto height = whole(pieces[1], 1, imaging::kMostViewportSide);
  if (!width || !height) return false;
  std::optional<double> left, top;
  imaging::Viewport viewport{.width = *width, .height = *height};
  if (pieces.size() >= 4) {
    if (!read_optional(pieces[2], left) || !read_optional(pieces[3], top)) return false;
  }
  if (pieces.size() == 6) {
    if (!read_optional(pieces[4], viewport.source_width) ||
        !read_optional(pieces[5], viewport.source_height)) {
      return false;
    }
  }
  viewport.left = left.value_or(0);
  viewport.top = top.value_or(0);
  if (viewport.left < 0 || viewport.top < 0) return false;
  if (viewport.source_width.value_or(1) == 0 || viewport.source_height.value_or(1) == 0) {
    return false;
  }
  to.viewport = viewport;
  return true;
}

std::optional<imaging::WindowFunction> window_function(std::string_view name) {
  if (name == "linear") return imaging::WindowFunction::linear;
  if (name == "linear-exact") return imaging::WindowFunction::linear_exact;
  if (name == "sigmoid") return imaging::WindowFunction::sigmoid;
  return std::nullopt;
}

/// PS3.18 §8.3.5.1.4: centre, width and function; some clients leave the last one out.
bool read_window(std::string_view text, PictureWishes& to) {
  const auto pieces = pieces_of(text);
  if (pieces.size() != 2 && pieces.size() != 3) return false;
  const auto centre = decimal(pieces[0]);
  const auto width = decimal(pieces[1]);
  const auto function = window_function(pieces.size() == 3 ? pieces[2] : "linear");
  if (!centre || !width || !function) return false;
  to.window = imaging::Window{*centre, *width, *function};
  return imaging::is_sound(*to.window);
}

/// PS3.18 §8.3.5.1.2
bool read_quality(std::string_view text, PictureWishes& to) {
  const auto quality = whole(text, 1, 100);
  if (quality) to.quality = static_cast<int>(*quality);
  return quality.has_value();
}

/// PS3.18 §8.3.5.1.1: `patient`, `technique` or both.
bool read_annotation(std::string_view text, PictureWishes&) {
  return std::ranges::all_of(pieces_of(text), [](std::string_view name) {
    return name == "patient" || name == "technique";
  });
}

/// PS3.18 §8.3.5.1.5
bool read_icc_profile(std::string_view text, PictureWishes& to) {
  using Profile = PictureWishes::Profile;
  struct Row {
    std::string_view name;
    Profile profile;
  };
  static constexpr Row kRows[] = {
      {"no", Profile::none},        {"yes", Profile::of_image},  {"srgb", Profile::srgb},
      {"adobergb", Profile::other}, {"rommrgb", Profile::other}, {"displayp3", Profile::other},
  };
  const auto* const row = std::ranges::find(kRows, text, &Row::name);
  if (row == std::end(kRows)) return false;
  to.profile = row->profile;
  return true;
}

struct Parameter {
  std::string_view name;
  bool (*read)(std::string_view, PictureWishes&);
};
constexpr Parameter kParameters[] = {
    {"viewport", read_viewport},     {"window", read_window},          {"quality", read_quality},
    {"annotation", read_annotation}, {"iccprofile", read_icc_profile},
};

bool read_one(const Request& request, const Parameter& parameter, PictureWishes& to) {
  const auto is_it = [&](const auto& each) { return each.first == parameter.name; };
  const auto found = std::ranges::find_if(request.query, is_it);
  if (found == request.query.end()) return true;
  const auto again = std::find_if(std::next(found), request.query.end(), is_it);
  return again == request.query.end() && parameter.read(found->second, to);
}

}  // namespace

std::optional<PictureWishes> read_picture_wishes(const Request& request) {
  PictureWishes wishes;
  const auto is_read = [&](const Parameter& each) { return read_one(request, each, wishes); };
  if (!std::ranges::all_of(kParameters, is_read)) return std::nullopt;
  return wishes;
}

std::optional<PictureWishes> read_thumbnail_wishes(const Request& request) {
  PictureWishes wishes;
  wishes.viewport = imaging::Viewport{.width = kThumbnailSide, .height = kThumbnailSide};
  if (!read_one(request, kParameters[0], wishes)) return std::nullopt;
  return wishes;
}

}  // namespace sekisho::dicomweb
