// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/walker.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/dicom/dictionary.h"

namespace sekisho::core::dicom {
namespace {

using Kind = Token::Kind;

constexpr std::uint16_t kDelimiterGroup = 0xFFFE;
constexpr std::uint16_t kFileMetaGroup = 0x0002;

constexpr std::string_view kCutShort = "the data end inside an element";
constexpr std::string_view kOutgrowsContainer = "an element is longer than what it stands in";
constexpr std::string_view kStrayDelimiter = "an item or delimiter where an element belongs";
constexpr std::string_view kNoItem = "something else where an item belongs";
constexpr std::string_view kLongDelimiter = "a delimiter with a length";
constexpr std::string_view kForeignGroup = "an element of a group that is not allowed here";
constexpr std::string_view kNotAscending = "elements are not in ascending order";
constexpr std::string_view kUnknownVr = "a value representation that does not exist";
constexpr std::string_view kUndefinedValue = "an undefined length where none is allowed";
constexpr std::string_view kBigEndianUnknown = "a sequence of unknown VR in big endian data";
constexpr std::string_view kTooDeep = "sequences are nested too deeply";
constexpr std::string_view kUnclearDepth = "a damaged sequence may hide deep nesting";

bool is_item_or_end(ByteView value, ByteOrder order) {
  const Tag tag = read_tag(value.data(), order);
  return tag == kItem || tag == kSequenceDelimitation;
}

/// Whether a parser that takes the value for a sequence would find one to enter or to leave.
bool begins_like_sequence(ByteView value, ByteOrder order) {
  const bool may = value.size() >= kShortHeaderBytes && (value[0] | value[1]) == 0xFF;
  return may && (is_item_or_end(value, ByteOrder::little) || is_item_or_end(value, order));
}

}  // namespace

std::size_t count_item_tags(ByteView bytes) {
  constexpr std::string_view kTags[] = {{"\xFE\xFF\x00\xE0", 4}, {"\xFF\xFE\xE0\x00", 4}};
  const std::string_view text = as_text(bytes);
  std::size_t count = 0;
  for (const std::string_view tag : kTags) {
    for (auto at = text.find(tag); at != text.npos; at = text.find(tag, at + tag.size())) ++count;
  }
  return count;
}

Walker::Walker(ByteView dataset, VrCoding vr, ByteOrder order, TagRange range)
    : data_(dataset), range_(range), doubtful_(Doubtful::pass), base_level_(0), level_(0) {
  levels_[0] = {dataset.size(), dataset.size(), Tag{}, Tag{}, LevelKind::item, vr, order};
}

Walker::Walker(ByteView value, VrCoding vr, ByteOrder order, int depth, Doubtful doubtful)
    : data_(value),
      range_(kDatasetTags),
      doubtful_(doubtful),
      base_level_(2 * depth + 1),
      level_(base_level_) {
  levels_[static_cast<std::size_t>(level_)] = {value.size(),        value.size(), Tag{}, Tag{},
                                               LevelKind::sequence, vr,           order};
}

Token Walker::next() {
  if (!defect_.reason.empty()) return fail(defect_.offset, defect_.reason);
  if (position_ == level().end) {
    return level_ == base_level_ ? token(Kind::end, position_) : close(0);
  }
  return level().kind == LevelKind::item ? step_in_item() : step_in_sequence();
}

inline Token Walker::element(const ElementHeader& header) {
  const std::uint64_t offset = std::exchange(position_, header.value_offset + header.length);
  return {.kind = Kind::element,
          .vr = header.vr,
          .depth = static_cast<std::uint8_t>(depth()),
          .order = order(),
          .tag = header.tag,
          .offset = offset,
          .value_offset = header.value_offset,
          .value = ByteView(data_.data() + header.value_offset, header.length)};
}

Token Walker::step_in_item() {
  const Level& item = level();
  const Byte* const at = data_.data() + position_;
  const ByteView rest(at, item.limit - position_);
  ElementHeader header;
  const HeaderReading reading = read_element_header(rest, item.vr, item.order, header);
  if (reading == HeaderReading::too_few_bytes && rest.size() < kShortHeaderBytes) {
    return fail_outgrown(position_, kCutShort);
  }
  if (level_ == 0 && header.tag > range_.last) return token(Kind::end, position_);
  if (!has_its_place(header.tag)) [[unlikely]] {
    return step_out_of_place(header.tag);
  }
  if (reading != HeaderReading::sound) [[unlikely]] {
    return reading == HeaderReading::unknown_vr ? fail(position_, kUnknownVr)
                                                : fail_outgrown(position_, kCutShort);
  }
  header.value_offset = position_ + header.size_bytes;
  const std::uint64_t room = rest.size() - header.size_bytes;
  if (!header.is_undefined() && header.length > room) [[unlikely]] {
    return fail_outgrown(header.value_offset, kOutgrowsContainer);
  }
  if (level_ == 0) {
    last_top_tag_ = header.tag;
  } else {
    Tag& last = levels_[static_cast<std::size_t>(level_)].last;
    met_disorder_ |= header.tag <= last;
    last = header.tag;
  }
  const bool may_be_entered =
      header.vr == Vr::SQ || header.is_undefined() || (header.vr == Vr::UN && header.length == 0) ||
      begins_like_sequence({at + header.size_bytes, header.length}, item.order);
  return may_be_entered ? step_into(header) : element(header);
}

/// What is a sequence, or looks like one to somebody.
Token Walker::step_into(const ElementHeader& header) {
  if (is_sequence(header)) return begin_sequence(header);
  if (header.is_undefined()) return fragments(header);
  bool is_unknown_sequence = header.length == 0;
  if (is_doubtful(header)) {
    const ByteView value = data_.subspan(header.value_offset, header.length);
    const Reading as_implicit = header.vr == Vr::UN ? read_as_sequence(value, VrCoding::implicit_vr,
                                                                       ByteOrder::little, depth())
                                                    : Reading::unclean;
    const std::string_view problem = problem_in_other_readings(header, as_implicit);
    if (!problem.empty()) return fail(position_, problem);
    is_unknown_sequence = as_implicit == Reading::clean;
  }
  const bool is_entered = is_unknown_sequence && is_sequence_written_as_unknown(header);
  return is_entered ? begin_sequence(header) : element(header);
}

/// The end of an item of undefined length, or a defect.
Token Walker::step_out_of_place(Tag tag) {
  if (tag == kItemDelimitation && level().end == kUndefined) {
    const std::uint32_t length = read32(data_.data() + position_ + 4, order());
    return length == 0 ? close(kShortHeaderBytes) : fail(position_, kLongDelimiter);
  }
  return fail(position_, problem_with_place(tag));
}

Token Walker::step_in_sequence() {
  if (!fits(position_, kShortHeaderBytes)) return fail_outgrown(position_, kCutShort);
  const Byte* at = data_.data() + position_;
  const Tag tag = read_tag(at, order());
  const std::uint32_t length = read32(at + 4, order());
  if (tag == kSequenceDelimitation && level().end == kUndefined) {
    return length == 0 ? close(kShortHeaderBytes) : fail(position_, kLongDelimiter);
  }
  if (tag != kItem) return fail(position_, kNoItem);
  const std::uint64_t content = position_ + kShortHeaderBytes;
  if (length != kUndefinedLength && !fits(content, length)) {
    return fail_outgrown(position_, kOutgrowsContainer);
  }
  Level item = level();
  item.kind = LevelKind::item;
  item.last = Tag{};
  push(item, content, length);
  const Token begun = token(Kind::item_begin, content);
  position_ = content;
  return begun;
}

Token Walker::begin_sequence(const ElementHeader& header) {
  if (depth() == kMaxDepth) return fail(position_, kTooDeep);
  Level sequence = level();
  sequence.kind = LevelKind::sequence;
  sequence.tag = header.tag;
  if (header.vr == Vr::UN && header.coding == VrCoding::explicit_vr) {
    // PS3.5 §6.2.2: its content is implicit VR little endian; of big endian data parsers differ.
    const bool is_unclear = header.is_undefined() || doubtful_ == Doubtful::enter;
    if (order() == ByteOrder::big && is_unclear) return fail(position_, kBigEndianUnknown);
    sequence.vr = VrCoding::implicit_vr;
    sequence.order = ByteOrder::little;
  }
  push(sequence, header.value_offset, header.length);
  const Token begun = token(Kind::sequence_begin, header.value_offset);
  position_ = header.value_offset;
  return begun;
}

/// PS3.5 §A.4: items of defined length, then a sequence delimiter.
Token Walker::fragments(const ElementHeader& header) {
  const bool is_pixels = header.tag == kPixelData && (header.vr == Vr::OB || header.vr == Vr::OW) &&
                         header.coding == VrCoding::explicit_vr;
  if (!is_pixels) return fail(position_, kUndefinedValue);
  std::uint64_t at = header.value_offset;
  for (Tag tag; tag != kSequenceDelimitation;) {
    if (!fits(at, kShortHeaderBytes)) return fail_outgrown(at, kCutShort);
    tag = read_tag(data_.data() + at, order());
    const std::uint32_t length = read32(data_.data() + at + 4, order());
    if (tag != kItem && tag != kSequenceDelimitation) return fail(at, kNoItem);
    if (tag == kSequenceDelimitation && length != 0) return fail(at, kLongDelimiter);
    if (length == kUndefinedLength) return fail(at, kUndefinedValue);
    if (!fits(at + kShortHeaderBytes, length)) return fail_outgrown(at, kOutgrowsContainer);
    at += kShortHeaderBytes + length;
  }
  Token found = token(Kind::fragments, header.value_offset);
  found.tag = header.tag;
  found.vr = header.vr;
  found.value = data_.subspan(header.value_offset, at - header.value_offset);
  position_ = at;
  return found;
}

Token Walker::close(std::uint64_t delimiter_bytes) {
  const bool is_item = level().kind == LevelKind::item;
  const Token closed =
      token(is_item ? Kind::item_end : Kind::sequence_end, position_ + delimiter_bytes);
  position_ += delimiter_bytes;
  --level_;
  return closed;
}

Token Walker::token(Kind kind, std::uint64_t value_offset) const {
  return {.kind = kind,
          .vr = Vr::SQ,
          .depth = static_cast<std::uint8_t>(depth()),
          .order = order(),
          .tag = level().tag,
          .offset = position_,
          .value_offset = value_offset,
          .value = {}};
}

Token Walker::fail(std::uint64_t offset, std::string_view reason) {
  defect_ = {offset, reason};
  Token failed;
  failed.kind = Kind::defect;
  failed.offset = offset;
  return failed;
}

Token Walker::fail_outgrown(std::uint64_t offset, std::string_view reason) {
  wants_more_ = level().limit == data_.size();
  return fail(offset, reason);
}

void Walker::push(Level level, std::uint64_t begin, std::uint32_t length) {
  level.end = length == kUndefinedLength ? kUndefined : begin + length;
  level.limit = std::min(level.limit, level.end);
  levels_[static_cast<std::size_t>(++level_)] = level;
}

bool Walker::fits(std::uint64_t offset, std::uint64_t size) const {
  return offset <= level().limit && size <= level().limit - offset;
}

bool Walker::has_its_place(Tag tag) const {
  if (tag.group() == kDelimiterGroup) return false;
  return level_ > 0 ? tag.group() > kFileMetaGroup : tag >= range_.first && tag > last_top_tag_;
}

std::string_view Walker::problem_with_place(Tag tag) const {
  if (tag.group() == kDelimiterGroup) return kStrayDelimiter;
  return level_ > 0 || tag < range_.first ? kForeignGroup : kNotAscending;
}

bool Walker::is_sequence(const ElementHeader& header) const {
  if (header.vr == Vr::SQ) return true;
  if (header.is_undefined()) return header.vr == Vr::UN;
  return doubtful_ == Doubtful::enter && is_doubtful(header);
}

bool Walker::is_doubtful(const ElementHeader& header) const {
  const ByteView value = data_.subspan(header.value_offset, header.length);
  if (!begins_like_sequence(value, order())) return false;
  if (header.vr == Vr::UN) return true;
  if (header.coding == VrCoding::implicit_vr) return false;
  const DictionaryEntry* entry = find(header.tag);
  return entry && entry->vr == Vr::SQ;
}

bool Walker::is_sequence_written_as_unknown(const ElementHeader& header) const {
  if (header.vr != Vr::UN || header.coding != VrCoding::explicit_vr) return false;
  const DictionaryEntry* entry = find(header.tag);
  return entry && entry->vr == Vr::SQ && doubtful_ == Doubtful::pass;
}

std::string_view Walker::problem_in_other_readings(const ElementHeader& header,
                                                   Reading as_implicit) {
  const ByteView value = data_.subspan(header.value_offset, header.length);
  const bool is_explicit = header.coding == VrCoding::explicit_vr;
  Reading as_explicit = Reading::unclean;
  if (is_explicit) as_explicit = read_as_sequence(value, header.coding, order(), depth());
  if (as_explicit == Reading::too_deep || as_implicit == Reading::too_deep) return kTooDeep;
  if (as_explicit == Reading::clean || as_implicit == Reading::clean) return {};
  // DCMTK takes a value in explicit VR at its word: only other parsers enter it, and these stay
  // inside. In implicit VR, if its private dictionary says SQ, DCMTK may go on anywhere behind the
  // value's first byte; one count covers every later value of this kind.
  if (!is_explicit && std::exchange(met_unclean_value_, true)) return {};
  const ByteView reachable = is_explicit ? value : data_.subspan(header.value_offset);
  const auto deepest = static_cast<std::size_t>(depth()) + count_item_tags(reachable);
  return deepest > kMaxDepth ? kUnclearDepth : std::string_view{};
}

Walker::Reading Walker::read_as_sequence(ByteView value, VrCoding vr, ByteOrder order, int depth) {
  if (depth == kMaxDepth) return Reading::too_deep;
  Walker walker(value, vr, order, depth, Doubtful::enter);
  Token step = walker.next();
  while (step.kind != Kind::end && step.kind != Kind::defect) step = walker.next();
  if (step.kind == Kind::end) return Reading::clean;
  return walker.defect().reason == kTooDeep ? Reading::too_deep : Reading::unclean;
}

}  // namespace sekisho::core::dicom
