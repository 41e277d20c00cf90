// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/returned_content.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "anonymization/pixels/black_rectangles.h"
#include "anonymization/pixels/pixel_data.h"
#include "core/dicom/element_header.h"
#include "core/dicom/padding.h"
#include "dicomweb/return_classes.h"
#include "imaging/decoders/code_stream.h"
#include "imaging/decoders/image_shape.h"

namespace sekisho::dicomweb {
namespace {

using anonymization::PixelData;
using core::ByteView;
using core::dicom::CheckedFile;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::Vr;
using imaging::ImageShape;
using Process = imaging::StreamShape::Process;
using enum ContentFinding;

constexpr Tag kRows{0x0028, 0x0010};
constexpr Tag kColumns{0x0028, 0x0011};
constexpr Tag kBitsAllocated{0x0028, 0x0100};
constexpr Tag kEncapsulatedDocument{0x0042, 0x0011};
constexpr Tag kMimeTypeOfEncapsulatedDocument{0x0042, 0x0012};
constexpr Tag kEncapsulatedDocumentLength{0x0042, 0x0015};

// --- documents --------------------------------------------------------------------------------

/// What is said of the document, and the document.
struct Document {
  std::optional<Token> bytes;
  std::string_view mime_type;
  std::optional<std::uint32_t> length;
  bool is_below = false;  ///< one stands in an item
};

Document read_document(const CheckedFile& object) {
  Document found;
  core::dicom::Replay walk = object.replay_header();
  for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
    if (token.tag == kEncapsulatedDocument) {
      found.is_below |= token.depth != 0;
      found.bytes = token;
    }
    if (token.depth != 0 || token.kind != Token::Kind::element) continue;
    if (token.tag == kMimeTypeOfEncapsulatedDocument) {
      found.mime_type = core::dicom::without_padding(core::as_text(token.value));
    }
    if (token.tag == kEncapsulatedDocumentLength && token.value.size() == 4) {
      found.length = core::dicom::read32(token.value.data(), token.order);
    }
  }
  return found;
}

/// ISO 32000-1 §7.5.2: the header "%PDF-1.n" (Annex H has readers look for it in the first 1024
/// bytes: we do not, for others look at the first). §7.5.5: "%%EOF" on the last line.
bool is_pdf(std::string_view document) {
  constexpr std::string_view kHeader = "%PDF-";
  constexpr std::string_view kEnd = "%%EOF";
  constexpr std::string_view kWhiteSpace("\0\t\n\f\r ", 6);  // §7.2.2
  const auto is_digit = [&](std::size_t at) { return document[at] >= '0' && document[at] <= '9'; };
  const bool has_header = document.starts_with(kHeader) && document.size() > kHeader.size() + 3 &&
                          is_digit(kHeader.size()) && document[kHeader.size() + 1] == '.' &&
                          is_digit(kHeader.size() + 2);
  if (!has_header) return false;
  document.remove_suffix(document.size() - 1 - document.find_last_not_of(kWhiteSpace));
  return document.ends_with(kEnd);
}

/// PS3.3 §C.24.2.
ContentFinding look_at_document(const CheckedFile& object) {
  const Document document = read_document(object);
  if (!holds_document(object.sop_class_uid())) {
    return document.bytes ? something_else : as_it_says;
  }
  const bool is_there = document.bytes && !document.is_below &&
                        document.bytes->kind == Token::Kind::element &&
                        document.bytes->vr == Vr::OB && document.mime_type == "application/pdf";
  if (!is_there) return something_else;
  std::string_view bytes = core::as_text(document.bytes->value);
  if (document.length) {
    // With the byte that makes the length even, no more.
    if (*document.length > bytes.size() || bytes.size() - *document.length > 1) {
      return something_else;
    }
    bytes = bytes.substr(0, *document.length);
  }
  return is_pdf(bytes) ? as_it_says : something_else;
}

// --- pixel data -------------------------------------------------------------------------------

/// What frames are in (PS3.6 Table A-1, PS3.5 §A.4): run lengths without a process.
struct CodeStreams {
  std::string_view transfer_syntax;
  std::optional<Process> process;
};
constexpr CodeStreams kCodeStreams[] = {
    {"1.2.840.10008.1.2.5", std::nullopt},                 // RLE, §A.4.2
    {"1.2.840.10008.1.2.4.50", Process::jpeg_sequential},  // §A.4.1
    {"1.2.840.10008.1.2.4.51", Process::jpeg_sequential},
    {"1.2.840.10008.1.2.4.57", Process::jpeg_lossless},
    {"1.2.840.10008.1.2.4.70", Process::jpeg_lossless},
    {"1.2.840.10008.1.2.4.80", Process::jpeg_ls},  // §A.4.3
    {"1.2.840.10008.1.2.4.81", Process::jpeg_ls},
    {"1.2.840.10008.1.2.4.90", Process::jpeg_2000},  // §A.4.4
    {"1.2.840.10008.1.2.4.91", Process::jpeg_2000},
    {"1.2.840.10008.1.2.4.201", Process::jpeg_2000},  // high throughput, §A.4.10
    {"1.2.840.10008.1.2.4.202", Process::jpeg_2000},
    {"1.2.840.10008.1.2.4.203", Process::jpeg_2000},
};

/// PS3.5 §G.5: 64 bytes say how many segments there are, and where each begins.
bool is_rle(ByteView stream, const ImageShape& shape) {
  constexpr std::size_t kHeaderBytes = 64;
  const std::uint32_t segments = shape.samples * shape.bytes_per_sample();
  if (stream.size() < kHeaderBytes || segments == 0 || segments > 15) return false;
  const auto word = [&](std::size_t index) {
    return core::dicom::read32(stream.data() + index * 4, core::dicom::ByteOrder::little);
  };
  if (word(0) != segments || word(1) != kHeaderBytes) return false;
  for (std::size_t i = 1; i < 15; ++i) {
    const bool is_sound =
        i < segments ? word(i + 1) > word(i) && word(i + 1) < stream.size() : word(i + 1) == 0;
    if (!is_sound) return false;
  }
  return true;
}

/// All of them end with the same marker (ITU-T T.81 Table B.1, T.87 §C.1.1, T.800 Table A.1), and
/// zeroes that fill the item.
bool ends_as_stream(ByteView stream) {
  while (!stream.empty() && stream.back() == 0) stream = stream.first(stream.size() - 1);
  return core::as_text(stream).ends_with("\xFF\xD9");
}

bool is_frame(ByteView stream, const ImageShape& shape, const CodeStreams& streams) {
  if (!streams.process) return is_rle(stream, shape);
  const auto found = imaging::read_stream_shape(stream);
  return found && found->process == *streams.process && found->rows == shape.rows &&
         found->columns == shape.columns && found->components == shape.samples &&
         ends_as_stream(stream);
}

ContentFinding look_at_frames(const CheckedFile& object, const PixelData& data,
                              const ImageShape& shape) {
  const auto* streams =
      std::ranges::find(kCodeStreams, object.transfer_syntax().uid, &CodeStreams::transfer_syntax);
  if (streams == std::end(kCodeStreams)) return unknown_code_stream;
  if (data.kind != PixelData::Kind::encapsulated) return something_else;
  const auto split = anonymization::Frames::split(data.value, shape.frames);
  const auto* frames = std::get_if<anonymization::Frames>(&split);
  if (frames == nullptr) return something_else;
  const bool are_frames = std::ranges::all_of(
      frames->streams(), [&](ByteView stream) { return is_frame(stream, shape, *streams); });
  return are_frames ? as_it_says : something_else;
}

bool says_shape(const CheckedFile& object) {
  core::dicom::Replay walk = object.replay_header();
  for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
    if (token.depth != 0) continue;
    if (token.tag == kRows || token.tag == kColumns || token.tag == kBitsAllocated) return true;
  }
  return false;
}

