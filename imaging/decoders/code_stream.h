// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.h"

namespace sekisho::imaging {

/// What a compressed frame says of itself. It is held against the DICOM header before any decoder
/// sees the bytes: decoders allocate and write by these numbers.
struct StreamShape {
  enum class Process : std::uint8_t {
    jpeg_sequential,  ///< SOF0 and SOF1, baseline and extended
    jpeg_lossless,    ///< SOF3
    jpeg_ls,          ///< SOF55
    jpeg_2000,
  };
  Process process = Process::jpeg_sequential;
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t components = 0;
  std::uint32_t precision = 0;  ///< bits, the same in all components
  bool is_signed = false;       ///< JPEG 2000 alone can tell
};

/// Reads markers up to the frame header of a JPEG or JPEG-LS stream (ITU-T T.81 §B.2, T.87 §C.2) or
/// the SIZ segment of a JPEG 2000 code stream (T.800 §A.5.1). `nullopt` for anything else:
/// progressive and arithmetic-coded JPEG, subsampled or unequal JPEG 2000 components, JP2 boxes.
std::optional<StreamShape> read_stream_shape(core::ByteView stream);

}  // namespace sekisho::imaging
