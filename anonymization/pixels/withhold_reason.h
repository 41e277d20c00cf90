// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sekisho::anonymization {

/// Why an instance does not leave under a masking profile. Staff read it; a recipient never learns
/// that the instance exists.
enum class WithholdReason : std::uint8_t {
  // Never released.
  unknown_sop_class,
  sop_class_unclear,
  encapsulated_document,
  structured_report,
  audio,
  video,
  withheld_by_rule,
  modality_not_in_profile,
  // Released if a rule of the pixel policy covers them, or staff approve the series.
  burned_in_annotation,
  recognizable_features,
  prone_to_burned_in_text,
  secondary_capture,
  derived_secondary,
  screen_capture,
  image_type_unknown,
  modality_unknown,
  overlay_in_pixels,
  waveform,
  pixels_not_cleaned,
  // A rule asks for a blackout that cannot be done.
  no_ultrasound_regions,
  pixels_missing,
  pixels_malformed,
  pixels_unsupported,
  pixels_too_large,
  // Nobody can say that the pixel data hold the declared pixels alone.
  pixel_bytes_unclear,
  pixel_coding_unknown,
  pixel_frame_too_large,
  unused_bits,
  // The masker refuses the file.
  not_maskable,
  // It cannot be read as DICOM to its end.
  file_malformed,
  // The archive has it under what no Uid can be: it is not even listed.
  uid_unusable,
};

/// What staff can do about it.
enum class Remedy : std::uint8_t {
  none,
  approval,  ///< look at the series and approve it
  repair,    ///< have the file mended where it was made, and store it again
};
Remedy remedy(WithholdReason reason);
/// "none", "approval", "repair".
std::string_view name(Remedy remedy);

/// A word for the log and the API, "burned-in-annotation".
std::string_view name(WithholdReason reason);
std::optional<WithholdReason> parse_withhold_reason(std::string_view name);
/// One sentence for staff. Names no value of any file.
std::string_view text_en(WithholdReason reason);
std::string_view text_ja(WithholdReason reason);

}  // namespace sekisho::anonymization
