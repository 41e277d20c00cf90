// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "core/demand.h"
#include "core/dicom/dataset.h"
#include "core/dicom/transfer_syntax.h"
#include "imaging/pixel_layout.h"
#include "imaging/pixel_source.h"

namespace sekisho::imaging {

/// Where each frame lies in pixels that may leave, so that one is read without the others. Frames
/// count from 0. A movable value that holds the source; any thread may read it.
class FrameIndex {
 public:
  /// `header` is the data set that the pixels belong to, as it leaves, and `syntax` how both are
  /// written down. `nullopt`: there are no pixels, or nobody can say where their frames lie. Throws
  /// what reading the source throws, and DemandOver.
  static std::optional<FrameIndex> of(const PixelSource& pixels, const core::dicom::Dataset& header,
                                      const core::dicom::TransferSyntax& syntax,
                                      const core::Demand& demand = {});

  const PixelLayout& layout() const { return layout_; }
  /// As many as the header declares.
  std::uint32_t count() const { return layout_.frames; }
  /// read() gives cells, not a code stream: of native pixels, and of those that are encapsulated as
  /// they are (PS3.5 §A.4.11).
  bool is_native() const { return streams_ == Streams::none || streams_ == Streams::of_cells; }
  /// How many bytes read() gives of it: of native ones `frame_bits` rounded up, of compressed ones
  /// the code stream without its padding. `nullopt`: there is no such frame, or not all of it.
  std::optional<std::uint64_t> size_of(std::uint32_t frame) const;
  /// Fills `out` with the bytes of a frame that is there, from `offset` on. Native ones are little
  /// endian, each frame beginning with its own first byte, single bits too; what is over in the
  /// last byte is zero. Throws StoreError.
  void read(std::uint32_t frame, std::uint64_t offset, std::span<core::Byte> out) const;
  /// Where read() finds them as they are in pixels(), in one piece; else `nullopt`.
  std::optional<PixelRange> range_of(std::uint32_t frame) const;
  /// All native pixels as one value, padding included; 0 bytes of those in fragments.
  std::uint64_t value_bytes() const { return value_.size; }
  /// Fills `out` from `offset` on, little endian. Throws StoreError.
  void read_value(std::uint64_t offset, std::span<core::Byte> out) const {
    read_little(offset, out);
  }
  /// Where read_value() finds it as it is; else `nullopt`.
  std::optional<PixelRange> value_range() const {
    return word_bytes_ == 1 && value_.size > 0 ? std::optional(value_) : std::nullopt;
  }
  const PixelSource& pixels() const { return pixels_; }

 private:
  enum class Streams : std::uint8_t { none, of_cells, compressed };

  explicit FrameIndex(PixelSource pixels) : pixels_(std::move(pixels)) {}
  bool find_native(const core::dicom::ElementHeader& element,
                   const core::dicom::TransferSyntax& syntax);
  bool find_streams(std::span<const core::dicom::ElementHeader> elements,
                    const core::dicom::TransferSyntax& syntax, const core::Demand& demand);
  std::span<const PixelRange> pieces_of(std::uint32_t frame) const;
  std::uint64_t frame_bits() const { return layout_.native_bits() / layout_.frames; }
  void read_pieces(std::uint32_t frame, std::uint64_t offset, std::span<core::Byte> out) const;
  void read_bits(std::uint64_t first_bit, std::span<core::Byte> out) const;
  void read_little(std::uint64_t offset, std::span<core::Byte> out) const;

  PixelSource pixels_;
  PixelLayout layout_;
  Streams streams_ = Streams::none;
  PixelRange value_;                   ///< of native pixels, in the source
  std::uint32_t word_bytes_ = 1;       ///< of these, where they are big endian
  std::vector<PixelRange> pieces_;     ///< of streams that are not the plan's
  std::vector<std::size_t> first_of_;  ///< … where each begins among them, and their end
};

}  // namespace sekisho::imaging
