// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/presentation/annotations.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "core/dicom/character_set.h"

namespace sekisho::imaging {
namespace {

using core::dicom::CharacterSet;
using core::dicom::Tag;
using core::dicom::Token;

constexpr std::size_t kMostPoints = 100'000;

std::optional<Figure::Kind> kind_of(std::string_view name) {
  if (name == "POINT") return Figure::Kind::point;
  if (name == "CIRCLE") return Figure::Kind::circle;
  if (name == "ELLIPSE") return Figure::Kind::ellipse;
  // Which curve goes through the points of INTERPOLATED is left open: the straight one.
  if (name == "POLYLINE" || name == "INTERPOLATED") return Figure::Kind::polyline;
  return std::nullopt;
}

std::optional<AnnotationUnits> units_of(std::string_view name) {
  if (name == "PIXEL") return AnnotationUnits::pixels;
  if (name == "DISPLAY") return AnnotationUnits::display;
  return std::nullopt;
}

std::optional<Figure> figure(const Item& item) {
  const auto kind = kind_of(item.text(Tag{0x0070, 0x0023}));
  const auto units = units_of(item.text(Tag{0x0070, 0x0005}));
  if (!kind || !units) return std::nullopt;
  Figure figure{{}, *units, *kind, item.places(Tag{0x0070, 0x0022}, 2 * kMostPoints + 2)};
  if (figure.points.size() % 2 != 0) figure.points.pop_back();
  const std::size_t wanted = *kind == Figure::Kind::ellipse ? 8
                             : *kind == Figure::Kind::point ? 2
                                                            : 4;
  if (figure.points.size() < wanted) return std::nullopt;
  return figure;
}

/// Without the control characters that end them.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of("\r\n\f");
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
  }
  return lines;
}

Note::Side side_of(std::string_view name) {
  if (name == "CENTER") return Note::Side::centre;
  return name == "RIGHT" ? Note::Side::right : Note::Side::left;
}

/// The place of a text, where it has one.
std::optional<Note> placed_note(const Item& item) {
  const auto units = units_of(item.text(Tag{0x0070, 0x0003}));
  const auto from = item.places(Tag{0x0070, 0x0010}, 2);
  const auto to = item.places(Tag{0x0070, 0x0011}, 2);
  if (units && from.size() == 2 && to.size() == 2) {
    return Note{{},      *units, {},    from[0],
                from[1], to[0],  to[1], side_of(item.text(Tag{0x0070, 0x0012}))};
  }
  const auto anchor_units = units_of(item.text(Tag{0x0070, 0x0004}));
  const auto at = item.places(Tag{0x0070, 0x0014}, 2);
  if (!anchor_units || at.size() != 2) return std::nullopt;
  return Note{{}, *anchor_units, {}, at[0], at[1], at[0], at[1], Note::Side::left};
}

std::optional<Note> note(const Item& item, const CharacterSet& characters) {
  const Token* const text = item.element(Tag{0x0070, 0x0006});
  auto note = placed_note(item);
  if (text == nullptr || text->value.size() > kMostPoints || !note) return std::nullopt;
  note->lines = lines_of(characters.to_utf8(text->value, text->vr));
  return note;
}

/// How much each annotation has of its own copy of them.
std::size_t size_of(const References& of) {
  std::size_t size = of.images.size();
  for (const ImageReference& image : of.images) size += image.frames.size();
  return size;
}

std::size_t size_of(const Figure& figure) { return figure.points.size() / 2; }
std::size_t size_of(const Note& note) {
  std::size_t size = 0;
  for (const std::string& line : note.lines) size += line.size();
  return size;
}

/// Counts what is taken, and refuses what would be more than anybody looks at.
class Taken {
 public:
  /// False: it would be too much. What is not there is no more than nothing.
  template <class Annotation>
  bool add(std::optional<Annotation> one, const References& of, std::vector<Annotation>& to) {
    if (!one) return true;
    size_ += size_of(*one) + size_of(of);
    if (size_ > kMostPoints) return false;
    one->of = of;
    to.push_back(*std::move(one));
    return true;
  }

 private:
  std::size_t size_ = 0;
};

}  // namespace

bool read_annotations(const Item& top, std::vector<Figure>& figures, std::vector<Note>& notes) {
  const Token* const terms = top.element(Tag{0x0008, 0x0005});
  const CharacterSet characters(terms == nullptr ? std::string_view()
                                                 : core::as_text(terms->value));
  Taken taken;
  for (const Item& annotation : top.items(Tag{0x0070, 0x0001})) {
    const References of = read_references(annotation);
    for (const Item& object : annotation.items(Tag{0x0070, 0x0009})) {
      if (!taken.add(figure(object), of, figures)) return false;
    }
    for (const Item& object : annotation.items(Tag{0x0070, 0x0008})) {
      if (!taken.add(note(object, characters), of, notes)) return false;
    }
  }
  return true;
}

}  // namespace sekisho::imaging
