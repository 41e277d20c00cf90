// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/value_path.h"

#include <charconv>

#include "core/dicom/text_reader.h"
#include "core/dicom/vr.h"
#include "dicomweb/bulk_data.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Dataset;
using core::dicom::Tag;
using core::dicom::Token;

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0) return std::nullopt;
  return number;
}

}  // namespace

std::string ValuePath::text() const {
  std::string text;
  for (const Item& item : items) {
    text.append(item.sequence.hex()).append("/").append(std::to_string(item.number)).append("/");
  }
  return text + tag.hex();
}

std::optional<ValuePath> parse_value_path(std::span<const std::string> segments) {
  if (segments.size() % 2 == 0) return std::nullopt;
  ValuePath path;
  for (; segments.size() > 1; segments = segments.subspan(2)) {
    const auto sequence = Tag::parse_hex(segments[0]);
    const auto number = parse_number(segments[1]);
    if (!sequence || !number) return std::nullopt;
    path.items.push_back({*sequence, *number});
  }
  const auto tag = Tag::parse_hex(segments.front());
  if (!tag) return std::nullopt;
  path.tag = *tag;
  return path;
}

void ValuePlace::see(const Token& token) {
  switch (token.kind) {
    case Token::Kind::sequence_begin:
      items_.push_back({token.tag, 0});
      break;
    case Token::Kind::item_begin:
      if (!items_.empty()) ++items_.back().number;
      break;
    case Token::Kind::sequence_end:
      if (!items_.empty()) items_.pop_back();
      break;
    default:
      break;
  }
}

std::optional<core::Bytes> find_value(std::span<const Dataset> parts, const ValuePath& path) {
  std::optional<core::Bytes> found;
  core::dicom::TextReader reader;
  for (const Dataset& part : parts) {
    ValuePlace place;
    for_each_token(part, [&](const Token& token) {
      reader.see(token);
      place.see(token);
      if (token.kind != Token::Kind::element || token.tag != path.tag ||
          place.items() != path.items) {
        return;
      }
      if (core::dicom::is_text(token.vr)) {
        std::string scratch;
        const auto text = core::as_bytes(reader.text(token, scratch));
        found = core::Bytes(text.begin(), text.end());
      } else {
        found = little_endian(token.value, token.vr, token.order);
      }
    });
  }
  return found;
}

}  // namespace sekisho::dicomweb
