// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/kept_bytes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "anonymization/masking/icc_profile.h"
#include "anonymization/masking/replacement.h"
#include "anonymization/masking/words_in_numbers.h"
#include "core/dicom/numbers.h"
#include "core/dicom/padding.h"
#include "core/dicom/repeating_groups.h"

namespace sekisho::anonymization {
namespace {

using core::ByteView;
using core::dicom::ByteOrder;
using core::dicom::Tag;
using core::dicom::Vr;

// PS3.6 2026c.
constexpr BytesRow kRows[] = {
    {Tag{0x0008, 0x041B}, BytesForm::opaque, "RecordKey: of any content"},
    {Tag{0x0008, 0x041C}, BytesForm::opaque, "PriorRecordKey: of any content"},
    {Tag{0x0016, 0x002B}, BytesForm::opaque, "MakerNote: of any content, a camera's owner too"},
    {Tag{0x0016, 0x004B}, BytesForm::opaque, "DeviceSettingDescription: text"},
    {Tag{0x0016, 0x0062}, BytesForm::opaque, "InteroperabilityVersion: text of Exif"},
    {Tag{0x0016, 0x0070}, BytesForm::opaque, "GPSVersionID: beside a place"},
    {Tag{0x0016, 0x008B}, BytesForm::opaque, "GPSProcessingMethod: text"},
    {Tag{0x0016, 0x008C}, BytesForm::opaque, "GPSAreaInformation: the name of a place"},
    {Tag{0x0018, 0x1638}, BytesForm::numbers, "VerticesOfThePolygonalOutline: coordinates"},
    {Tag{0x0022, 0x1531}, BytesForm::numbers, "TwoDimensionalToThreeDimensionalMapData"},
    {Tag{0x0028, 0x1200}, BytesForm::lookup_table, "GrayLookupTableData, US, SS or OW: retired"},
    {Tag{0x0028, 0x1201}, BytesForm::lookup_table, "RedPaletteColorLookupTableData"},
    {Tag{0x0028, 0x1202}, BytesForm::lookup_table, "GreenPaletteColorLookupTableData"},
    {Tag{0x0028, 0x1203}, BytesForm::lookup_table, "BluePaletteColorLookupTableData"},
    {Tag{0x0028, 0x1204}, BytesForm::lookup_table, "AlphaPaletteColorLookupTableData"},
    {Tag{0x0028, 0x1211}, BytesForm::opaque, "LargeRedPaletteColorLookupTableData: retired"},
    {Tag{0x0028, 0x1212}, BytesForm::opaque, "LargeGreenPaletteColorLookupTableData: retired"},
    {Tag{0x0028, 0x1213}, BytesForm::opaque, "LargeBluePaletteColorLookupTableData: retired"},
    {Tag{0x0028, 0x1221}, BytesForm::segmented_table, "SegmentedRedPaletteColorLookupTableData"},
    {Tag{0x0028, 0x1222}, BytesForm::segmented_table, "SegmentedGreenPaletteColorLookupTableData"},
    {Tag{0x0028, 0x1223}, BytesForm::segmented_table, "SegmentedBluePaletteColorLookupTableData"},
    {Tag{0x0028, 0x1224}, BytesForm::segmented_table, "SegmentedAlphaPaletteColorLookupTableData"},
    {Tag{0x0028, 0x1408}, BytesForm::lookup_table, "BlendingLookupTableData"},
    {Tag{0x0028, 0x2000}, BytesForm::icc_profile, "ICCProfile"},
    {Tag{0x0028, 0x3006}, BytesForm::lookup_table, "LUTData, US or OW"},
    {Tag{0x0034, 0x0002}, BytesForm::opaque, "FlowIdentifier: of any content"},
    {Tag{0x0034, 0x0005}, BytesForm::opaque, "SourceIdentifier: of any content"},
    {Tag{0x0034, 0x0007}, BytesForm::opaque, "FrameOriginTimestamp: a time"},
    {Tag{0x003A, 0x032E}, BytesForm::numbers, "FilterLookupTableData: gains and phases"},
    {Tag{0x0040, 0xA074}, BytesForm::opaque, "ObjectBinaryIdentifierTrial"},
    {Tag{0x0040, 0xA089}, BytesForm::opaque, "ObjectDirectoryBinaryIdentifierTrial"},
    {Tag{0x0042, 0x0011}, BytesForm::document, "EncapsulatedDocument"},
    {Tag{0x0064, 0x0009}, BytesForm::numbers, "VectorGridData: displacements"},
    {Tag{0x0066, 0x0016}, BytesForm::numbers, "PointCoordinatesData"},
    {Tag{0x0066, 0x0021}, BytesForm::numbers, "VectorCoordinateData"},
    {Tag{0x0066, 0x0022}, BytesForm::numbers, "DoublePointCoordinatesData"},
    {Tag{0x0066, 0x0023}, BytesForm::numbers, "TrianglePointIndexList"},
    {Tag{0x0066, 0x0024}, BytesForm::numbers, "EdgePointIndexList"},
    {Tag{0x0066, 0x0025}, BytesForm::numbers, "VertexPointIndexList"},
    {Tag{0x0066, 0x0029}, BytesForm::numbers, "PrimitivePointIndexList"},
    {Tag{0x0066, 0x0040}, BytesForm::numbers, "LongPrimitivePointIndexList"},
    {Tag{0x0066, 0x0041}, BytesForm::numbers, "LongTrianglePointIndexList"},
    {Tag{0x0066, 0x0042}, BytesForm::numbers, "LongEdgePointIndexList"},
    {Tag{0x0066, 0x0043}, BytesForm::numbers, "LongVertexPointIndexList"},
    {Tag{0x0066, 0x0103}, BytesForm::numbers, "RecommendedDisplayCIELabValueList"},
    {Tag{0x0066, 0x0125}, BytesForm::numbers, "FloatingPointValues: of the points of a track"},
    {Tag{0x0066, 0x0129}, BytesForm::numbers, "TrackPointIndexList"},
    {Tag{0x0068, 0x6300}, BytesForm::opaque, "HPGLDocument: text"},
    {Tag{0x006A, 0x0011}, BytesForm::numbers, "AnnotationIndexList"},
    {Tag{0x0070, 0x0256}, BytesForm::fill_pattern, "FillPattern"},
    {Tag{0x0070, 0x150D}, BytesForm::numbers, "VolumetricCurvePoints"},
    {Tag{0x0070, 0x1808}, BytesForm::opaque, "WeightingLookupTableData: retired"},
    {Tag{0x0070, 0x1A07}, BytesForm::numbers, "VolumetricCurveUpDirections"},
    {Tag{0x0072, 0x0065}, BytesForm::opaque, "SelectorOBValue: of any element"},
    {Tag{0x0072, 0x0067}, BytesForm::numbers, "SelectorOFValue"},
    {Tag{0x0072, 0x0069}, BytesForm::opaque, "SelectorOWValue: of any element"},
    {Tag{0x0072, 0x006D}, BytesForm::opaque, "SelectorUNValue: of any element"},
    {Tag{0x0072, 0x0073}, BytesForm::numbers, "SelectorODValue"},
    {Tag{0x0072, 0x0075}, BytesForm::numbers, "SelectorOLValue"},
    {Tag{0x0072, 0x0081}, BytesForm::numbers, "SelectorOVValue"},
    {Tag{0x0080, 0x0010}, BytesForm::numbers, "UValueData: texture coordinates"},
    {Tag{0x0080, 0x0011}, BytesForm::numbers, "VValueData: texture coordinates"},
    {Tag{0x0400, 0x0115}, BytesForm::opaque, "CertificateOfSigner"},
    {Tag{0x0400, 0x0120}, BytesForm::opaque, "Signature"},
    {Tag{0x0400, 0x0310}, BytesForm::opaque, "CertifiedTimestamp"},
    {Tag{0x0400, 0x0404}, BytesForm::opaque, "MAC"},
    {Tag{0x0400, 0x0520}, BytesForm::opaque, "EncryptedContent"},
    {Tag{0x0400, 0x0552}, BytesForm::opaque, "NonconformingDataElementValue"},
    {Tag{0x300A, 0x0664}, BytesForm::numbers, "CompensatorProximalThicknessMap"},
    {Tag{0x300A, 0x0665}, BytesForm::numbers, "CompensatorDistalThicknessMap"},
    {Tag{0x300A, 0x066B}, BytesForm::numbers, "BlockEdgeData: coordinates"},
    {Tag{0x4010, 0x1006}, BytesForm::opaque, "ThreatROIBitmap: security screening"},
    {Tag{0x4010, 0x106C}, BytesForm::opaque, "DetectorCalibrationData: security screening"},
    {Tag{0x5000, 0x3000}, BytesForm::opaque, "CurveData: retired"},
    {Tag{0x5400, 0x0110}, BytesForm::sample, "ChannelMinimumValue"},
    {Tag{0x5400, 0x0112}, BytesForm::sample, "ChannelMaximumValue"},
    {Tag{0x5400, 0x100A}, BytesForm::sample, "WaveformPaddingValue"},
    {Tag{0x5400, 0x1010}, BytesForm::waveform, "WaveformData"},
    {Tag{0x5600, 0x0010}, BytesForm::numbers, "FirstOrderPhaseCorrectionAngle"},
    {Tag{0x5600, 0x0020}, BytesForm::numbers, "SpectroscopyData"},
    {Tag{0x6000, 0x3000}, BytesForm::overlay, "OverlayData"},
    {Tag{0xFFFC, 0xFFFC}, BytesForm::opaque, "DataSetTrailingPadding"},
};
static_assert(std::ranges::is_sorted(kRows, {}, &BytesRow::tag));

constexpr Tag kDescriptorTags[] = {Tag{0x0028, 0x1100}, Tag{0x0028, 0x1101}, Tag{0x0028, 0x1102},
                                   Tag{0x0028, 0x1103}, Tag{0x0028, 0x1104}, Tag{0x0028, 0x1407},
                                   Tag{0x0028, 0x3002}};
/// Tables and their descriptors.
constexpr std::pair<Tag, Tag> kTables[] = {
    {Tag{0x0028, 0x1200}, Tag{0x0028, 0x1100}}, {Tag{0x0028, 0x1201}, Tag{0x0028, 0x1101}},
    {Tag{0x0028, 0x1202}, Tag{0x0028, 0x1102}}, {Tag{0x0028, 0x1203}, Tag{0x0028, 0x1103}},
    {Tag{0x0028, 0x1204}, Tag{0x0028, 0x1104}}, {Tag{0x0028, 0x1221}, Tag{0x0028, 0x1101}},
    {Tag{0x0028, 0x1222}, Tag{0x0028, 0x1102}}, {Tag{0x0028, 0x1223}, Tag{0x0028, 0x1103}},
    {Tag{0x0028, 0x1224}, Tag{0x0028, 0x1104}}, {Tag{0x0028, 0x1408}, Tag{0x0028, 0x1407}},
    {Tag{0x0028, 0x3006}, Tag{0x0028, 0x3002}},
};
constexpr std::size_t kDescriptorBytes = 6;
constexpr std::uint16_t kByteBits = 8;

/// std::size(kDescriptorTags) for any other tag.
std::size_t descriptor_index(Tag tag) {
  return static_cast<std::size_t>(std::ranges::find(kDescriptorTags, tag) -
                                  std::begin(kDescriptorTags));
}

std::uint64_t even(std::uint64_t bytes) { return bytes + bytes % 2; }

/// The first so many bytes. Where there are fewer, all of them are in doubt; one that makes the
/// number even is written anew.
std::optional<ByteView> first_bytes(ByteView value, std::optional<std::uint64_t> size) {
  if (!size || value.size() < *size || table_reads_as_words(value.first(*size))) {
    return std::nullopt;
  }
  return value.first(*size);
}

std::optional<ByteView> lookup_table(Tag tag, ByteView value, const SizesOfBytes& sizes) {
  const auto table = sizes.table_of(tag);
  if (!table) return std::nullopt;
  // Of up to eight bits each in a byte, or each in a word, as older ones are.
  const bool is_packed = table->bits <= kByteBits && value.size() < 2ULL * table->entries;
  return first_bytes(value, is_packed ? even(table->entries) : 2ULL * table->entries);
}

/// PS3.3 §C.7.9.2: reads segments as entries of their table's bits and adds them up.
class Segments {
 public:
  Segments(ByteView value, std::uint16_t bits, ByteOrder order)
      : value_(value), unit_(bits <= kByteBits ? 1 : 2), order_(order) {}

