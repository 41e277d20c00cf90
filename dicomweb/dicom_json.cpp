// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/dicom_json.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "core/dicom/numbers.h"
#include "core/dicom/padding.h"
#include "core/dicom/text_reader.h"
#include "core/encoding.h"
#include "dicomweb/attributes.h"
#include "dicomweb/bulk_data.h"
#include "dicomweb/value_path.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::ByteOrder;
using core::dicom::Dataset;
using core::dicom::Tag;
using core::dicom::TextReader;
using core::dicom::Token;
using core::dicom::Vr;
using core::dicom::without_trailing_padding;

// JSON readers keep numbers as IEEE doubles.
constexpr std::int64_t kLargestExactInteger = 1LL << 53;

constexpr std::size_t kExactDigits = 17;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

std::string_view trim_both(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return without_trailing_padding(text);
}

template <class Number>
void append_integer(std::string& out, Number number) {
  const bool exact = static_cast<std::int64_t>(number) <= kLargestExactInteger &&
                     static_cast<std::int64_t>(number) >= -kLargestExactInteger &&
                     (number < 0) == (static_cast<std::int64_t>(number) < 0);
  char text[24];
  const auto end = std::to_chars(std::begin(text), std::end(text), number).ptr;
  if (!exact) out += '"';
  out.append(text, end);
  if (!exact) out += '"';
}

/// The shortest digits that read back as the same number. JSON has no NaN and no infinity.
template <class Number>
void append_float(std::string& out, Number number) {
  if (std::isnan(number)) {
    out += "\"NaN\"";
  } else if (std::isinf(number)) {
    out += number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    char text[40];
    out.append(text, std::to_chars(std::begin(text), std::end(text), number).ptr);
  }
}

void append_binary_number(std::string& out, Vr vr, core::ByteView value, ByteOrder order) {
  switch (vr) {
    case Vr::US:
      return append_integer(out, read_u16(value, order));
    case Vr::SS:
      return append_integer(out, static_cast<std::int16_t>(read_u16(value, order)));
    case Vr::UL:
      return append_integer(out, read_u32(value, order));
    case Vr::SL:
      return append_integer(out, static_cast<std::int32_t>(read_u32(value, order)));
    case Vr::UV:
      return append_integer(out, read_u64(value, order));
    case Vr::SV:
      return append_integer(out, static_cast<std::int64_t>(read_u64(value, order)));
    case Vr::FL:
      return append_float(out, std::bit_cast<float>(read_u32(value, order)));
    case Vr::FD:
      return append_float(out, std::bit_cast<double>(read_u64(value, order)));
    default: {
      const Tag tag(read_u16(value.first(2), order), read_u16(value.subspan(2), order));
      out += '"' + tag.hex() + '"';
    }
  }
}

/// PS3.18 §F.2.2: the three component groups of a person name, empty ones left out.
void append_person_name(std::string& out, std::string_view name) {
  constexpr std::string_view kGroups[] = {"Alphabetic", "Ideographic", "Phonetic"};
  out += '{';
  for (const std::string_view group : kGroups) {
    const std::string_view text = without_trailing_padding(name.substr(0, name.find('=')));
    if (!text.empty()) {
      if (out.back() != '{') out += ',';
      append_json_string(out, group);
      out += ':';
      append_json_string(out, text);
    }
    name.remove_prefix(std::min(name.find('='), name.size()));
    if (!name.empty()) name.remove_prefix(1);
  }
  out += '}';
}

void append_text_value(std::string& out, Vr vr, std::string_view text) {
  if (trim_both(text).empty() || (vr == Vr::PN && text.find_first_not_of("= ") == text.npos)) {
    out += "null";  // PS3.18 §F.2.5
  } else if (vr == Vr::PN) {
    append_person_name(out, text);
  } else if ((vr != Vr::DS && vr != Vr::IS) || !append_json_number(out, trim_both(text))) {
    append_json_string(out, without_trailing_padding(text));
  }
}

