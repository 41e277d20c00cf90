// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/bytes.h"

namespace sekisho::imaging::jpeg_2000 {

/// Where the code stream of a JP2 file lies (T.800 Annex I). A frame of DICOM should be none
/// (PS3.5 §A.4.4), and the data set says what its colours are.
struct CodeStreamPlace {
  std::size_t begin = 0;
  std::size_t size = 0;
};
bool is_jp2_file(core::ByteView stream);
/// `nullopt`: there is not one code stream alone, or boxes change what its samples mean (palette,
/// component mapping, channel definition).
std::optional<CodeStreamPlace> find_code_stream(core::ByteView file);

}  // namespace sekisho::imaging::jpeg_2000