ContentFinding look_at_pixels(const CheckedFile& object, core::MemoryBudget& budget,
                              const core::Demand& demand) {
  if (object.pixel_size() == 0) return as_it_says;
  if (!holds_pixels(object.sop_class_uid())) return something_else;
  const bool is_native = object.transfer_syntax().pixels == core::dicom::PixelCoding::native;
  const auto memory = budget.take(object.pixel_size(), demand);
  const auto read = anonymization::read_pixel_data(object, demand);
  const auto* data = std::get_if<PixelData>(&read);
  if (data == nullptr) return something_else;
  // Bytes without a shape say nothing and are shown by nobody.
  if (is_native && data->kind == PixelData::Kind::native && !says_shape(object)) return as_it_says;
  const auto shape = imaging::read_image_shape(object);
  const auto* sound = std::get_if<ImageShape>(&shape);
  if (sound == nullptr) return something_else;
  if (!is_native) return look_at_frames(object, *data, *sound);
  const std::uint64_t size = anonymization::native_size(*sound);
  const bool fits = data->value.size() == size || data->value.size() == size + size % 2;
  return data->kind == PixelData::Kind::native && fits ? as_it_says : something_else;
}

}  // namespace

ContentFinding look_at_content(const CheckedFile& object, core::MemoryBudget& memory,
                               const core::Demand& demand) {
  const ContentFinding document = look_at_document(object);
  return document == as_it_says ? look_at_pixels(object, memory, demand) : document;
}

}  // namespace sekisho::dicomweb