void append_text_values(std::string& out, Vr vr, std::string_view text) {
  if (text.empty()) return;
  out += R"(,"Value":[)";
  if (is_multi_valued_text(vr)) {
    core::dicom::for_each_value(text, [&](std::string_view value) {
      if (out.back() != '[') out += ',';
      append_text_value(out, vr, value);
    });
  } else {
    append_json_string(out, text);
  }
  out += ']';
}

void append_head(std::string& out, Tag tag, Vr vr) {
  if (out.back() != '{') out += ',';
  out += '"';
  out += tag.hex();
  out += R"(":{"vr":")";
  out += core::dicom::name(vr);
  out += '"';
}

/// Writes one object while its data set is walked. The nesting needs no stack: whether a comma, an
/// opening or nothing is due can be seen from the last character written.
class ObjectWriter {
 public:
  ObjectWriter(std::string& out, const Selection& selection, std::span<const Extra> extras,
               const core::Demand& demand, std::string_view bulk_root)
      : out_(out), selection_(selection), extras_(extras), bulk_root_(bulk_root), asking_(demand) {
    out_ += '{';
  }

  void add(const Dataset& dataset) {
    for_each_token(dataset, [&](const Token& token) {
      asking_.step();
      take(token);
    });
  }

  void close() {
    write_extras_before(Tag{0xFFFFFFFF});
    out_ += '}';
  }

 private:
  void take(const Token& token) {
    reader_.see(token);
    const bool begins = token.kind == Token::Kind::sequence_begin;
    // The depth of the attribute itself: a sequence has just been entered.
    const int depth = reader_.depth() - (begins ? 1 : 0);
    if (skipped_from_ >= 0) {
      if (token.kind == Token::Kind::sequence_end && depth == skipped_from_) skipped_from_ = -1;
      return;
    }
    if (token.kind == Token::Kind::element || begins) {
      if (!wanted(token, depth)) {
        if (begins) skipped_from_ = depth;
        return;
      }
    }
    write(token);
  }

  bool wanted(const Token& token, int depth) {
    if (depth == 0) {
      write_extras_before(token.tag);
      const bool replaced = !extras_.empty() && extras_.front().tag == token.tag &&
                            extras_.front().when == Extra::When::always;
      if (replaced) return false;
      if (!selection_.takes(token.tag)) return false;
      if (!extras_.empty() && extras_.front().tag == token.tag) extras_ = extras_.subspan(1);
    }
    constexpr std::uint16_t kPixelGroup = 0x7FE0;
    constexpr Tag kTrailingPadding{0xFFFC, 0xFFFC};
    if (token.tag.element() == 0 || token.tag == kTrailingPadding) return false;
    if (token.tag.group() == kPixelGroup) return is_pixels_of_icon(token) && !bulk_root_.empty();
    return !is_bulk_data(token) || !bulk_root_.empty();
  }

  static bool is_pixels_of_icon(const Token& token) {
    return token.tag == core::dicom::kPixelData && token.kind == Token::Kind::element;
  }
  static bool is_bulk_data(const Token& token) {
    return is_pixels_of_icon(token) ||
           (token.value.size() > kLongestInlineValue && may_be_bulk_data(token.vr));
  }

  void write_extras_before(Tag tag) {
    while (!extras_.empty() && extras_.front().tag < tag) {
      const Extra& extra = extras_.front();
      append_head(out_, extra.tag, extra.vr);
      if (extra.holds == Extra::Holds::bulk_data_uri) {
        append_bulk_data_uri(extra.text);
      } else {
        append_text_values(out_, extra.vr, extra.text);
      }
      out_ += '}';
      extras_ = extras_.subspan(1);
    }
  }

  void append_bulk_data_uri(std::string_view uri) {
    out_ += R"(,"BulkDataURI":)";
    append_json_string(out_, uri);
  }

  void write(const Token& token) {
    place_.see(token);
    switch (token.kind) {
      case Token::Kind::element:
        append_head(out_, token.tag, token.vr);
        append_value(token);
        out_ += '}';
        break;
      case Token::Kind::sequence_begin:
        append_head(out_, token.tag, Vr::SQ);
        break;
      case Token::Kind::item_begin:
        out_ += out_.back() == '}' ? ",{" : R"(,"Value":[{)";
        break;
      case Token::Kind::item_end:
        out_ += '}';
        break;
      case Token::Kind::sequence_end:
        out_ += out_.back() == '}' ? "]}" : "}";
        break;
      default:  // encapsulated pixels of an icon
        break;
    }
  }

  void append_value(const Token& token) {
    if (token.value.empty()) return;
    if (is_bulk_data(token)) {
      return append_bulk_data_uri(std::string(bulk_root_) + '/' + place_.of(token.tag).text());
    }
    if (token.tag == tags::kSpecificCharacterSet) {
      out_ += R"(,"Value":["ISO_IR 192"])";
    } else if (const std::size_t size = number_size(token.vr); size != 0) {
      append_binary_numbers(token, size);
    } else if (core::dicom::is_text(token.vr)) {
      append_text_values(out_, token.vr, reader_.text(token, scratch_));
    } else {
      out_ += R"(,"InlineBinary":")";
      const bool swap = token.order == ByteOrder::big;
      out_ += swap ? core::to_base64(little_endian(token.value, token.vr, token.order))
                   : core::to_base64(token.value);
      out_ += '"';
    }
  }

  void append_binary_numbers(const Token& token, std::size_t size) {
    if (token.value.size() < size) return;
    out_ += R"(,"Value":[)";
    for (std::size_t at = 0; at + size <= token.value.size(); at += size) {
      if (at != 0) out_ += ',';
      append_binary_number(out_, token.vr, token.value.subspan(at, size), token.order);
    }
    out_ += ']';
  }

  std::string& out_;
  const Selection& selection_;
  std::span<const Extra> extras_;  ///< those not written yet
  std::string_view bulk_root_;
  ValuePlace place_;
  core::DemandSteps asking_;
  TextReader reader_;
  int skipped_from_ = -1;  ///< depth of the sequence that is left out, or -1
  std::string scratch_;
};

}  // namespace

