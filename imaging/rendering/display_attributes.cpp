// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/rendering/display_attributes.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/dicom/element_header.h"
#include "core/dicom/values.h"

namespace sekisho::imaging {
namespace {

using core::ByteView;
using core::dicom::Dataset;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::Vr;

constexpr Tag kModalityLutSequence{0x0028, 0x3000};
constexpr Tag kVoiLutSequence{0x0028, 0x3010};
constexpr Tag kPixelValueTransformation{0x0028, 0x9145};
constexpr Tag kFrameVoiLut{0x0028, 0x9132};
constexpr Tag kSharedGroups{0x5200, 0x9229};
constexpr Tag kPerFrameGroups{0x5200, 0x9230};
constexpr std::uint16_t kImageGroup = 0x0028;
constexpr std::uint16_t kFirstOverlayGroup = 0x6000;
constexpr std::uint16_t kLastOverlayGroup = 0x601E;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kPadding{" \0", 2};
  const auto first = text.find_first_not_of(kPadding);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kPadding) - first + 1);
}

/// The first value of a DS or IS.
std::optional<double> first_number(ByteView value) {
  std::string_view text = core::as_text(value);
  text = trimmed(text.substr(0, text.find('\\')));
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  if (text.empty() || !is_whole || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<std::uint32_t> frame_number(ByteView value) {
  const auto number = first_number(value);
  if (!number || *number < 1 || *number > INT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

/// A table before its data are known.
struct RawTable {
  ByteView descriptor;
  LookupTable::First first = LookupTable::First::is_unsigned;
  ByteView data;
  ByteView segments;
  core::dicom::ByteOrder order = core::dicom::ByteOrder::little;

  void describe(const Token& token) {
    descriptor = token.value;
    first = token.vr == Vr::SS ? LookupTable::First::is_signed : LookupTable::First::is_unsigned;
    order = token.order;
  }
  std::optional<LookupTable> made() const {
    const auto read = LookupTable::read_descriptor(descriptor, order, first);
    if (!read) return std::nullopt;
    return segments.empty() ? LookupTable::make(*read, data, order)
                            : LookupTable::make_segmented(*read, segments, order);
  }
};

/// The values that say how gray becomes light, of one place in the header.
struct Raw {
  std::optional<double> slope, intercept, centre, width;
  WindowFunction function = WindowFunction::linear;
  RawTable modality, voi;

  void forget_voi() {
    centre.reset();
    width.reset();
    function = WindowFunction::linear;
    voi = {};
  }
  void forget_modality() {
    slope.reset();
    intercept.reset();
    modality = {};
  }
};

/// Gathers from the tokens of one header.
class Reader {
 public:
  Reader(DisplayAttributes& to, std::uint32_t frame) : to_(to), frame_(frame) {}

  void see(const Token& token) {
    using Kind = Token::Kind;
    if (token.kind == Kind::sequence_begin) return begin_sequence(token.tag);
    if (token.kind == Kind::item_begin) {
      ++path_.back().items;
    } else if (token.kind == Kind::sequence_end) {
      path_.pop_back();
    } else if (token.kind == Kind::element) {
      element(token);
    }
  }
  void finish();

 private:
  struct Level {
    Tag sequence;
    std::uint32_t items = 0;
  };

  /// How many levels of the path are functional groups of the frame and the macro in them; 0: the
  /// top of the header. `nullopt`: a place that says nothing of the frame.
  std::optional<std::size_t> macro_depth() const {
    if (path_.empty()) return 0;
    const Level& groups = path_.front();
    if (groups.sequence != kSharedGroups && groups.sequence != kPerFrameGroups) return 0;
    const std::uint32_t wanted = groups.sequence == kSharedGroups ? 1 : frame_ + 1;
    if (groups.items != wanted || path_.size() < 2) return std::nullopt;
    const bool is_macro =
        path_[1].sequence == kPixelValueTransformation || path_[1].sequence == kFrameVoiLut;
    return is_macro ? std::optional<std::size_t>(2) : std::nullopt;
  }

  /// A macro replaces what was said before: a window of the frame and a table of the image are not
  /// to be mixed.
  void begin_sequence(Tag tag) {
    path_.push_back({tag});
    if (path_.size() != 2 || macro_depth() != 2) return;
    if (tag == kFrameVoiLut) raw_.forget_voi();
    if (tag == kPixelValueTransformation) raw_.forget_modality();
  }

  void element(const Token& token) {
    const auto depth = macro_depth();
    if (!depth) return;
    if (path_.size() == *depth) {
      if (*depth == 0) top(token);
      value(token);
    } else if (path_.size() == *depth + 1 && path_.back().items == 1) {
      if (path_.back().sequence == kModalityLutSequence) table(raw_.modality, token);
      if (path_.back().sequence == kVoiLutSequence) table(raw_.voi, token);
    }
  }

  static void table(RawTable& raw, const Token& token) {
    constexpr Tag kLutDescriptor{0x0028, 0x3002};
    constexpr Tag kLutData{0x0028, 0x3006};
    if (token.tag == kLutDescriptor) raw.describe(token);
    if (token.tag == kLutData) raw.data = token.value;
  }

  void value(const Token& token) {
    switch (token.tag.value) {
      case 0x00281050:
        raw_.centre = first_number(token.value);
        return;
      case 0x00281051:
        raw_.width = first_number(token.value);
        return;
      case 0x00281052:
        raw_.intercept = first_number(token.value);
        return;
      case 0x00281053:
        raw_.slope = first_number(token.value);
        return;
      case 0x00281056:
        raw_.function = window_function(trimmed(core::as_text(token.value)));
        return;
      default:
        return;
    }
  }

  void top(const Token& token) {
    const std::uint16_t group = token.tag.group();
    if (group >= kFirstOverlayGroup && group <= kLastOverlayGroup) return overlay(token);
    if (group == kImageGroup) return palette(token);
    switch (token.tag.value) {
      case 0x00181063:  // Frame Time
        return frame_time(first_number(token.value));
      case 0x20500020:
        return shape(trimmed(core::as_text(token.value)));
      default:
        return;
    }
  }

  void frame_time(std::optional<double> milliseconds) {
    if (milliseconds && *milliseconds > 0) to_.frame_ms = *milliseconds;
  }

  void shape(std::string_view name) {
    if (name == "IDENTITY") to_.shape = PresentationShape::identity;
    if (name == "INVERSE") to_.shape = PresentationShape::inverse;
  }

  /// And the rest of group 0028.
  void palette(const Token& token) {
    const std::uint16_t element = token.tag.element();
    if (element >= 0x1101 && element <= 0x1103) palette_[element - 0x1101U].describe(token);
    if (element >= 0x1201 && element <= 0x1203) palette_[element - 0x1201U].data = token.value;
    if (element >= 0x1221 && element <= 0x1223) palette_[element - 0x1221U].segments = token.value;
    if (element == 0x0004) to_.photometric = trimmed(core::as_text(token.value));
    if (element == 0x0006 && stored_value(token) == 1) {
      to_.planes = DisplayAttributes::Planes::separate;
    }
    if (element == 0x2000) to_.colour_profile = token.value;
    if (element == 0x0120) padding_ = stored_value(token);
    if (element == 0x0121) padding_limit_ = stored_value(token);
    if (element == 0x6010) to_.representative_frame = frame_number(token.value).value_or(1);
  }

  static std::optional<double> stored_value(const Token& token) {
    if (token.value.size() != 2) return std::nullopt;
    const std::uint16_t number = core::dicom::read16(token.value.data(), token.order);
    if (token.vr == Vr::SS) return static_cast<std::int16_t>(number);
    return number;
  }

  void overlay(const Token& token);

  DisplayAttributes& to_;
  const std::uint32_t frame_;
  std::vector<Level> path_;
  Raw raw_;
  std::array<RawTable, 3> palette_;
  std::optional<double> padding_, padding_limit_;
  std::uint16_t overlay_group_ = 0;
};

/// Only planes that have data of their own: those in bits of the pixels do not leave. A region of
/// interest (type R) is no drawing.
void Reader::overlay(const Token& token) {
  if (overlay_group_ != token.tag.group()) {
    overlay_group_ = token.tag.group();
    to_.overlays.emplace_back();
    to_.overlays.back().group = overlay_group_;
  }
  Overlay& overlay = to_.overlays.back();
  const ByteView value = token.value;
  const auto number = [&](std::size_t at) -> std::uint16_t {
    return value.size() < at + 2 ? std::uint16_t{0}
                                 : core::dicom::read16(value.data() + at, token.order);
  };
  switch (token.tag.element()) {
    case 0x0010:
      overlay.rows = number(0);
      return;
    case 0x0011:
      overlay.columns = number(0);
      return;
    case 0x0015:
      overlay.frames = frame_number(value).value_or(1);
      return;
    case 0x0040:
      if (trimmed(core::as_text(value)) == "R") overlay.rows = 0;
      return;
    case 0x0050:
      overlay.top = static_cast<std::int16_t>(number(0));
      overlay.left = static_cast<std::int16_t>(number(2));
      return;
    case 0x0051:
      overlay.first_frame = std::max<std::uint32_t>(number(0), 1);
      return;
    case 0x3000:
      overlay.bits = value;
      return;
    default:
      return;
  }
}

void Reader::finish() {
  to_.colours = colour_model(to_.photometric);
  // A slope of 0 would make one grey of everything.
  if (raw_.slope && *raw_.slope != 0) to_.slope = *raw_.slope;
  to_.intercept = raw_.intercept.value_or(0);
  to_.modality_table = raw_.modality.made();
  if (raw_.centre && raw_.width) {
    const Window window{*raw_.centre, *raw_.width, raw_.function};
    if (is_sound(window)) to_.window = window;
  }
  to_.voi_table = raw_.voi.made();
  for (std::size_t i = 0; i < palette_.size(); ++i) to_.palette[i] = palette_[i].made();
  if (padding_) {
    const double other = padding_limit_.value_or(*padding_);
    to_.padding = {std::min(*padding_, other), std::max(*padding_, other)};
  }
  std::erase_if(to_.overlays, [](const Overlay& overlay) {
    const std::uint64_t bits = std::uint64_t{overlay.rows} * overlay.columns * overlay.frames;
    return bits == 0 || overlay.frames > UINT32_MAX / 2 || overlay.bits.size() < (bits + 7) / 8;
  });
}

}  // namespace

std::optional<ColourModel> colour_model(std::string_view photometric) {
  struct Row {
    std::string_view name;
    ColourModel model;
  };
  static constexpr Row kRows[] = {
      {"MONOCHROME1", ColourModel::white_is_least},
      {"MONOCHROME2", ColourModel::black_is_least},
      {"PALETTE COLOR", ColourModel::palette},
      {"RGB", ColourModel::rgb},
      {"YBR_FULL", ColourModel::ybr},
      {"YBR_FULL_422", ColourModel::ybr},
      {"YBR_ICT", ColourModel::rgb},
      {"YBR_RCT", ColourModel::rgb},
  };
  const auto* const row = std::ranges::find(kRows, photometric, &Row::name);
  if (row == std::end(kRows)) return std::nullopt;
  return row->model;
}

WindowFunction window_function(std::string_view name) {
  if (name == "SIGMOID") return WindowFunction::sigmoid;
  return name == "LINEAR_EXACT" ? WindowFunction::linear_exact : WindowFunction::linear;
}

bool is_sound(const Window& window) {
  if (!std::isfinite(window.centre) || !std::isfinite(window.width)) return false;
  return window.function == WindowFunction::linear ? window.width >= 1 : window.width > 0;
}

DisplayAttributes read_display_attributes(const Dataset& header, const PixelLayout& layout,
                                          std::uint32_t frame) {
  constexpr std::uint32_t kDoubleBits = 64;
  DisplayAttributes attributes;
  attributes.layout = layout;
  if (!layout.has_stored_bits) {
    attributes.cells = layout.bits_allocated == kDoubleBits ? DisplayAttributes::Cells::doubles
                                                            : DisplayAttributes::Cells::floats;
  }
  Reader reader(attributes, frame);
  core::dicom::for_each_token(header, [&](const Token& token) { reader.see(token); });
  reader.finish();
  return attributes;
}

}  // namespace sekisho::imaging
