// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/kept_value.h"

#include <algorithm>
#include <bit>

#include "anonymization/masking/replacement.h"
#include "anonymization/masking/value_forms.h"
#include "anonymization/masking/words_in_numbers.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/element_header.h"

namespace sekisho::anonymization {
namespace {

using core::ByteView;
using core::dicom::ByteOrder;
using core::dicom::Tag;
using core::dicom::Vr;

/// What an object of the usual classes must have, if only empty (PS3.3 Annex A, Type 1, 2 and 2C),
/// and what stands for it where readers go by it. Measures that cannot be read are not made up.
struct Required {
  Tag tag;
  std::string_view text = {};
};
constexpr Required kRequired[] = {
    {Tag{0x0008, 0x0008}, "DERIVED\\SECONDARY"},  // ImageType
    {Tag{0x0008, 0x0020}},                        // StudyDate
    {Tag{0x0008, 0x0023}},                        // ContentDate
    {Tag{0x0008, 0x0030}},                        // StudyTime
    {Tag{0x0008, 0x0033}},                        // ContentTime
    {Tag{0x0008, 0x0060}, "OT"},                  // Modality
    {Tag{0x0008, 0x0064}, "WSD"},                 // ConversionType
    {Tag{0x0008, 0x0068}},                        // PresentationIntentType
    {Tag{0x0010, 0x0030}},                        // PatientBirthDate
    {Tag{0x0010, 0x0040}},                        // PatientSex
    {Tag{0x0018, 0x0015}},                        // BodyPartExamined
    {Tag{0x0018, 0x0020}},                        // ScanningSequence
    {Tag{0x0018, 0x0021}},                        // SequenceVariant
    {Tag{0x0018, 0x0022}},                        // ScanOptions
    {Tag{0x0018, 0x0023}},                        // MRAcquisitionType
    {Tag{0x0018, 0x0050}},                        // SliceThickness
    {Tag{0x0018, 0x0060}},                        // KVP
    {Tag{0x0018, 0x0070}},                        // CountsAccumulated
    {Tag{0x0018, 0x0080}},                        // RepetitionTime
    {Tag{0x0018, 0x0081}},                        // EchoTime
    {Tag{0x0018, 0x0082}},                        // InversionTime
    {Tag{0x0018, 0x0091}},                        // EchoTrainLength
    {Tag{0x0018, 0x1140}},                        // RotationDirection
    {Tag{0x0018, 0x1142}},                        // RadialPosition
    {Tag{0x0018, 0x1150}},                        // ExposureTime
    {Tag{0x0018, 0x1151}},                        // XRayTubeCurrent
    {Tag{0x0018, 0x1152}},                        // Exposure
    {Tag{0x0018, 0x1155}},                        // RadiationSetting
    {Tag{0x0018, 0x1164}},                        // ImagerPixelSpacing
    {Tag{0x0018, 0x1181}},                        // CollimatorType
    {Tag{0x0018, 0x1242}},                        // ActualFrameDuration
    {Tag{0x0018, 0x1500}},                        // PositionerMotion
    {Tag{0x0018, 0x1508}},                        // PositionerType
    {Tag{0x0018, 0x1510}},                        // PositionerPrimaryAngle
    {Tag{0x0018, 0x1511}},                        // PositionerSecondaryAngle
    {Tag{0x0018, 0x5100}},                        // PatientPosition
    {Tag{0x0018, 0x5101}},                        // ViewPosition
    {Tag{0x0018, 0x7004}},                        // DetectorType
    {Tag{0x0020, 0x0011}},                        // SeriesNumber
    {Tag{0x0020, 0x0012}},                        // AcquisitionNumber
    {Tag{0x0020, 0x0013}},                        // InstanceNumber
    {Tag{0x0020, 0x0020}},                        // PatientOrientation
    {Tag{0x0020, 0x0032}},                        // ImagePositionPatient
    {Tag{0x0020, 0x0037}},                        // ImageOrientationPatient
    {Tag{0x0020, 0x0060}},                        // Laterality
    {Tag{0x0020, 0x0062}},                        // ImageLaterality
    {Tag{0x0028, 0x0030}},                        // PixelSpacing
    {Tag{0x0028, 0x0051}},                        // CorrectedImage
    {Tag{0x0028, 0x1040}},                        // PixelIntensityRelationship
    {Tag{0x0028, 0x1041}},                        // PixelIntensityRelationshipSign
    {Tag{0x0028, 0x1052}},                        // RescaleIntercept
    {Tag{0x0028, 0x1053}},                        // RescaleSlope
    {Tag{0x0054, 0x1000}},                        // SeriesType
    {Tag{0x0054, 0x1001}},                        // Units
    {Tag{0x0054, 0x1002}},                        // CountsSource
    {Tag{0x0054, 0x1102}},                        // DecayCorrection
    {Tag{0x0054, 0x1300}},                        // FrameReferenceTime
    {Tag{0x0054, 0x1330}},                        // ImageIndex
    {Tag{0x3002, 0x0011}},                        // ImagePlanePixelSpacing
    {Tag{0x3002, 0x0012}},                        // RTImagePosition
    {Tag{0x3002, 0x0022}},                        // RadiationMachineSAD
    {Tag{0x3002, 0x0026}},                        // RTImageSID
    {Tag{0x3006, 0x0036}},                        // ROIGenerationAlgorithm
    {Tag{0x3006, 0x00A4}},                        // RTROIInterpretedType
    {Tag{0x300A, 0x00B3}},                        // PrimaryDosimeterUnit
    {Tag{0x300A, 0x0128}},                        // TableTopVerticalPosition
    {Tag{0x300A, 0x0129}},                        // TableTopLongitudinalPosition
    {Tag{0x300A, 0x012A}},                        // TableTopLateralPosition
    {Tag{0x300A, 0x012C}},                        // IsocenterPosition
};
static_assert(std::ranges::is_sorted(kRequired, {}, &Required::tag));

/// A tag of the dictionary, or of a private element as creators number them (PS3.5 §7.8.1): no four
/// letters are either.
bool is_pointer(ByteView value, ByteOrder order) {
  const Tag tag = core::dicom::read_tag(value.data(), order);
  constexpr std::uint16_t kLastBlock = 0x3F;
  if (tag.is_private()) {
    return tag.element() >= 0x1000 && tag.element() >> 8 <= kLastBlock;
  }
  return core::dicom::find(tag) != nullptr;
}

bool are_pointers(ByteView value, ByteOrder order) {
  constexpr std::size_t kBytes = 4;
  for (std::size_t at = 0; at < value.size(); at += kBytes) {
    if (!is_pointer(value.subspan(at, kBytes), order)) return false;
  }
  return true;
}

std::optional<ByteView> kept_numbers(const ElementForm& form, const GivenValue& given) {
  const std::size_t unit = unit_size(form.vr);  // a power of two: no division, which takes longer
  const ByteView value = given.bytes;
  if ((value.size() & (unit - 1)) != 0 || !form.vm.allows(value.size() >> std::countr_zero(unit))) {
    return std::nullopt;
  }
  if (form.vr == Vr::AT && !are_pointers(value, given.order)) return std::nullopt;
  if (reads_as_words(form.vr, value, given.order)) return std::nullopt;
  return value;
}

std::optional<ByteView> kept_text(const ElementForm& form, const GivenValue& given,
                                  std::string& made) {
  const ValueForms forms = forms_of(form.vr, given.bytes);
  if (!form.vm.allows(forms.values)) return std::nullopt;
  if (forms.are_right) return given.bytes;
  auto text = repaired(form.vr, given.bytes);
  if (!text) return std::nullopt;
  made = std::move(*text);
  return core::as_bytes(made);
}

bool is_of_bytes(Vr vr) {
  switch (vr) {
    case Vr::OB:
    case Vr::OD:
    case Vr::OF:
    case Vr::OL:
    case Vr::OV:
    case Vr::OW:
    case Vr::UN:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::optional<ByteView> kept_value(const ElementForm& form, const GivenValue& given,
                                   const SizesOfBytes& sizes, std::string& made) {
  if (given.bytes.empty()) return given.bytes;
  if (form.vr != given.vr && !may_be_written_as(form.vr, given.vr)) return std::nullopt;
  if (core::dicom::is_text(form.vr)) return kept_text(form, given, made);
  if (is_of_bytes(form.vr) || is_lookup_table(form.tag)) {
    // Of a private element somebody decided who made a profile of it.
    if (form.tag.is_private()) {
      return given.bytes.size() % unit_size(form.vr) == 0 ? std::optional(given.bytes)
                                                          : std::nullopt;
    }
    return kept_bytes(form.tag, form.vr, given.bytes, given.order, sizes, made);
  }
  return kept_numbers(form, given);
}

std::optional<std::string_view> text_for_missing(Tag tag) {
  const auto* required = std::ranges::lower_bound(kRequired, tag, {}, &Required::tag);
  if (required == std::end(kRequired) || required->tag != tag) return std::nullopt;
  return required->text;
}

void write_missing(ElementWriter& writer, Tag tag, Vr vr) {
  if (const auto text = text_for_missing(tag)) writer.text(tag, vr, *text);
}

}  // namespace sekisho::anonymization