bool Selection::takes(Tag tag) const {
  if (everything_up_to == Level::instance) return true;
  return (everything_up_to && level_of(tag) <= *everything_up_to) ||
         std::binary_search(tags.begin(), tags.end(), tag);
}

void append_json_string(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  std::size_t plain_from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain_from, i - plain_from);
    plain_from = i + 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else {
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  out.append(text, plain_from);
  out += '"';
}

bool append_json_number(std::string& out, std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  std::string_view whole = take_digits(text);
  std::string_view fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (whole.empty() && fraction.empty()) return false;
  std::string exponent;
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    text.remove_prefix(1);
    exponent = "e";
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
      exponent += text.front();
      text.remove_prefix(1);
    }
    const std::string_view digits = take_digits(text);
    // More than two digits may leave the range of a double.
    if (digits.empty() || digits.size() > 2) return false;
    exponent += digits;
  }
  if (!text.empty() || whole.size() + fraction.size() > kExactDigits) return false;
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  if (negative) out += '-';
  out += whole.empty() ? "0" : whole;
  if (!fraction.empty()) {
    out += '.';
    out += fraction;
  }
  out += exponent;
  return true;
}

void append_json(std::string& out, std::span<const Dataset> parts, const Selection& selection,
                 std::span<const Extra> extras, const core::Demand& demand,
                 std::string_view bulk_root) {
  ObjectWriter writer(out, selection, extras, demand, bulk_root);
  for (const Dataset& part : parts) writer.add(part);
  writer.close();
}

}  // namespace sekisho::dicomweb
