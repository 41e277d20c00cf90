// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace sekisho::anonymization {

/// What an object is made of, as far as it matters to who may see its bulk content.
enum class ContentClass : std::uint8_t {
  unknown,            ///< private, or not in our table
  plain_image,        ///< acquired images without text: CT, MR, PET, NM, CR, DX, MG
  annotated_image,    ///< images that often have text burned in, or show the patient
  captured_image,     ///< Secondary Capture and its kin
  derived_object,     ///< numbers about images: contours, plans, dose, segments, registrations
  structured_report,  ///< SR, key objects included
  waveform,
  audio,
  video,
  document,  ///< encapsulated PDF, CDA, STL, OBJ, MTL
};

/// Of a storage SOP class (PS3.4 2026c Table B.5-1, with the retired ones of Table B.6-1).
ContentClass content_class(std::string_view sop_class_uid);

/// Whether text could be seen in its pixels.
constexpr bool is_image(ContentClass content) {
  return content == ContentClass::plain_image || content == ContentClass::annotated_image ||
         content == ContentClass::captured_image;
}

}  // namespace sekisho::anonymization
