// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/xml.h"

#include <algorithm>
#include <cassert>

#include "core/markup.h"
#include "core/utf8.h"

namespace sekisho::audit {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// White space too: a reader of attributes makes spaces of it otherwise (XML 1.0 §3.3.3).
std::string_view reference_of(char character) {
  switch (character) {
    case '\t':
      return "&#9;";
    case '\n':
      return "&#10;";
    case '\r':
      return "&#13;";
    default:
      return core::markup_reference(character);
  }
}

/// XML 1.0 §2.2: of what is well-formed UTF-8, the control characters and two non-characters are no
/// Char.
bool is_xml_character(std::string_view character) {
  if (character.size() == 1) return static_cast<unsigned char>(character.front()) >= 0x20;
  return character != "\xEF\xBF\xBE" && character != "\xEF\xBF\xBF";
}

}  // namespace

void append_xml(std::string& out, std::string_view value) {
  while (!value.empty()) {
    const std::string_view character =
        value.substr(0, std::max<std::size_t>(core::utf8_length(value), 1));
    const std::string_view reference = reference_of(character.front());
    if (!reference.empty()) {
      out += reference;
    } else if (core::utf8_length(value) == 0 || !is_xml_character(character)) {
      out += kReplacement;
    } else {
      out += character;
    }
    value.remove_prefix(character.size());
  }
}

XmlElement::XmlElement(std::string& out, std::string_view name) : out_(out), name_(name) {
  out_ += '<';
  out_ += name_;
}

XmlElement::~XmlElement() { out_ += has_content_ ? "</" + name_ + '>' : "/>"; }

XmlElement& XmlElement::attribute(std::string_view name, std::string_view value) {
  assert(!has_content_);
  out_ += ' ';
  out_ += name;
  out_ += "=\"";
  append_xml(out_, value);
  out_ += '"';
  return *this;
}

XmlElement XmlElement::child(std::string_view name) {
  begin_content();
  return XmlElement(out_, name);
}

void XmlElement::text(std::string_view value) {
  begin_content();
  append_xml(out_, value);
}

void XmlElement::begin_content() {
  if (!has_content_) out_ += '>';
  has_content_ = true;
}

}  // namespace sekisho::audit
