// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/byte_maker.h"
#include "core/bytes.h"
#include "imaging/cell_mask.h"

namespace sekisho::imaging {

/// Bytes of a file, or of what is made of it.
struct PixelRange {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// What leaves of the elements of group 7FE0 of one file, without the file: ranges of it wherever
/// it is clean, with bytes made anew between them. True for every copy of the same bytes. An
/// immutable value; any thread may read it.
class PixelPlan {
 public:
  std::uint64_t size_bytes() const { return size_; }
  /// Of compressed pixels, in what leaves: the code stream of each frame, without its padding.
  const std::vector<PixelRange>& streams() const { return streams_; }
  /// Decoded samples may have something in bits that hold no sample, which only a decoder can tell.
  bool may_use_other_bits() const { return may_use_other_bits_; }
  /// Cells go through a mask of which nobody has looked whether it changes any.
  bool may_have_idle_mask() const { return mask_.has_value() && !was_looked_through_; }
  /// What was made anew, and what makers of more need.
  std::uint64_t made_bytes() const;
  /// What it takes of memory.
  std::uint64_t memory_bytes() const;

 private:
  friend class PixelSource;
  friend class PixelSourceBuilder;
  struct Piece {
    std::uint64_t begin = 0;  ///< in what leaves
    std::uint64_t size = 0;
    std::uint64_t offset = 0;  ///< in the file, or in what is decoded
    enum class Kind : std::uint8_t { as_stored, masked, made, decoded } kind = Kind::as_stored;
    core::Bytes made;
    /// How many bytes are turned round together, in what is not made; a whole number of them.
    std::uint32_t word_bytes = 1;
    std::shared_ptr<const core::ByteMaker> maker{};  ///< of what is decoded or encoded; else null
  };
  void append(Piece piece);
  /// Joins what stands together in the file.
  void append_stored(std::uint64_t offset, std::uint64_t size);
  std::size_t piece_at(std::uint64_t offset) const;

  std::vector<Piece> pieces_;
  std::vector<PixelRange> streams_;
  std::optional<CellMask> mask_;
  std::uint64_t size_ = 0;
  bool may_use_other_bits_ = false;
  bool was_looked_through_ = false;
};

}  // namespace sekisho::imaging
