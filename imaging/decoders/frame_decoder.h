// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "imaging/decoders/image_shape.h"

namespace sekisho::imaging {

/// What a decoder makes of a frame: its photometric interpretation, or why there is none.
using Decoded = std::variant<Photometric, Refusal>;

/// Turns one compressed frame into `out`, which is shape.frame_bytes() long: little endian cells,
/// colour by pixel. Stateless; any thread.
using FrameDecoder = Decoded (*)(core::ByteView stream, const ImageShape& shape,
                                 std::span<core::Byte> out);

enum class Loss : std::uint8_t {
  none,
  possible,  ///< the syntax allows it
};
struct PixelCodec {
  std::string_view transfer_syntax;
  Loss loss;
  FrameDecoder decode;
};
/// Null for a syntax that is not decoded here: video, JPIP, JPEG 2000 Part 2, JPEG XL,
/// retired and private ones.
const PixelCodec* find_codec(std::string_view transfer_syntax);

// The decoders. None touches DCMTK's list of codecs, which belongs to the host process.
Decoded decode_rle(core::ByteView stream, const ImageShape& shape, std::span<core::Byte> out);
Decoded decode_jpeg(core::ByteView stream, const ImageShape& shape, std::span<core::Byte> out);
Decoded decode_jpeg_lossless(core::ByteView stream, const ImageShape& shape,
                             std::span<core::Byte> out);
Decoded decode_jpeg_ls(core::ByteView stream, const ImageShape& shape, std::span<core::Byte> out);
Decoded decode_jpeg_2000(core::ByteView stream, const ImageShape& shape, std::span<core::Byte> out);

}  // namespace sekisho::imaging