  /// How many entries they make; 0 for what are no segments to the last byte.
  std::uint64_t entries() {
    std::uint64_t total = 0;
    for (std::uint32_t last = 0; left() > (unit_ == 1 ? 1U : 0U);) {
      const auto made = next(last);
      if (made == 0) return 0;
      total += last = made;
    }
    return total;
  }

 private:
  std::size_t left() const { return (value_.size() - at_) / unit_; }
  std::uint32_t take() {
    const ByteView bytes = value_.subspan(at_, unit_);
    at_ += unit_;
    return unit_ == 1 ? bytes[0] : core::dicom::read_u16(bytes, order_);
  }
  /// Of the next segment; `last` of the one before, where a line begins.
  std::uint32_t next(std::uint32_t last) {
    enum : std::uint32_t { discrete, linear };
    if (left() < 3) return 0;
    const std::uint32_t kind = take();
    const std::uint32_t length = take();
    if (kind == discrete) {
      if (left() < length) return 0;
      at_ += std::size_t{length} * unit_;
      return length;
    }
    if (kind != linear || last == 0) return 0;  // nobody writes indirect ones
    at_ += unit_;
    return length;
  }

  ByteView value_;
  std::size_t unit_;
  ByteOrder order_;
  std::size_t at_ = 0;
};

std::optional<ByteView> segmented_table(Tag tag, ByteView value, ByteOrder order,
                                        const SizesOfBytes& sizes) {
  const auto table = sizes.table_of(tag);
  if (!table || table_reads_as_words(value)) return std::nullopt;
  const bool adds_up = Segments(value, table->bits, order).entries() == table->entries;
  return adds_up ? std::optional(value) : std::nullopt;
}

std::optional<ByteView> exactly(ByteView value, std::uint64_t size) {
  return value.size() == size ? first_bytes(value, size) : std::nullopt;
}

std::optional<ByteView> numbers(Vr vr, ByteView value, ByteOrder order) {
  const bool are_whole = value.size() % unit_size(vr) == 0;
  return are_whole && !reads_as_words(vr, value, order) ? std::optional(value) : std::nullopt;
}

std::optional<ByteView> rebuilt_icc_profile(ByteView value, std::string& made) {
  made = rebuilt_icc(value);
  return made.empty() ? std::nullopt : std::optional(core::as_bytes(made));
}

}  // namespace

std::span<const BytesRow> bytes_rows() { return kRows; }

bool is_lookup_table(Tag tag) { return tag == Tag{0x0028, 0x1200} || tag == Tag{0x0028, 0x3006}; }

void SizesOfBytes::note(Tag tag, ByteView value, ByteOrder order) {
  switch (tag.group()) {
    case 0x0028:
      return note_descriptor(tag, value, order);
    case 0x003A:
      if (tag.element() == 0x0005 && value.size() == 2) {
        channels_ = core::dicom::read_u16(value, order);  // NumberOfWaveformChannels
      } else if (tag.element() == 0x0010 && value.size() == 4) {
        samples_ = core::dicom::read_u32(value, order);  // NumberOfWaveformSamples
      }
      return;
    case 0x5400:
      if (tag.element() == 0x1004 && value.size() == 2) {
        bits_of_samples_ = core::dicom::read_u16(value, order);  // WaveformBitsAllocated
      }
      return;
    default:
      if (core::dicom::first_of_repeating(tag).group() == 0x6000) note_overlay(tag, value, order);
  }
}

void SizesOfBytes::note_descriptor(Tag tag, ByteView value, ByteOrder order) {
  static_assert(std::size(kDescriptorTags) == kDescriptors);
  if (value.size() != kDescriptorBytes) return;
  const std::size_t index = descriptor_index(tag);
  if (index == kDescriptors) return;
  entries_[index] = core::dicom::read_u16(value.first(2), order);
  bits_of_entries_[index] = core::dicom::read_u16(value.subspan(4), order);
}

void SizesOfBytes::note_overlay(Tag tag, ByteView value, ByteOrder order) {
  if (tag.group() != overlay_group_) {
    overlay_group_ = tag.group();
    rows_ = columns_ = 0;
    frames_ = 1;
  }
  if (tag.element() == 0x0010 && value.size() == 2) rows_ = core::dicom::read_u16(value, order);
  if (tag.element() == 0x0011 && value.size() == 2) columns_ = core::dicom::read_u16(value, order);
  if (tag.element() == 0x0015) {  // NumberOfFramesInOverlay, IS
    const std::string_view text = core::dicom::without_padding(core::as_text(value));
    if (std::from_chars(text.data(), text.data() + text.size(), frames_).ec != std::errc{}) {
      frames_ = 0;
    }
  }
}

std::optional<SizesOfBytes::Table> SizesOfBytes::table_of(Tag data) const {
  const auto* known = std::ranges::find(kTables, data, &std::pair<Tag, Tag>::first);
  if (known == std::end(kTables)) return std::nullopt;
  const std::size_t index = descriptor_index(known->second);
  const std::uint16_t bits = bits_of_entries_[index];
  if (bits < kByteBits || bits > 2 * kByteBits) return std::nullopt;
  constexpr std::uint32_t kAll = 0x10000;  // PS3.3 §C.11.1.1: said as 0
  return Table{entries_[index] == 0 ? kAll : entries_[index], bits};
}

std::optional<std::uint64_t> SizesOfBytes::waveform_bytes() const {
  constexpr std::uint16_t kMostBits = 64;
  if (bits_of_samples_ % kByteBits != 0 || bits_of_samples_ > kMostBits) return std::nullopt;
  const std::uint64_t bytes = std::uint64_t{channels_} * samples_ * (bits_of_samples_ / kByteBits);
  return bytes == 0 ? std::nullopt : std::optional(bytes);
}

std::optional<std::uint64_t> SizesOfBytes::overlay_bytes(std::uint16_t group) const {
  const std::uint64_t bits = std::uint64_t{rows_} * columns_ * frames_;
  if (group != overlay_group_ || bits == 0) return std::nullopt;
  return (bits + 7) / 8;
}

std::optional<ByteView> kept_bytes(Tag tag, Vr vr, ByteView value, ByteOrder order,
                                   const SizesOfBytes& sizes, std::string& made) {
  const Tag first = core::dicom::first_of_repeating(tag);
  const auto* row = std::ranges::lower_bound(kRows, first, {}, &BytesRow::tag);
  const bool is_known = row != std::end(kRows) && row->tag == first;
  constexpr std::uint64_t kMostSampleBytes = 8;
  constexpr std::uint64_t kFillPatternBytes = 128;
  switch (is_known ? row->form : BytesForm::opaque) {
    case BytesForm::numbers:
      return numbers(vr, value, order);
    case BytesForm::lookup_table:
      return lookup_table(tag, value, sizes);
    case BytesForm::segmented_table:
      return segmented_table(tag, value, order, sizes);
    case BytesForm::icc_profile:
      return rebuilt_icc_profile(value, made);
    case BytesForm::waveform:
      return first_bytes(value, sizes.waveform_bytes());
    case BytesForm::sample:
      return value.size() <= kMostSampleBytes ? numbers(Vr::OB, value, order) : std::nullopt;
    case BytesForm::overlay:
      return first_bytes(value, sizes.overlay_bytes(tag.group()));
    case BytesForm::fill_pattern:
      return exactly(value, kFillPatternBytes);
    case BytesForm::document:
      return value;
    case BytesForm::opaque:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace sekisho::anonymization
