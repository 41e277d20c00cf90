// SPDX-License-Identifier: GPL-3.0-or-later
#include <openjpeg.h>

#include <algorithm>
#include <array>
#include <bit>
#include <exception>
#include <memory>
#include <optional>

#include "core/dicom/element_header.h"
#include "imaging/clean_stream.h"
#include "imaging/encoders/frame_encoder.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::Bytes;
using core::ByteView;

/// A code stream that grows, as OpenJPEG's callbacks write it.
struct Output {
  Bytes bytes;
  std::size_t at = 0;
};

OPJ_SIZE_T write_output(void* from, OPJ_SIZE_T size, void* user) {
  auto& output = *static_cast<Output*>(user);
  try {
    output.bytes.resize(std::max(output.bytes.size(), output.at + size));
  } catch (const std::exception&) {  // OpenJPEG is C
    return static_cast<OPJ_SIZE_T>(-1);
  }
  std::copy_n(static_cast<const Byte*>(from), size, output.bytes.data() + output.at);
  output.at += size;
  return size;
}

OPJ_BOOL seek_output(OPJ_OFF_T place, void* user) {
  auto& output = *static_cast<Output*>(user);
  if (place < 0 || static_cast<std::uint64_t>(place) > output.bytes.size()) return OPJ_FALSE;
  output.at = static_cast<std::size_t>(place);
  return OPJ_TRUE;
}

OPJ_OFF_T skip_output(OPJ_OFF_T size, void* user) {
  const auto& output = *static_cast<const Output*>(user);
  const auto place = static_cast<OPJ_OFF_T>(output.at) + size;
  return seek_output(place, user) == OPJ_TRUE ? size : -1;
}

using Codec = std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)>;
using Stream = std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)>;
using Image = std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)>;

/// How many bits of a cell are coded: the stored ones, or all where these are not the lowest.
std::uint32_t precision_of(const ImageShape& shape) {
  return shape.high_bit + 1 == shape.bits_stored ? shape.bits_stored : shape.bits_allocated;
}

Image make_image(const ImageShape& shape) {
  std::array<opj_image_cmptparm_t, 3> planes{};
  for (auto& plane : planes) {
    plane.dx = plane.dy = 1;
    plane.w = shape.columns;
    plane.h = shape.rows;
    plane.prec = precision_of(shape);
    plane.sgnd = shape.sign == ImageShape::Sign::with ? 1 : 0;
  }
  const auto space = shape.photometric == Photometric::rgb ? OPJ_CLRSPC_SRGB
                     : shape.samples == 1                  ? OPJ_CLRSPC_GRAY
                                                           : OPJ_CLRSPC_UNSPECIFIED;
  Image image(opj_image_create(shape.samples, planes.data(), space), opj_image_destroy);
  if (image != nullptr) {
    image->x1 = shape.columns;
    image->y1 = shape.rows;
  }
  return image;
}

/// False: there is something in bits that hold no sample.
bool fill(opj_image_t& image, ByteView cells, const ImageShape& shape) {
  const std::size_t cell = shape.bytes_per_sample();
  const bool is_signed = shape.sign == ImageShape::Sign::with;
  const std::int32_t span = std::int32_t{1} << (precision_of(shape) - (is_signed ? 1 : 0));
  const std::int32_t least = is_signed ? -span : 0;
  const std::size_t pixels = std::size_t{shape.rows} * shape.columns;
  for (std::size_t i = 0; i < pixels * shape.samples; ++i) {
    const Byte* const at = cells.data() + i * cell;
    std::int32_t value = cell == 1 ? *at : core::dicom::read16(at, core::dicom::ByteOrder::little);
    if (is_signed)
      value = cell == 1 ? static_cast<std::int8_t>(value) : static_cast<std::int16_t>(value);
    if (value < least || value >= span) return false;
    image.comps[i % shape.samples].data[i / shape.samples] = value;
  }
  return true;
}

opj_cparameters_t parameters_for(const ImageShape& shape) {
  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);  // 5-3 reversible, code blocks of 64 × 64
  parameters.tcp_numlayers = 1;
  parameters.tcp_rates[0] = 0;  // lossless
  parameters.cp_disto_alloc = 1;
  parameters.tcp_mct = shape.photometric == Photometric::rgb ? 1 : 0;
  // No more resolutions than there are halves of the shorter side.
  const int halves = std::bit_width(std::min(shape.rows, shape.columns));
  parameters.numresolution = std::min(parameters.numresolution, halves);
  return parameters;
}

std::optional<Bytes> encode_image(opj_image_t& image, const ImageShape& shape) {
  Output output;
  const Codec codec(opj_create_compress(OPJ_CODEC_J2K), opj_destroy_codec);
  const Stream stream(opj_stream_default_create(OPJ_FALSE), opj_stream_destroy);
  if (codec == nullptr || stream == nullptr) return std::nullopt;
  opj_stream_set_user_data(stream.get(), &output, nullptr);
  opj_stream_set_write_function(stream.get(), write_output);
  opj_stream_set_skip_function(stream.get(), skip_output);
  opj_stream_set_seek_function(stream.get(), seek_output);
  opj_cparameters_t parameters = parameters_for(shape);
  if (opj_setup_encoder(codec.get(), &parameters, &image) == OPJ_FALSE ||
      opj_start_compress(codec.get(), &image, stream.get()) == OPJ_FALSE ||
      opj_encode(codec.get(), stream.get()) == OPJ_FALSE ||
      opj_end_compress(codec.get(), stream.get()) == OPJ_FALSE) {
    return std::nullopt;
  }
  return std::move(output.bytes);
}

}  // namespace

Encoded encode_jpeg_2000(ByteView cells, const ImageShape& shape) {
  const Image image = make_image(shape);
  if (image == nullptr) return Refusal::too_large;
  if (!fill(*image, cells, shape)) return Refusal::unsupported;
  const auto stream = encode_image(*image, shape);
  if (!stream) return Refusal::unsupported;
  return cleaned(clean_jpeg_2000, *stream, shape);  // OpenJPEG signs its work in a comment
}

}  // namespace sekisho::imaging
