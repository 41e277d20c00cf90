// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "core/bytes.h"
#include "imaging/clean_stream.h"
#include "imaging/decoders/frame_decoder.h"
#include "imaging/decoders/image_shape.h"

namespace sekisho::imaging {

/// The code stream that an encoder makes of a frame, or why there is none.
using Encoded = std::variant<core::Bytes, Refusal>;

/// Turns the cells of one frame (`shape`.frame_bytes() of them: little endian, colour by pixel, of
/// `shape`.photometric) into a code stream in which is nothing but pixels and what decoding needs.
/// The same cells give the same stream. Of a shape that the encoder can_encode(). Stateless; any
/// thread.
using FrameEncoder = Encoded (*)(core::ByteView cells, const ImageShape& shape);

struct PixelEncoder {
  std::string_view transfer_syntax;
  Loss loss;
  FrameEncoder encode;
};

/// All that pixels are ever encoded in, the lossless ones first: no syntax of the host's codecs.
std::span<const PixelEncoder> pixel_encoders();
/// Null for a syntax that nothing is encoded in.
const PixelEncoder* find_encoder(std::string_view transfer_syntax);

/// Whether images that the header describes so can be encoded: lossless encoders give back every
/// bit of a cell, the lossy one takes what has 8 bits that mean brightness.
bool can_encode(const PixelEncoder& encoder, const ImageShape& shape);
/// What the photometric interpretation of cells is called once they are encoded (PS3.5 §8.2.4).
Photometric photometric_of(const PixelEncoder& encoder, Photometric cells);
/// The most that encoding a frame takes of memory, its stream included.
std::uint64_t encoding_bytes(const ImageShape& shape);

/// What a library made of a frame, without what is no pixel.
Encoded cleaned(StreamCleaner cleaner, core::ByteView stream, const ImageShape& shape);

// The encoders. None touches DCMTK's list of codecs, which belongs to the host process.
Encoded encode_rle(core::ByteView cells, const ImageShape& shape);
Encoded encode_jpeg(core::ByteView cells, const ImageShape& shape);
Encoded encode_jpeg_lossless(core::ByteView cells, const ImageShape& shape);
Encoded encode_jpeg_ls(core::ByteView cells, const ImageShape& shape);
Encoded encode_jpeg_2000(core::ByteView cells, const ImageShape& shape);

}  // namespace sekisho::imaging
