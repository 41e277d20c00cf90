// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/native_xml.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/dicom/dictionary.h"
#include "core/dicom/tag.h"
#include "core/markup.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Tag;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

void append_utf8(std::string& out, std::uint32_t unit) {
  // append_json() escapes nothing beyond U+001F.
  if (unit == '\t' || unit == '\n') {
    out += static_cast<char>(unit);
  } else if (unit == '\r') {
    out += "&#13;";  // XML 1.0 §2.11: as itself it would be read as a line feed
  } else {
    out += kReplacement;  // §2.2
  }
}

/// The character that `escape` stands for, from behind its backslash on; takes it off the front.
void take_escape(std::string& out, std::string_view& escape) {
  if (escape.empty()) throw std::logic_error("an escape of JSON is cut off");
  const char c = escape.front();
  escape.remove_prefix(1);
  if (c != 'u') return core::append_markup(out, c);
  std::uint32_t unit = 0;
  const char* end = escape.data() + std::min<std::size_t>(escape.size(), 4);
  if (escape.size() < 4 || std::from_chars(escape.data(), end, unit, 16).ptr != end) {
    throw std::logic_error("an escape of JSON is cut off");
  }
  escape.remove_prefix(4);
  append_utf8(out, unit);
}

/// The text of a JSON string between its quotes, as XML has it.
std::string as_xml(std::string_view json) {
  constexpr std::string_view kNoncharacters[] = {"\xEF\xBF\xBE", "\xEF\xBF\xBF"};  // U+FFFE, U+FFFF
  std::string text;
  text.reserve(json.size());
  while (!json.empty()) {
    if (std::ranges::find(kNoncharacters, json.substr(0, 3)) != std::end(kNoncharacters)) {
      text += kReplacement;
      json.remove_prefix(3);
      continue;
    }
    const char c = json.front();
    json.remove_prefix(1);
    if (c == '\\') {
      take_escape(text, json);
    } else {
      core::append_markup(text, c);
    }
  }
  return text;
}

/// Whose the private elements of an object are: by group and block.
using Creators = std::map<std::pair<std::uint16_t, std::uint16_t>, std::string>;

/// Reads an object from its front and writes it. As deep as core::dicom::kMaxDepth.
class Translation {
 public:
  Translation(std::string& out, std::string_view json) : out_(out), left_(json) {}

  void document() {
    out_ +=
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<NativeDicomModel xmlns=\"http://dicom.nema.org/PS3.19/models/NativeDICOM\" "
        "xml:space=\"preserve\">";
    object();
    out_ += "</NativeDicomModel>\n";
  }
  /// What follows the object.
  std::string_view left() const { return left_; }

 private:
  void object() {
    Creators creators;
    expect('{');
    while (!takes('}')) {
      const auto tag = Tag::parse_hex(string());
      if (!tag) throw std::logic_error("an object has a key that is no tag");
      expect(':');
      attribute(*tag, creators);
      takes(',');
    }
  }

  void attribute(Tag tag, Creators& creators) {
    expect('{');
    if (string() != "vr") throw std::logic_error("an attribute does not begin with its VR");
    expect(':');
    const std::string_view vr = string();
    begin_attribute(tag, vr, creators);
    while (takes(',')) {
      const std::string_view name = string();
      expect(':');
      if (name == "Value") {
        const bool is_creator = tag.is_private() && tag.element() >= 0x10 && tag.element() <= 0xFF;
        values(vr, is_creator ? &creators[{tag.group(), tag.element()}] : nullptr);
      } else if (name == "InlineBinary") {
        out_.append("<InlineBinary>").append(string()).append("</InlineBinary>");
      } else if (name == "BulkDataURI") {
        out_.append("<BulkData uri=\"").append(as_xml(string())).append("\"/>");
      } else {
        throw std::logic_error("an attribute has what DICOM JSON does not");
      }
    }
    expect('}');
    out_ += "</DicomAttribute>";
  }

