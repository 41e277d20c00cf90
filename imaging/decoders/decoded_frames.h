// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "core/bytes.h"
#include "core/dicom/dataset.h"
#include "core/dicom/transfer_syntax.h"
#include "imaging/decoders/frame_decoder.h"
#include "imaging/decoders/image_shape.h"
#include "imaging/frame_index.h"

namespace sekisho::imaging {

/// Whether frames in this transfer syntax can be made cells of: native ones, those that are
/// encapsulated as they are, and those of a codec that we have.
bool is_decodable(std::string_view transfer_syntax);

/// Pixels that may leave as cells, one frame after another: little endian, each sample in a cell of
/// its own, colour by pixel, single bits from the lowest of each byte on. A movable value that
/// holds the pixels; any thread may read it.
class DecodedFrames {
 public:
  /// `header` is the data set that the pixels belong to, and `syntax` how both are written down.
  static std::variant<DecodedFrames, Refusal> of(FrameIndex frames,
                                                 const core::dicom::Dataset& header,
                                                 const core::dicom::TransferSyntax& syntax);

  /// As the header says; what read() gives has another photometric interpretation.
  const ImageShape& shape() const { return shape_; }
  /// Whether something may have been lost when they were compressed.
  Loss loss() const { return codec_ == nullptr ? Loss::none : codec_->loss; }
  std::uint32_t count() const { return frames_.count(); }
  /// Of the cells of one.
  std::uint64_t frame_bytes() const { return (frames_.layout().frame_bits() + 7) / 8; }
  /// The most that reading one has in memory beside its cells.
  std::uint64_t working_bytes() const;
  /// Fills `out`, which is frame_bytes() long, with a frame, counted from 0. Throws StoreError.
  Decoded read(std::uint32_t frame, std::span<core::Byte> out) const;

 private:
  explicit DecodedFrames(FrameIndex frames) : frames_(std::move(frames)) {}
  void spread(core::ByteView stored, std::span<core::Byte> out) const;

  FrameIndex frames_;
  ImageShape shape_;
  const PixelCodec* codec_ = nullptr;  ///< null: they are cells already
};

}  // namespace sekisho::imaging
