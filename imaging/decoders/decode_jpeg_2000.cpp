// SPDX-License-Identifier: GPL-3.0-or-later
#include <openjpeg.h>

#include <algorithm>
#include <memory>

#include "imaging/decoders/code_stream.h"
#include "imaging/decoders/frame_decoder.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::ByteView;
using enum Refusal;

/// A code stream in memory, as OpenJPEG's callbacks read it.
struct Input {
  ByteView bytes;
  std::size_t at = 0;
};

OPJ_SIZE_T read_input(void* to, OPJ_SIZE_T size, void* user) {
  auto& input = *static_cast<Input*>(user);
  const std::size_t count = std::min<std::size_t>(size, input.bytes.size() - input.at);
  if (count == 0) return static_cast<OPJ_SIZE_T>(-1);
  std::copy_n(input.bytes.data() + input.at, count, static_cast<Byte*>(to));
  input.at += count;
  return count;
}

OPJ_OFF_T skip_input(OPJ_OFF_T size, void* user) {
  auto& input = *static_cast<Input*>(user);
  const auto left = static_cast<OPJ_OFF_T>(input.bytes.size() - input.at);
  if (size < 0 || size > left) return -1;
  input.at += static_cast<std::size_t>(size);
  return size;
}

OPJ_BOOL seek_input(OPJ_OFF_T place, void* user) {
  auto& input = *static_cast<Input*>(user);
  if (place < 0 || static_cast<std::uint64_t>(place) > input.bytes.size()) return OPJ_FALSE;
  input.at = static_cast<std::size_t>(place);
  return OPJ_TRUE;
}

using Codec = std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)>;
using Stream = std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)>;
using Image = std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)>;

Stream make_stream(Input& input) {
  Stream stream(opj_stream_default_create(OPJ_TRUE), opj_stream_destroy);
  if (stream == nullptr) return stream;
  opj_stream_set_user_data(stream.get(), &input, nullptr);
  opj_stream_set_user_data_length(stream.get(), input.bytes.size());
  opj_stream_set_read_function(stream.get(), read_input);
  opj_stream_set_skip_function(stream.get(), skip_input);
  opj_stream_set_seek_function(stream.get(), seek_input);
  return stream;
}

/// Null for a stream that is damaged or cut short.
Image decode_image(ByteView bytes) {
  Input input{bytes};
  const Stream stream = make_stream(input);
  const Codec codec(opj_create_decompress(OPJ_CODEC_J2K), opj_destroy_codec);
  Image image(nullptr, opj_image_destroy);
  if (stream == nullptr || codec == nullptr) return image;
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_image_t* raw = nullptr;
  if (opj_setup_decoder(codec.get(), &parameters) == OPJ_FALSE ||
      opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE) == OPJ_FALSE ||
      opj_read_header(stream.get(), codec.get(), &raw) == OPJ_FALSE) {
    return image;
  }
  image.reset(raw);
  if (opj_decode(codec.get(), stream.get(), image.get()) == OPJ_FALSE ||
      opj_end_decompress(codec.get(), stream.get()) == OPJ_FALSE) {
    image.reset();
  }
  return image;
}

bool is_as_expected(const opj_image_t& image, const ImageShape& shape) {
  if (image.numcomps != shape.samples) return false;
  return std::all_of(image.comps, image.comps + image.numcomps, [&](const opj_image_comp_t& plane) {
    return plane.w == shape.columns && plane.h == shape.rows && plane.data != nullptr;
  });
}

void write_cells(const opj_image_t& image, const ImageShape& shape, std::span<Byte> out) {
  const std::size_t cell = shape.bytes_per_sample();
  const std::size_t pixels = std::size_t{shape.rows} * shape.columns;
  for (std::size_t sample = 0; sample < shape.samples; ++sample) {
    const OPJ_INT32* from = image.comps[sample].data;
    for (std::size_t i = 0; i < pixels; ++i) {
      const auto value = static_cast<std::uint32_t>(from[i]);
      Byte* const to = &out[(i * shape.samples + sample) * cell];
      for (std::size_t byte = 0; byte < cell; ++byte) {
        to[byte] = static_cast<Byte>(value >> (8 * byte));
      }
    }
  }
}

}  // namespace

Decoded decode_jpeg_2000(ByteView stream, const ImageShape& shape, std::span<Byte> out) {
  const auto found = read_stream_shape(stream);
  if (!found || found->process != StreamShape::Process::jpeg_2000 || found->rows != shape.rows ||
      found->columns != shape.columns || found->components != shape.samples) {
    return malformed;
  }
  // Readers differ on what a sign means that only one of the headers has.
  const bool is_signed = shape.sign == ImageShape::Sign::with;
  if (found->is_signed != is_signed || found->precision > shape.bits_allocated ||
      shape.photometric == Photometric::ybr_full_422) {
    return unsupported;
  }
  const Image image = decode_image(stream);
  if (image == nullptr || !is_as_expected(*image, shape)) return malformed;
  write_cells(*image, shape, out);
  // The decoder undoes the component transform that these two names stand for (PS3.5 §8.2.4).
  const bool was_transformed =
      shape.photometric == Photometric::ybr_ict || shape.photometric == Photometric::ybr_rct;
  return was_transformed ? Photometric::rgb : shape.photometric;
}

}  // namespace sekisho::imaging