  /// PS3.19 Table A.1.5-2: a private attribute is told by its creator, whatever block it got.
  void begin_attribute(Tag tag, std::string_view vr, const Creators& creators) {
    const auto block = static_cast<std::uint16_t>(tag.element() >> 8);
    const auto creator = tag.is_private() ? creators.find({tag.group(), block}) : creators.end();
    const bool has_creator = creator != creators.end();
    const Tag told =
        has_creator ? Tag(tag.group(), static_cast<std::uint16_t>(tag.element() & 0xFF)) : tag;
    out_.append("<DicomAttribute tag=\"").append(told.hex());
    out_.append("\" vr=\"").append(vr).append("\"");
    const auto* entry = core::dicom::find(tag);
    if (entry != nullptr && !entry->keyword.empty()) {
      out_.append(" keyword=\"").append(entry->keyword).append("\"");
    }
    if (has_creator) out_.append(" privateCreator=\"").append(creator->second).append("\"");
    out_ += '>';
  }

  /// `creator` gets the last one.
  void values(std::string_view vr, std::string* creator) {
    expect('[');
    for (int number = 1; !takes(']'); ++number) {
      value(vr, number, creator);
      takes(',');
    }
  }

  void value(std::string_view vr, int number, std::string* creator) {
    if (take_word("null")) return;  // PS3.19 §A.1.5: an empty value has no element, but a number
    const std::string head = " number=\"" + std::to_string(number) + "\">";
    if (vr == "SQ") {
      out_.append("<Item").append(head);
      object();
      out_ += "</Item>";
    } else if (vr == "PN") {
      out_.append("<PersonName").append(head);
      person_name();
      out_ += "</PersonName>";
    } else {
      const std::string text = !left_.empty() && left_.front() == '"' ? as_xml(string()) : word();
      out_.append("<Value").append(head).append(text).append("</Value>");
      if (creator != nullptr) *creator = text;
    }
  }

  void person_name() {
    constexpr std::array<std::string_view, 5> kComponents = {
        "FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix"};
    expect('{');
    while (!takes('}')) {
      const std::string_view group = string();
      expect(':');
      std::string_view name = string();
      out_.append("<").append(group).append(">");
      for (const std::string_view component : kComponents) {
        const std::string_view text = name.substr(0, name.find('^'));
        name.remove_prefix(std::min(text.size() + 1, name.size()));
        if (text.empty()) continue;
        out_.append("<").append(component).append(">").append(as_xml(text));
        out_.append("</").append(component).append(">");
      }
      out_.append("</").append(group).append(">");
      takes(',');
    }
  }

  bool takes(char c) {
    if (left_.empty() || left_.front() != c) return false;
    left_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!takes(c)) throw std::logic_error("an object of DICOM JSON is not as it is written");
  }
  bool take_word(std::string_view word) {
    if (!left_.starts_with(word)) return false;
    left_.remove_prefix(word.size());
    return true;
  }
  /// A number.
  std::string word() {
    const std::string_view word = left_.substr(0, left_.find_first_of(",]}"));
    left_.remove_prefix(word.size());
    return std::string(word);
  }
  /// Between its quotes, escapes as they are.
  std::string_view string() {
    expect('"');
    std::size_t end = 0;
    while (end < left_.size() && left_[end] != '"') end += left_[end] == '\\' ? 2 : 1;
    if (end >= left_.size()) throw std::logic_error("a string of JSON is cut off");
    const std::string_view text = left_.substr(0, end);
    left_.remove_prefix(end + 1);
    return text;
  }

  std::string& out_;
  std::string_view left_;
};

}  // namespace

void append_native_xml(std::string& out, std::string_view json_object) {
  Translation translation(out, json_object);
  translation.document();
  if (!translation.left().empty()) throw std::logic_error("something follows an object");
}

void append_native_xml_part(std::string& out, std::string_view json_object,
                            std::string_view boundary, Place place) {
  out += part_head(boundary, place, kDicomXml);
  append_native_xml(out, json_object);
}

std::string native_xml_parts(std::string_view json_array, std::string_view boundary) {
  std::string parts;
  while (json_array.size() > 1 && json_array[1] == '{') {  // behind a bracket or a comma
    parts += part_head(boundary, parts.empty() ? Place::first : Place::later, kDicomXml);
    Translation translation(parts, json_array.substr(1));
    translation.document();
    json_array = translation.left();
  }
  if (!parts.empty()) parts += last_delimiter(boundary);
  return parts;
}

}  // namespace sekisho::dicomweb
