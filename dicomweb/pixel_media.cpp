// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/pixel_media.h"

#include <algorithm>
#include <array>

namespace sekisho::dicomweb {
namespace {

struct Row {
  std::string_view transfer_syntax;
  std::string_view media_type;
};

/// PS3.18 2026c Table 8.7.3-5.
constexpr auto kMedia = std::to_array<Row>({
    {"1.2.840.10008.1.2.4.50", "image/jpeg"},
    {"1.2.840.10008.1.2.4.51", "image/jpeg"},
    {"1.2.840.10008.1.2.4.57", "image/jpeg"},
    {"1.2.840.10008.1.2.4.70", "image/jpeg"},
    {"1.2.840.10008.1.2.4.80", "image/jls"},
    {"1.2.840.10008.1.2.4.81", "image/jls"},
    {"1.2.840.10008.1.2.4.90", "image/jp2"},
    {"1.2.840.10008.1.2.4.91", "image/jp2"},
    {"1.2.840.10008.1.2.4.92", "image/jpx"},
    {"1.2.840.10008.1.2.4.93", "image/jpx"},
    {"1.2.840.10008.1.2.4.110", "image/jxl"},
    {"1.2.840.10008.1.2.4.111", "image/jxl"},
    {"1.2.840.10008.1.2.4.112", "image/jxl"},
    {"1.2.840.10008.1.2.4.201", "image/jphc"},
    {"1.2.840.10008.1.2.4.202", "image/jphc"},
    {"1.2.840.10008.1.2.4.203", "image/jphc"},
    {"1.2.840.10008.1.2.5", "image/dicom-rle"},
});

}  // namespace

std::string_view media_type_of(std::string_view transfer_syntax) {
  const auto* row = std::ranges::find(kMedia, transfer_syntax, &Row::transfer_syntax);
  return row == kMedia.end() ? kOctetStream : row->media_type;
}

}  // namespace sekisho::dicomweb
