// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/stored_file.h"
#include "imaging/cell_mask.h"

namespace sekisho::imaging {

/// The elements of group 7FE0 as they may leave: ranges of the archive's file wherever that is
/// clean, with bytes made anew between them. Only clean_pixels() and stored_pixels() make one. An
/// immutable, movable value; any thread may read it.
class PixelSource {
 public:
  std::uint64_t size_bytes() const { return size_; }
  /// Fills `out` with the bytes from `offset` on. Throws StoreError.
  void read(std::uint64_t offset, std::span<core::Byte> out) const;

  struct Range {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };
  /// What from `offset` on is file()'s own, unchanged; `nullopt`: it must be read.
  std::optional<Range> range_at(std::uint64_t offset) const;
  const core::StoredFile& file() const { return file_; }

  /// Of compressed pixels, in this: the code stream of each frame, without its padding.
  const std::vector<Range>& streams() const { return streams_; }
  /// Decoded samples may have something in bits that hold no sample, which only a decoder can tell.
  bool may_use_other_bits() const { return may_use_other_bits_; }
  /// What was made anew.
  std::uint64_t made_bytes() const;

 private:
  friend class PixelSourceBuilder;
  struct Piece {
    std::uint64_t begin = 0;  ///< in this
    std::uint64_t size = 0;
    std::uint64_t offset = 0;  ///< in the file
    enum class Kind : std::uint8_t { as_stored, masked, made } kind = Kind::as_stored;
    core::Bytes made;
  };
  explicit PixelSource(core::StoredFile file) : file_(std::move(file)) {}
  std::size_t piece_at(std::uint64_t offset) const;
  void read_masked(const Piece& piece, std::uint64_t begin, std::span<core::Byte> out) const;

  core::StoredFile file_;
  std::vector<Piece> pieces_;
  std::vector<Range> streams_;
  std::optional<CellMask> mask_;
  std::uint64_t size_ = 0;
  bool may_use_other_bits_ = false;
};

}  // namespace sekisho::imaging
