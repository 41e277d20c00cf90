// SPDX-License-Identifier: GPL-3.0-or-later
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmjpeg/djcparam.h>
#include <dcmtk/dcmjpeg/djdijg12.h>
#include <dcmtk/dcmjpeg/djdijg16.h>
#include <dcmtk/dcmjpeg/djdijg8.h>

#include <bit>
#include <limits>
#include <optional>

#include "imaging/decoders/code_stream.h"
#include "imaging/decoders/frame_decoder.h"
#include "imaging/jpeg_segments.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::ByteView;
using enum Refusal;

static_assert(std::endian::native == std::endian::little, "decoders write cells in host order");

/// One of DCMTK's three builds of the IJG library, which catches the library's error exit itself.
/// What the library only warns of and would patch up with pixels of its own is damage here.
template <class Ijg>
class StrictDecoder final : public Ijg {
 public:
  using Ijg::Ijg;
  void emitMessage(int level) const override { damaged_ |= level < 0; }

  bool decode_all(core::Bytes& input, std::span<Byte> out, OFBool is_signed) {
    return this->init().good() &&
           this->decode(input.data(), static_cast<Uint32>(input.size()), out.data(),
                        static_cast<Uint32>(out.size()), is_signed)
               .good() &&
           !damaged_;
  }

 private:
  mutable bool damaged_ = false;
};

/// What components are: those of a lossy stream that are luminance and colour differences become
/// RGB, as every viewer shows them; all else stays as it is.
enum class Coded { as_it_is, differences };

/// Whoever writes a marker of Adobe's or JFIF's says what they are; else the header is believed, as
/// DCMTK does.
bool are_differences(ByteView stream, const ImageShape& shape) {
  constexpr std::string_view kAdobe = "Adobe";
  constexpr std::string_view kJfif("JFIF\0", 5);
  constexpr std::size_t kTransform = 11;  // of Adobe's, ITU-T T.872 §6.5.3
  const auto segments = jpeg::read_segments(stream);
  if (const auto* all = std::get_if<std::vector<jpeg::Segment>>(&segments)) {
    for (const jpeg::Segment& each : *all) {
      const ByteView payload = stream.subspan(each.payload, each.end - each.payload);
      const std::string_view text = core::as_text(payload);
      const bool is_adobe = each.marker == 0xEE && text.starts_with(kAdobe);
      if (is_adobe && payload.size() > kTransform) return payload[kTransform] != 0;
      if (each.marker == jpeg::kFirstApplication && text.starts_with(kJfif)) return true;
    }
  }
  return shape.photometric == Photometric::ybr_full ||
         shape.photometric == Photometric::ybr_full_422;
}

/// `nullopt` for a stream that is damaged or cut short.
template <class Ijg>
std::optional<EP_Interpretation> decode_with(core::Bytes& input, const ImageShape& shape,
                                             std::span<Byte> out, Coded coded) {
  const DJCodecParameter parameter(ECC_lossyYCbCr, EDC_photometricInterpretation, EUC_never,
                                   EPC_colorByPixel);
  StrictDecoder<Ijg> decoder(parameter, coded == Coded::differences ? OFTrue : OFFalse);
  const OFBool is_signed = shape.sign == ImageShape::Sign::with ? OFTrue : OFFalse;
  if (!decoder.decode_all(input, out, is_signed)) return std::nullopt;
  return decoder.getDecompressedColorModel();
}

/// Of what the decoder wrote; its own word for greyscale says nothing of MONOCHROME1 or palettes.
Decoded photometric_after(const ImageShape& shape, EP_Interpretation decoded,
                          StreamShape::Process process, Coded coded) {
  if (shape.samples == 1) return shape.photometric;
  if (process == StreamShape::Process::jpeg_sequential && coded == Coded::as_it_is) {
    return Photometric::rgb;
  }
  if (decoded == EPI_RGB) return Photometric::rgb;
  if (decoded == EPI_YBR_Full) return Photometric::ybr_full;
  const bool is_whole =
      shape.photometric == Photometric::rgb || shape.photometric == Photometric::ybr_full;
  // What was not converted has no name of its own.
  if (process == StreamShape::Process::jpeg_lossless && decoded == EPI_Unknown && is_whole) {
    return shape.photometric;
  }
  return unsupported;
}

Decoded decode(ByteView stream, const ImageShape& shape, std::span<Byte> out,
               StreamShape::Process process) {
  const auto found = read_stream_shape(stream);
  if (!found || found->process != process || found->rows != shape.rows ||
      found->columns != shape.columns || found->components != shape.samples) {
    return malformed;
  }
  if (shape.bits_allocated != (found->precision <= 8 ? 8U : 16U)) return unsupported;
  if (stream.size() > std::numeric_limits<Uint32>::max() ||
      out.size() > std::numeric_limits<Uint32>::max()) {
    return too_large;
  }
  core::Bytes input(stream.begin(), stream.end());  // DCMTK's interface takes no const
  const bool is_lossy_colour =
      process == StreamShape::Process::jpeg_sequential && shape.samples == 3;
  const Coded coded =
      is_lossy_colour && are_differences(stream, shape) ? Coded::differences : Coded::as_it_is;
  const auto colour =
      found->precision <= 8    ? decode_with<DJDecompressIJG8Bit>(input, shape, out, coded)
      : found->precision <= 12 ? decode_with<DJDecompressIJG12Bit>(input, shape, out, coded)
                               : decode_with<DJDecompressIJG16Bit>(input, shape, out, coded);
  if (!colour) return malformed;
  return photometric_after(shape, *colour, process, coded);
}

}  // namespace

Decoded decode_jpeg(ByteView stream, const ImageShape& shape, std::span<Byte> out) {
  return decode(stream, shape, out, StreamShape::Process::jpeg_sequential);
}

Decoded decode_jpeg_lossless(ByteView stream, const ImageShape& shape, std::span<Byte> out) {
  return decode(stream, shape, out, StreamShape::Process::jpeg_lossless);
}

}  // namespace sekisho::imaging
