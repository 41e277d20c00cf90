// SPDX-License-Identifier: GPL-3.0-or-later
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmjpeg/djcparam.h>
#include <dcmtk/dcmjpeg/djeijg16.h>
#include <dcmtk/dcmjpeg/djeijg8.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <vector>

#include "imaging/clean_stream.h"
#include "imaging/encoders/frame_encoder.h"

namespace sekisho::imaging {
namespace {

using core::ByteView;

static_assert(std::endian::native == std::endian::little, "cells are in host order");

/// One of DCMTK's builds of the IJG library, which catches the library's error exit itself.
template <class Ijg>
class QuietEncoder final : public Ijg {
 public:
  using Ijg::Ijg;
  /// Nothing of it for the host's log.
  void emitMessage(void* /*of*/, int /*level*/) const override {}
};

/// What is neither greyscale nor RGB stays as it is in a lossless stream.
EP_Interpretation interpretation_of(const ImageShape& shape) {
  if (shape.samples == 1) return EPI_Monochrome2;
  if (shape.photometric == Photometric::rgb) return EPI_RGB;
  return shape.photometric == Photometric::ybr_full ? EPI_YBR_Full : EPI_Unknown;
}

/// `Cell` is Uint8 or Uint16.
template <class Cell>
Encoded encode_with(DJEncoder& encoder, ByteView cells, const ImageShape& shape,
                    EP_Interpretation interpretation) {
  // DCMTK's interface takes no const, and words in their places.
  std::vector<Cell> input(cells.size() / sizeof(Cell));
  std::copy_n(cells.data(), cells.size(), reinterpret_cast<core::Byte*>(input.data()));
  Uint8* made = nullptr;
  Uint32 size = 0;
  const OFCondition result =
      encoder.encode(static_cast<Uint16>(shape.columns), static_cast<Uint16>(shape.rows),
                     interpretation, static_cast<Uint16>(shape.samples), input.data(), made, size);
  const std::unique_ptr<Uint8[]> owned(made);
  if (result.bad() || made == nullptr) return Refusal::unsupported;
  return cleaned(clean_jpeg, {made, size}, shape);  // DCMTK fills up to an even length
}

DJCodecParameter parameters() {
  return {ECC_lossyYCbCr, EDC_photometricInterpretation, EUC_never, EPC_colorByPixel};
}

}  // namespace

Encoded encode_jpeg(ByteView cells, const ImageShape& shape) {
  constexpr Uint8 kQuality = 90;  // of 100, what DCMTK takes where nobody says
  const DJCodecParameter parameter = parameters();
  QuietEncoder<DJCompressIJG8Bit> encoder(parameter, EJM_baseline, kQuality);
  return encode_with<Uint8>(encoder, cells, shape, interpretation_of(shape));
}

Encoded encode_jpeg_lossless(ByteView cells, const ImageShape& shape) {
  constexpr int kSelectionValue = 1;
  constexpr int kPointTransform = 0;
  const DJCodecParameter parameter = parameters();
  // All bits of a cell, whatever they are for.
  if (shape.bits_allocated == 8) {
    QuietEncoder<DJCompressIJG8Bit> encoder(parameter, EJM_lossless, kSelectionValue,
                                            kPointTransform);
    return encode_with<Uint8>(encoder, cells, shape, interpretation_of(shape));
  }
  QuietEncoder<DJCompressIJG16Bit> encoder(parameter, EJM_lossless, kSelectionValue,
                                           kPointTransform);
  return encode_with<Uint16>(encoder, cells, shape, interpretation_of(shape));
}

}  // namespace sekisho::imaging
