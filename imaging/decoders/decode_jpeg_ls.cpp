// SPDX-License-Identifier: GPL-3.0-or-later
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcswap.h>
#include <dcmtk/dcmjpls/djcodecd.h>
#include <dcmtk/dcmjpls/djcparam.h>

#include <limits>
#include <memory>

#include "imaging/decoders/code_stream.h"
#include "imaging/decoders/frame_decoder.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::ByteView;
using enum Refusal;

/// A data set of our own with what DCMTK's decoder reads: nothing of the file's header gets there.
bool describe(DcmDataset& dataset, const ImageShape& shape) {
  const auto put = [&](const DcmTagKey& key, std::uint32_t number) {
    return dataset.putAndInsertUint16(DcmTag(key, EVR_US), static_cast<Uint16>(number)).good();
  };
  const std::string photometric(name(shape.photometric));
  return put(DCM_SamplesPerPixel, shape.samples) &&
         dataset
             .putAndInsertString(DcmTag(DCM_PhotometricInterpretation, EVR_CS), photometric.c_str())
             .good() &&
         put(DCM_PlanarConfiguration, 0) && put(DCM_Rows, shape.rows) &&
         put(DCM_Columns, shape.columns) && put(DCM_BitsAllocated, shape.bits_allocated) &&
         put(DCM_BitsStored, shape.bits_stored) && put(DCM_HighBit, shape.high_bit) &&
         put(DCM_PixelRepresentation, shape.sign == ImageShape::Sign::with ? 1 : 0);
}

bool add_item(DcmPixelSequence& sequence, ByteView bytes) {
  auto item = std::make_unique<DcmPixelItem>(DcmTag(DCM_PixelItemTag, EVR_OB));
  if (!bytes.empty() &&
      item->putUint8Array(bytes.data(), static_cast<unsigned long>(bytes.size())).bad()) {
    return false;
  }
  if (sequence.insert(item.get()).bad()) return false;
  static_cast<void>(item.release());
  return true;
}

}  // namespace

Decoded decode_jpeg_ls(ByteView stream, const ImageShape& shape, std::span<Byte> out) {
  const auto found = read_stream_shape(stream);
  if (!found || found->process != StreamShape::Process::jpeg_ls || found->rows != shape.rows ||
      found->columns != shape.columns || found->components != shape.samples) {
    return malformed;
  }
  if (shape.bits_allocated != (found->precision <= 8 ? 8U : 16U) || found->precision > 16 ||
      shape.photometric == Photometric::ybr_full_422) {
    return unsupported;
  }
  if (stream.size() >= std::numeric_limits<Uint32>::max() ||
      out.size() >= std::numeric_limits<Uint32>::max()) {
    return too_large;
  }
  DcmDataset dataset;
  DcmPixelSequence sequence(DcmTag(DCM_PixelData, EVR_OB));
  core::Bytes even(stream.begin(), stream.end());
  if (even.size() % 2 != 0) even.push_back(0);
  if (!describe(dataset, shape) || !add_item(sequence, {}) || !add_item(sequence, even)) {
    return unsupported;
  }
  const DJLSCodecParameter parameter(EJLSUC_never, EJLSPC_colorByPixel);
  const DJLSNearLosslessDecoder decoder;  // reads lossless streams as well
  Uint32 first_fragment = 1;              // after the offset table
  OFString colour_model;
  if (decoder
          .decodeFrame(nullptr, &sequence, &parameter, &dataset, 0, first_fragment, out.data(),
                       static_cast<Uint32>(out.size()), colour_model)
          .bad()) {
    return malformed;
  }
  return shape.photometric;
}

}  // namespace sekisho::imaging
