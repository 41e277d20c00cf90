// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/bytes.h"
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
    sequence_begin,  ///< an SQ, or a UN that is one; `vr` is SQ
    item_begin,
    item_end,
    sequence_end,
    fragments,  ///< encapsulated pixel data met inside the walked bytes: `value` is every
                ///< byte between its header and the end of its sequence delimiter
    end,        ///< the last byte was consumed
    defect,     ///< see Walker::defect(); the walk is over
  };
  Kind kind = Kind::end;
  Vr vr = Vr::UN;
  std::uint8_t depth = 0;          ///< 0 at top level; items of a top-level sequence have depth 1
  Tag tag;                         ///< of the element, or of the sequence that an item belongs to
  std::uint64_t offset = 0;        ///< where the element's or item's tag begins
  std::uint64_t value_offset = 0;  ///< where its value begins
  ByteView value;
};

/// A pull parser over a data set that is in memory: explicit and implicit VR, little and big
/// endian, defined and undefined lengths, in one pass, without recursion and without allocation.
/// Checks while it walks: lengths stay inside their container, delimiters match, nesting stays
/// ≤ kMaxDepth, VRs exist, top-level tags ascend strictly, values that somebody else's parser could
/// take for sequences (a defined-length UN or an unknown implicit element that begins with an item
/// tag) are no deeper than allowed either. One thread.
class Walker {
 public:
  /// `dataset` must outlive the walker and the tokens.
  Walker(ByteView dataset, VrCoding vr, ByteOrder order);
  /// The next step. After `end` and `defect` it returns the same again.
  Token next();
  const Defect& defect() const { return defect_; }

 private:
  struct Level {
    std::uint64_t end = 0;  ///< UINT64_MAX where the length is undefined
    Tag sequence;
    bool is_item = false;
    VrCoding vr = VrCoding::explicit_vr;  ///< UN sequences are implicit (PS3.5 §6.2.2)
  };
  // Implementation follows in walker.cpp.
  ByteView data_;
  ByteOrder order_;
  std::uint64_t position_ = 0;
  int level_ = 0;
  std::array<Level, 2 * kMaxDepth + 2> levels_;
  Tag last_top_tag_;
  bool over_ = false;
  Defect defect_;
};

}  // namespace sekisho::core::dicom
