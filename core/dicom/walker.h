// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/bytes.h"
#include "core/dicom/element_header.h"
#include "core/dicom/tag.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/vr.h"

namespace sekisho::core::dicom {

/// Deeper nesting is refused: 50 levels overflow the stack of Orthanc 1.10.1.
inline constexpr int kMaxDepth = 16;

/// What makes a file unfit to be handed on. `reason` is a constant text without any value of the
/// file; `offset` is in bytes from the start of what was walked.
struct Defect {
  std::uint64_t offset = 0;
  std::string_view reason;
};

/// One step of the walk.
struct Token {
  enum class Kind : std::uint8_t {
    element,         ///< a value; `value` is its bytes
    sequence_begin,  ///< an SQ, or a UN that is one: see Walker; `vr` is SQ
    item_begin,
    item_end,
    sequence_end,
    fragments,  ///< encapsulated pixel data met inside the walked bytes: `value` is every
                ///< byte between its header and the end of its sequence delimiter
    end,        ///< the last byte was consumed, or a tag above TagRange::last met
    defect,     ///< see Walker::defect(); the walk is over
  };
  Kind kind = Kind::end;
  Vr vr = Vr::UN;
  std::uint8_t depth = 0;  ///< 0 at top level; items of a top-level sequence have depth 1
  ByteOrder order = ByteOrder::little;  ///< of the value: see Walker on UN in big endian data
  Tag tag;                         ///< of the element, or of the sequence that an item belongs to
  std::uint64_t offset = 0;        ///< where the element's or item's tag begins
  std::uint64_t value_offset = 0;  ///< where its value begins
  ByteView value;
};

/// Which tags are walked at top level. One below `first` is a defect; the walk ends before one that
/// is above `last`.
struct TagRange {
  Tag first;
  Tag last;
};
/// Command and file meta elements have no place in a data set (PS3.7 §E.1, PS3.10 §7.1).
inline constexpr TagRange kDatasetTags{Tag{0x0003, 0x0000}, Tag{0xFFFF, 0xFFFF}};

/// A pull parser over a data set that is in memory: explicit and implicit VR, little and big
/// endian, defined and undefined lengths, in one pass, without recursion and without allocation.
/// One thread.
///
/// Checks while it walks: lengths stay inside their container, delimiters match and have no length,
/// VRs exist, top-level tags ascend strictly, nesting stays ≤ kMaxDepth. Values of odd length pass:
/// they occur, and parsers agree on them.
///
/// A UN is a sequence in implicit VR little endian (PS3.5 §6.2.2), whatever the data set is in, if
/// its length is undefined, or if the dictionary says SQ and the value reads as one to its last
/// byte. A UN of undefined length in big endian data is a defect: parsers differ on it.
///
/// The depth holds for other parsers too, whose dictionaries are not ours. A value that they could
/// take for a sequence (a UN of defined length, an element unknown here in implicit VR, an element
/// of another VR than the dictionary's SQ) and that begins with an item tag is an `element` here,
/// but is read as a sequence on the side; so are such values inside it. Where that reading is
/// clean, its depth counts. Where it is not, what a lenient parser makes of the bytes cannot be
/// told, and no more item tags may follow than could be nested: DCMTK, which knows private
/// sequences, reads on past the end of such a value.
class Walker {
 public:
  /// `dataset` must outlive the walker and the tokens.
  Walker(ByteView dataset, VrCoding vr, ByteOrder order, TagRange range = kDatasetTags);
  /// The next step. After `end` and `defect` it returns the same again.
  Token next();
  const Defect& defect() const { return defect_; }
  /// After a defect: the data ended inside an element, so that more of them may cure it.
  bool wants_more() const { return wants_more_; }
  /// In some item elements were not in ascending order, or one was there twice.
  bool met_disorder() const { return met_disorder_; }
  /// A value was met that lenient parsers may leave at a place where this walk does not: what
  /// follows the walked bytes in their file must not hold many item tags either.
  bool met_unclean_value() const { return met_unclean_value_; }

 private:
  /// What to do with a value that somebody may take for a sequence.
  enum class Doubtful : std::uint8_t { pass, enter };
  enum class Reading : std::uint8_t { clean, unclean, too_deep };
  enum class LevelKind : std::uint8_t { item, sequence };
  struct Level {
    std::uint64_t end = 0;    ///< kUndefined where the length is undefined
    std::uint64_t limit = 0;  ///< the innermost defined end around
    Tag tag;                  ///< of the sequence
    Tag last;                 ///< of the item's elements
    LevelKind kind = LevelKind::item;
    VrCoding vr = VrCoding::explicit_vr;  ///< sequences in UN are implicit
    ByteOrder order = ByteOrder::little;  ///< and little endian (PS3.5 §6.2.2)
  };
  static constexpr std::uint64_t kUndefined = UINT64_MAX;

  /// Starts inside a sequence whose content is `value`.
  Walker(ByteView value, VrCoding vr, ByteOrder order, int depth, Doubtful doubtful);
  static Reading read_as_sequence(ByteView value, VrCoding vr, ByteOrder order, int depth);

  Token step_in_item();
  Token step_out_of_place(Tag tag);
  Token step_into(const ElementHeader& header);
  Token step_in_sequence();
  Token begin_sequence(const ElementHeader& header);
  Token element(const ElementHeader& header);
  Token fragments(const ElementHeader& header);
  Token close(std::uint64_t delimiter_bytes);
  Token token(Token::Kind kind, std::uint64_t value_offset) const;
  Token fail(std::uint64_t offset, std::string_view reason);
  /// fail() for what does not fit.
  Token fail_outgrown(std::uint64_t offset, std::string_view reason);

  bool fits(std::uint64_t offset, std::uint64_t size) const;
  bool has_its_place(Tag tag) const;
  std::string_view problem_with_place(Tag tag) const;
  bool is_sequence(const ElementHeader& header) const;
  bool is_doubtful(const ElementHeader& header) const;
  /// Whether only the dictionary says so. Not on the side, where every doubtful value is entered.
  bool is_sequence_written_as_unknown(const ElementHeader& header) const;
  /// Of a doubtful value; `as_implicit` is how a UN reads in implicit VR little endian.
  std::string_view problem_in_other_readings(const ElementHeader& header, Reading as_implicit);

  int depth() const { return level_ / 2; }
  ByteOrder order() const { return level().order; }
  const Level& level() const { return levels_[static_cast<std::size_t>(level_)]; }
  void push(Level level, std::uint64_t begin, std::uint32_t length);

  // Constant after construction.
  ByteView data_;
  TagRange range_;
  Doubtful doubtful_;
  int base_level_;

  std::uint64_t position_ = 0;
  int level_;  ///< even in items (the data set is one), odd in sequences
  std::array<Level, 2 * kMaxDepth + 1> levels_;
  Tag last_top_tag_;
  bool wants_more_ = false;
  bool met_unclean_value_ = false;
  bool met_disorder_ = false;
  Defect defect_;
};

/// How often the item tag stands in the bytes, at whatever place and in either byte order: no
/// reading of them nests deeper.
std::size_t count_item_tags(ByteView bytes);

}  // namespace sekisho::core::dicom
