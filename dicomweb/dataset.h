// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "core/dicom/dataset.h"
#include "core/dicom/numbers.h"
#include "core/dicom/padding.h"
#include "core/dicom/text_reader.h"

namespace sekisho::dicomweb {

// Words of core/dicom by the names that the preview of the staff door has for them.
using core::dicom::Dataset;
using core::dicom::for_each_token;
using core::dicom::number_size;
using core::dicom::OpenVrs;
using core::dicom::read_u16;
using core::dicom::read_u32;
using core::dicom::read_u64;
using core::dicom::TextReader;
inline std::string_view trim_end(std::string_view text) {
  return core::dicom::without_trailing_padding(text);
}

}  // namespace sekisho::dicomweb
