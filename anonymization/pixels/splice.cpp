// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/splice.h"

#include "anonymization/masking/element_writer.h"
#include "core/dicom/walker.h"

namespace sekisho::anonymization {
namespace {

using core::Bytes;
using core::ByteView;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::TransferSyntax;

bool is_blank(ByteView value) {
  return core::as_text(value).find_first_not_of(std::string_view(" \0", 2)) ==
         std::string_view::npos;
}

/// A top-level element, all of it.
struct Element {
  Tag tag;
  ByteView bytes;
  ByteView value;  ///< empty for a sequence
};

std::vector<Element> elements_of(ByteView header, const TransferSyntax& syntax) {
  core::dicom::Walker walker(header, syntax.vr, syntax.order);
  std::vector<Element> elements;
  std::vector<std::uint64_t> begins;
  for (Token token = walker.next();
       token.kind != Token::Kind::end && token.kind != Token::Kind::defect; token = walker.next()) {
    const bool begins_here = token.kind == Token::Kind::element ||
                             token.kind == Token::Kind::sequence_begin ||
                             token.kind == Token::Kind::fragments;
    if (token.depth != 0 || !begins_here) continue;
    elements.push_back({token.tag, {}, token.value});
    begins.push_back(token.offset);
  }
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const std::uint64_t end = i + 1 < begins.size() ? begins[i + 1] : header.size();
    elements[i].bytes = header.subspan(begins[i], end - begins[i]);
  }
  return elements;
}

}  // namespace

Bytes splice(ByteView header, const TransferSyntax& syntax,
             std::span<const ElementReplacement> replacements) {
  constexpr std::size_t kRoomBytes = 64;
  core::ByteBuffer out(header.size() + kRoomBytes);
  ElementWriter writer(out, syntax.vr, syntax.order);
  const auto write = [&](const ElementReplacement& each) {
    writer.element(each.tag, each.vr, each.value);
  };
  auto next = replacements.begin();
  for (const Element& element : elements_of(header, syntax)) {
    for (; next != replacements.end() && next->tag < element.tag; ++next) write(*next);
    const bool replaced = next != replacements.end() && next->tag == element.tag;
    if (replaced && (next->when == ElementReplacement::When::always || is_blank(element.value))) {
      write(*next);
    } else if (element.tag.element() != 0) {
      out.append(element.bytes);
    }
    if (replaced) ++next;
  }
  for (; next != replacements.end(); ++next) write(*next);
  return out.copy();
}

}  // namespace sekisho::anonymization
