// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "anonymization/pixels/rectangle.h"
#include "core/dicom/checked_file.h"

namespace sekisho::anonymization {

/// What the pixel policy decides on: top-level attributes of one instance, padding dropped. Text is
/// as it stands in the file, whatever its character set, and views the file's header.
struct PixelFacts {
  std::string_view sop_class;         ///< (0008,0016)
  std::string_view image_type;        ///< (0008,0008), all its values
  std::string_view modality;          ///< (0008,0060)
  std::string_view conversion_type;   ///< (0008,0064)
  bool was_captured = false;          ///< a capturing or digitizing device is named, (0018,1010) …
  std::string_view manufacturer;      ///< (0008,0070)
  std::string_view model;             ///< (0008,1090)
  std::string_view software;          ///< (0018,1020), all its values
  std::string_view burned_in;         ///< (0028,0301)
  std::string_view recognizable;      ///< (0028,0302)
  std::string_view transfer_syntax;   ///< (0002,0010)
  std::string_view meta_sop_class;    ///< (0002,0002)
  std::uint32_t rows = 0;             ///< (0028,0010)
  std::uint32_t columns = 0;          ///< (0028,0011)
  bool overlay_in_pixels = false;     ///< a (60xx,0102) that is not 0
  std::vector<Rectangle> us_regions;  ///< (0018,6011), malformed items left out; none of too many
};

/// One walk over the header. The facts hold as long as `file` does.
PixelFacts read_pixel_facts(const core::dicom::CheckedFile& file);

}  // namespace sekisho::anonymization
