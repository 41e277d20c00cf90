// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/mending_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/dicom/dictionary.h"
#include "core/dicom/walker.h"

namespace sekisho::core::dicom {
namespace {

constexpr Tag kSpecificCharacterSet{0x0008, 0x0005};
constexpr std::uint16_t kDelimiterGroup = 0xFFFE;
constexpr std::uint16_t kLastForeignGroup = 0x0002;  // command and file meta elements
constexpr std::size_t kLongestShort = 0xFFFE;

constexpr std::string_view kCut = "the data end inside an element";
constexpr std::string_view kLongDelimiter = "a delimiter with a length";
constexpr std::string_view kStrayDelimiter = "an item or delimiter where an element belongs";
constexpr std::string_view kNoItem = "something else where an item belongs";
constexpr std::string_view kUnclearVr = "a value representation that does not exist";
constexpr std::string_view kUndefinedValue = "an undefined length where none is allowed";
constexpr std::string_view kTooDeep = "sequences are nested too deeply";

void put_tag(Bytes& out, Tag tag, ByteOrder order) {
  std::array<Byte, 4> bytes{};
  write_tag(bytes.data(), tag, order);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void put32(Bytes& out, std::uint32_t number, ByteOrder order) {
  std::array<Byte, 4> bytes{};
  write32(bytes.data(), number, order);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void put_marker(Bytes& out, Tag tag, std::uint32_t length, ByteOrder order) {
  put_tag(out, tag, order);
  put32(out, length, order);
}

void put_header(Bytes& out, const ElementHeader& header, ByteOrder order) {
  put_tag(out, header.tag, order);
  if (header.coding == VrCoding::implicit_vr) return put32(out, header.length, order);
  const std::string_view letters = name(header.vr);
  out.insert(out.end(), letters.begin(), letters.end());
  std::array<Byte, 2> short_length{};
  if (!has_long_length(header.vr)) {
    write16(short_length.data(), static_cast<std::uint16_t>(header.length), order);
  }
  out.insert(out.end(), short_length.begin(), short_length.end());
  if (has_long_length(header.vr)) put32(out, header.length, order);
}

/// Two that differ make others read differently.
bool decides_on_others(Tag tag) {
  const bool is_creator = tag.is_private() && tag.element() >= 0x10 && tag.element() <= 0xFF;
  return is_creator || tag == kSpecificCharacterSet;
}

/// What a value is written as whose VR does not exist.
Vr vr_instead(Tag tag, std::uint32_t length) {
  const DictionaryEntry* entry = find(tag);
  const Vr vr = entry == nullptr ? Vr::UN : entry->vr;
  const bool fits = has_long_length(vr) || length <= kLongestShort;
  return vr == Vr::SQ || !fits ? Vr::UN : vr;
}

}  // namespace

ByteView LooseElements::bytes_of(std::size_t index) const {
  const std::size_t end = index + 1 < pieces_.size() ? pieces_[index + 1].begin : bytes_.size();
  return ByteView(bytes_).subspan(pieces_[index].begin, end - pieces_[index].begin);
}

std::optional<Bytes> LooseElements::in_order() const {
  std::vector<std::size_t> order(pieces_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto tag_of = [&](std::size_t index) { return pieces_[index].tag; };
  std::ranges::stable_sort(order, {}, tag_of);
  Bytes sorted;
  sorted.reserve(bytes_.size());
  std::optional<std::size_t> last;
  for (const std::size_t index : order) {
    const ByteView bytes = bytes_of(index);
    if (last && tag_of(*last) == tag_of(index)) {
      const bool is_same = std::ranges::equal(bytes_of(*last), bytes);
      if (!is_same && decides_on_others(tag_of(index))) return std::nullopt;
      continue;
    }
    sorted.insert(sorted.end(), bytes.begin(), bytes.end());
    last = index;
  }
  return sorted;
}

MendingReader::MendingReader(ByteView bytes, const TransferSyntax& syntax, Rest rest,
                             const Demand& demand)
    : bytes_(bytes), rest_(rest), asking_(demand), levels_(1) {
  Level& top = levels_.front();
  top.vr = syntax.vr;
  top.order = syntax.order;
  top.end = top.limit = bytes.size();
}

MendingReader::Ended MendingReader::run() {
  while (problem_.empty() && !is_at_pixels_) {
    asking_.step();
    if (position_ == level().end) {
      if (levels_.size() == 1) break;
      close();
    } else {
      step();
    }
  }
  if (is_at_pixels_) return Ended::at_pixels;
  if (rest_ == Rest::more) return Ended::wants_more;
  return problem_.empty() ? Ended::at_end : Ended::with_problem;
}

void MendingReader::step() {
  if (level().kind == Kind::item) return step_in_item();
  step_in_sequence();
}

void MendingReader::close() {
  if (level().kind == Kind::item) return close_item();
  close_sequence();
}

/// Behind the last element of something whose end is known.
bool MendingReader::is_padding() const {
  if (level().end == kUndefined) return false;
  const ByteView rest = rest_from(position_);
  constexpr Byte kFillers[] = {0x00, 0x20, 0xFF};
  const bool is_filler = std::ranges::find(kFillers, rest.front()) != std::end(kFillers);
  const bool is_uniform = std::ranges::all_of(rest, [&](Byte byte) { return byte == rest[0]; });
  return (is_filler && is_uniform) || (levels_.size() == 1 && rest.size() < kShortHeaderBytes);
}

bool MendingReader::is_foreign(Tag tag) { return tag.group() <= kLastForeignGroup; }

void MendingReader::step_in_item() {
  if (is_padding()) {
    position_ = level().end;
    return;
  }
  if (rest_from(position_).size() < kShortHeaderBytes) return fail(kCut);
  const Tag tag = read_tag(bytes_.data() + position_, level().order);
  if (tag.group() == kDelimiterGroup) return step_at_delimiter(tag);
  level().may_meet_delimiter = false;
  if (levels_.size() == 1 && tag.group() == kPixelData.group()) {
    is_at_pixels_ = true;
    return;
  }
  const auto header = read_header();
  if (!header) return;
  if (header->is_undefined()) return take_undefined(*header);
  if (header->vr == Vr::SQ && !is_foreign(tag)) return begin_sequence(*header);
  take_element(*header);
}

/// Where there need be none: an item's, at the end of what its length covers or behind it, and that
/// of a sequence likewise. The end of an item of undefined length comes before all of these.
void MendingReader::step_at_delimiter(Tag tag) {
  if (read32(bytes_.data() + position_ + 4, level().order) != 0) return fail(kLongDelimiter);
  position_ += kShortHeaderBytes;
  const bool is_in_item = levels_.size() > 1;
  if (tag == kItemDelimitation && is_in_item && level().end == kUndefined) return close_item();
  const bool ends_item = tag == kItemDelimitation && is_in_item && position_ == level().end;
  const bool ends_before = tag != kItem && level().may_meet_delimiter;
  if (!ends_item && !ends_before) fail(kStrayDelimiter);
}

void MendingReader::step_in_sequence() {
  const ByteView rest = rest_from(position_);
  if (rest.size() < kShortHeaderBytes) return fail(kCut);
  const Tag tag = read_tag(rest.data(), level().order);
  const std::uint32_t length = read32(rest.data() + 4, level().order);
  position_ += kShortHeaderBytes;
  if (tag == kItem) return begin_item(length);
  if (length != 0) return fail(kNoItem);
  if (tag == kItemDelimitation) return;  // of an item whose length does not cover it
  if (tag != kSequenceDelimitation) return fail(kNoItem);
  if (level().end == kUndefined) return close_sequence();
  if (position_ != level().end) fail(kStrayDelimiter);
}

std::optional<ElementHeader> MendingReader::read_header() {
  ElementHeader header;
  const ByteView rest = rest_from(position_);
  const auto reading = read_element_header(rest, level().vr, level().order, header);
  std::optional<ElementHeader> found;
  if (reading == HeaderReading::sound) found = header;
  if (reading == HeaderReading::unknown_vr) found = read_unknown_vr(header);
  const auto fits = [&] {
    return found && (found->is_undefined() || found->length <= rest.size() - found->size_bytes);
  };
  if (is_foreign(header.tag) && !fits()) found = read_foreign();
  if (!found) {
    fail(reading == HeaderReading::unknown_vr ? kUnclearVr : kCut);
    return std::nullopt;
  }
  found->value_offset = position_ + found->size_bytes;
  if (!fits()) {
    fail(kCut);
    return std::nullopt;
  }
  return found;
}

/// Of two letters that are no VR parsers make three things: a length of 16 bits behind them, one of
/// 32 bits behind two more bytes, or that there is no VR and they are part of the length. One of
/// them leads to another element, or none is taken.
std::optional<ElementHeader> MendingReader::read_unknown_vr(ElementHeader header) const {
  const ByteView rest = rest_from(position_);
  const ByteOrder order = level().order;
  struct Way {
    std::uint8_t size_bytes;
    std::uint32_t length;
  };
  std::vector<Way> ways = {{kShortHeaderBytes, read16(rest.data() + 6, order)},
                           {kShortHeaderBytes, read32(rest.data() + 4, order)}};
  if (rest.size() >= kLongHeaderBytes && read16(rest.data() + 6, order) == 0) {
    ways.push_back({kLongHeaderBytes, read32(rest.data() + 8, order)});
  }
  std::erase_if(ways, [&](const Way& way) {
    return way.length > rest.size() - way.size_bytes ||
           !leads_on(position_ + way.size_bytes + way.length, header.tag);
  });
  if (ways.size() != 1) return std::nullopt;
  header.size_bytes = ways.front().size_bytes;
  header.length = ways.front().length;
  header.vr = vr_instead(header.tag, header.length);
  return header;
}

std::optional<ElementHeader> MendingReader::read_foreign() const {
  ElementHeader header;
  const auto reading =
      read_element_header(rest_from(position_), VrCoding::explicit_vr, ByteOrder::little, header);
  if (reading != HeaderReading::sound) return std::nullopt;
  return header;
}

/// Whether an element of a higher tag, a delimiter or the end is there.
bool MendingReader::leads_on(std::uint64_t at, Tag behind) const {
  const ByteView rest = rest_from(at);
  if (rest.size() < kShortHeaderBytes) return at == level().end || at == bytes_.size();
  const Tag tag = read_tag(rest.data(), level().order);
  if (tag.group() == kDelimiterGroup)
    return tag != kItem && read32(rest.data() + 4, level().order) == 0;
  if (tag <= behind) return false;
  ElementHeader header;
  switch (read_element_header(rest, level().vr, level().order, header)) {
    case HeaderReading::sound:
      return header.is_undefined() || header.length <= rest.size() - header.size_bytes;
    case HeaderReading::unknown_vr:
      return tag.group() == behind.group();
    case HeaderReading::too_few_bytes:
      break;
  }
  return false;
}

void MendingReader::take_element(const ElementHeader& header) {
  position_ = header.value_offset + header.length;
  if (is_foreign(header.tag) || header.tag.element() == 0) return;  // nor group lengths
  Bytes& out = level().elements.begin(header.tag);
  put_header(out, header, level().order);
  const ByteView value = bytes_.subspan(header.value_offset, header.length);
  out.insert(out.end(), value.begin(), value.end());
}

void MendingReader::take_undefined(const ElementHeader& header) {
  if (is_foreign(header.tag)) return fail(kUndefinedValue);
  const bool is_unknown = header.vr == Vr::UN;
  if (header.vr != Vr::SQ && !is_unknown) return skip_fragments(header);
  // PS3.5 §6.2.2: implicit VR little endian; of a big endian data set parsers differ.
  if (is_unknown && level().order == ByteOrder::big) return fail(kUndefinedValue);
  const bool is_bulk =
      is_unknown && header.tag.is_private() && !holds_elements(header.value_offset);
  if (is_bulk) return skip_fragments(header);
  begin_sequence(header);
}

/// Whether the first item has none, or begins with one in implicit VR.
bool MendingReader::holds_elements(std::uint64_t item) const {
  const ByteView rest = rest_from(item);
  if (rest.size() < 2 * kShortHeaderBytes) return true;
  if (read_tag(rest.data(), ByteOrder::little) != kItem) return true;
  const std::uint32_t length = read32(rest.data() + 4, ByteOrder::little);
  if (length == 0 || length == kUndefinedLength) return true;
  const Byte* element = rest.data() + kShortHeaderBytes;
  const std::uint32_t inside = read32(element + 4, ByteOrder::little);
  return length >= kShortHeaderBytes && read_tag(element, ByteOrder::little).group() > 2 &&
         (inside == kUndefinedLength || inside <= length - kShortHeaderBytes);
}

/// A row of fragments (PS3.5 §A.4). Pixel data of an icon stay as they are.
void MendingReader::skip_fragments(const ElementHeader& header) {
  std::uint64_t at = header.value_offset;
  for (Tag tag; tag != kSequenceDelimitation;) {
    const ByteView rest = rest_from(at);
    if (rest.size() < kShortHeaderBytes) return fail(kCut);
    tag = read_tag(rest.data(), level().order);
    const std::uint32_t length = read32(rest.data() + 4, level().order);
    if (tag != kItem && (tag != kSequenceDelimitation || length != 0)) return fail(kNoItem);
    if (length > rest.size() - kShortHeaderBytes) return fail(kCut);
    at += kShortHeaderBytes + length;
  }
  position_ = at;
  if (header.tag != kPixelData) return;
  Bytes& out = level().elements.begin(header.tag);
  put_header(out, header, level().order);
  const ByteView value = bytes_.subspan(header.value_offset, at - header.value_offset);
  out.insert(out.end(), value.begin(), value.end());
}

void MendingReader::begin_sequence(const ElementHeader& header) {
  if (levels_.size() > 2 * kMaxDepth) return fail(kTooDeep);
  Level sequence;
  sequence.kind = Kind::sequence;
  sequence.vr = level().vr;
  sequence.order = level().order;
  if (header.vr == Vr::UN) sequence.vr = VrCoding::implicit_vr;
  sequence.end = header.is_undefined() ? kUndefined : header.value_offset + header.length;
  sequence.limit = std::min(level().limit, sequence.end);
  sequence.header = header;
  position_ = header.value_offset;
  levels_.push_back(std::move(sequence));
}

void MendingReader::begin_item(std::uint32_t length) {
  const bool is_undefined = length == kUndefinedLength;
  if (!is_undefined && length > level().limit - position_) return fail(kCut);
  Level item;
  item.vr = level().vr;
  item.order = level().order;
  item.end = is_undefined ? kUndefined : position_ + length;
  item.limit = std::min(level().limit, item.end);
  levels_.push_back(std::move(item));
}

void MendingReader::close_item() {
  const auto elements = level().elements.in_order();
  if (!elements) return fail(kElementsContradict);
  const ByteOrder order = level().order;
  levels_.pop_back();
  Bytes& items = level().items;
  put_marker(items, kItem, kUndefinedLength, order);
  items.insert(items.end(), elements->begin(), elements->end());
  put_marker(items, kItemDelimitation, 0, order);
}

void MendingReader::close_sequence() {
  Level sequence = std::move(level());
  levels_.pop_back();
  level().may_meet_delimiter = !sequence.header.is_undefined();
  sequence.header.length = kUndefinedLength;
  Bytes& out = level().elements.begin(sequence.header.tag);
  put_header(out, sequence.header, level().order);
  out.insert(out.end(), sequence.items.begin(), sequence.items.end());
  put_marker(out, kSequenceDelimitation, 0, sequence.order);
}

}  // namespace sekisho::core::dicom
