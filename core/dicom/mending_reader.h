// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/demand.h"
#include "core/dicom/element_header.h"
#include "core/dicom/transfer_syntax.h"

namespace sekisho::core::dicom {

/// Why in_order() has no answer.
inline constexpr std::string_view kElementsContradict =
    "a character set or private creator that is there twice and differs";

/// Elements in the order in which they were met, to be put in theirs.
class LooseElements {
 public:
  /// Where the next element is written; it ends where the next one begins.
  Bytes& begin(Tag tag) {
    pieces_.push_back({tag, bytes_.size()});
    return bytes_;
  }
  /// Ascending, each tag once; `nullopt` where two of a tag differ that decide on how others read.
  std::optional<Bytes> in_order() const;
  std::size_t size_bytes() const { return bytes_.size(); }

 private:
  struct Piece {
    Tag tag;
    std::size_t begin;
  };
  ByteView bytes_of(std::size_t index) const;

  std::vector<Piece> pieces_;
  Bytes bytes_;
};

/// Reads elements as mend_dataset() says, from bytes that are in memory. One thread.
class MendingReader {
 public:
  enum class Ended : std::uint8_t {
    at_end,        ///< of the bytes
    at_pixels,     ///< before an element of group 7FE0
    wants_more,    ///< the bytes end inside an element, or may go on with padding
    with_problem,  ///< see problem()
  };
  enum class Rest : std::uint8_t { none, more };

  /// `bytes` outlive this; `rest` says whether the file goes on behind them.
  MendingReader(ByteView bytes, const TransferSyntax& syntax, Rest rest, const Demand& demand);

  Ended run();
  /// Where it ended.
  std::uint64_t position() const { return position_; }
  std::string_view problem() const { return problem_; }
  /// Of the top level, after at_end and at_pixels; `nullopt`: see LooseElements.
  std::optional<Bytes> elements() const { return levels_.front().elements.in_order(); }

 private:
  enum class Kind : std::uint8_t { item, sequence };
  struct Level {
    Kind kind = Kind::item;
    VrCoding vr = VrCoding::explicit_vr;
    ByteOrder order = ByteOrder::little;
    std::uint64_t end = 0;            ///< kUndefined where the length is undefined
    std::uint64_t limit = 0;          ///< the innermost defined end around
    ElementHeader header;             ///< of the sequence
    Bytes items;                      ///< of the sequence, written
    LooseElements elements;           ///< of the item
    bool may_meet_delimiter = false;  ///< behind a sequence of known length
  };
  static constexpr std::uint64_t kUndefined = UINT64_MAX;

  void step();
  void close();
  void step_in_item();
  void step_in_sequence();
  void step_at_delimiter(Tag tag);
  void take_element(const ElementHeader& header);
  void take_undefined(const ElementHeader& header);
  void begin_sequence(const ElementHeader& header);
  void begin_item(std::uint32_t length);
  void skip_fragments(const ElementHeader& header);
  void close_item();
  void close_sequence();
  void fail(std::string_view problem) { problem_ = problem; }

  bool is_padding() const;
  /// Of the element at position(); `nullopt` after fail().
  std::optional<ElementHeader> read_header();
  std::optional<ElementHeader> read_unknown_vr(ElementHeader header) const;
  /// Of a meta element in a data set of another coding.
  std::optional<ElementHeader> read_foreign() const;
  bool leads_on(std::uint64_t at, Tag behind) const;
  bool holds_elements(std::uint64_t item) const;
  static bool is_foreign(Tag tag);

  Level& level() { return levels_.back(); }
  const Level& level() const { return levels_.back(); }
  /// What lies from there on in the level.
  ByteView rest_from(std::uint64_t at) const { return bytes_.subspan(at, level().limit - at); }

  const ByteView bytes_;
  const Rest rest_;
  DemandSteps asking_;
  std::uint64_t position_ = 0;
  std::vector<Level> levels_;
  std::string_view problem_;
  bool is_at_pixels_ = false;
};

}  // namespace sekisho::core::dicom
