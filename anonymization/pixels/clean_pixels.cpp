// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/clean_pixels.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "anonymization/masking/element_writer.h"
#include "anonymization/masking/file_meta.h"
#include "anonymization/pixels/decoded_header.h"
#include "anonymization/pixels/paint.h"
#include "anonymization/pixels/pixel_data.h"
#include "anonymization/pixels/splice.h"
#include "imaging/decoders/frame_decoder.h"
#include "imaging/decoders/image_shape.h"

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::Bytes;
using core::ByteView;
using core::dicom::ByteOrder;
using core::dicom::CheckedFile;
using core::dicom::Tag;
using core::dicom::Vr;
using imaging::Decoded;
using imaging::find_codec;
using imaging::ImageShape;
using imaging::Photometric;
using imaging::PixelCodec;
using enum WithholdReason;

using Cleaned = std::variant<CheckedFile, WithholdReason>;

WithholdReason reason_of(imaging::Refusal refusal) {
  switch (refusal) {
    case imaging::Refusal::unsupported:
      return pixels_unsupported;
    case imaging::Refusal::too_large:
      return pixels_too_large;
    case imaging::Refusal::malformed:
      break;
  }
  return pixels_malformed;
}

/// (0028,0301), which is what the blackout is for.
const ElementReplacement kNotBurnedIn{Tag{0x0028, 0x0301}, Vr::CS, core::as_bytes("NO")};

/// Native syntaxes whose cells lie as the standard says (PS3.5 §A.1, §A.2, §A.3, §A.5). A deflated
/// data set was inflated.
bool is_plain(std::string_view transfer_syntax) {
  return transfer_syntax == core::dicom::kImplicitVrLittleEndian ||
         transfer_syntax == core::dicom::kExplicitVrLittleEndian ||
         transfer_syntax == core::dicom::kExplicitVrBigEndian;
}

/// The two bytes of every 16-bit word the other way round (PS3.5 §7.3).
void swap_words(std::span<Byte> bytes) {
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) std::swap(bytes[i], bytes[i + 1]);
}

/// A file that is walked again from its first byte: what leaves is held to the same measure as what
/// came in.
Cleaned assemble(const CheckedFile& original, const core::dicom::TransferSyntax& syntax,
                 ByteView header, Vr vr, Bytes pixels, const core::Demand& demand) {
  constexpr std::size_t kRoomBytes = 1024;  // file meta information, the element's header
  const auto all = std::make_shared<core::ByteBuffer>(kRoomBytes + header.size() + pixels.size() +
                                                      original.trailer().size());
  append_file_meta(*all, original.sop_class_uid(), original.sop_instance_uid(), syntax.uid);
  all->append(header);
  ElementWriter(*all, syntax.vr, syntax.order).element(core::dicom::kPixelData, vr, pixels);
  pixels = Bytes();
  all->append(original.trailer());
  auto checked = CheckedFile::check(core::StoredFile::borrowed(all->view(), all), demand);
  if (std::holds_alternative<core::dicom::Defect>(checked)) return pixels_malformed;
  return std::get<CheckedFile>(std::move(checked));
}

/// Blackens the value in place.
std::optional<WithholdReason> blacken_native(PixelData& data, const ImageShape& shape,
                                             ByteOrder order, std::span<const Rectangle> rectangles,
                                             const core::Demand& demand) {
  if (shape.photometric == Photometric::ybr_ict || shape.photometric == Photometric::ybr_rct ||
      (shape.photometric == Photometric::ybr_full_422 &&
       (shape.columns % 2 != 0 || shape.planes == ImageShape::Planes::separate))) {
    return pixels_unsupported;
  }
  const bool big = order == ByteOrder::big;
  // Parsers differ on how 32-bit cells lie in big endian words.
  if ((big && shape.bits_allocated > 16) || (data.vr != Vr::OB && data.vr != Vr::OW)) {
    return pixels_unsupported;
  }
  const std::uint64_t size = native_size(shape);
  if (data.value.size() < size + (big ? size % 2 : 0)) return pixels_malformed;
  const std::span<Byte> all(data.value);
  const bool swapped = big && data.vr == Vr::OW;
  if (big && data.vr == Vr::OB && shape.bits_allocated == 16) return pixels_malformed;
  if (swapped) swap_words(all);
  paint_black(all.first(size), shape, rectangles, demand);
  std::ranges::fill(all.subspan(size), Byte{0});
  if (swapped) swap_words(all);
  return std::nullopt;
}

Cleaned clean_native(const CheckedFile& file, PixelData& data, const ImageShape& shape,
                     std::span<const Rectangle> rectangles, const core::Demand& demand) {
  const auto& syntax = file.transfer_syntax();
  if (!is_plain(syntax.uid)) return pixels_unsupported;
  if (const auto reason = blacken_native(data, shape, syntax.order, rectangles, demand)) {
    return *reason;
  }
  const ElementReplacement clean[] = {kNotBurnedIn};
  return assemble(file, syntax, splice(file.header(), syntax, clean), data.vr,
                  std::move(data.value), demand);
}

/// All frames decoded, and what they are then.
struct Raster {
  Bytes pixels;
  Photometric photometric;
};

std::variant<Raster, WithholdReason> decode_all(const Frames& frames, const ImageShape& shape,
                                                const PixelCodec& codec,
                                                const core::Demand& demand) {
  const std::uint64_t frame_bytes = shape.frame_bytes();
  Raster raster{Bytes(frame_bytes * shape.frames), shape.photometric};
  for (std::size_t i = 0; i < shape.frames; ++i) {
    demand.ask();
    const auto out = std::span(raster.pixels).subspan(i * frame_bytes, frame_bytes);
    const Decoded decoded = codec.decode(frames.streams()[i], shape, out);
    if (const auto* refusal = std::get_if<imaging::Refusal>(&decoded)) return reason_of(*refusal);
    const Photometric photometric = std::get<Photometric>(decoded);
    if (i > 0 && photometric != raster.photometric) return pixels_malformed;
    raster.photometric = photometric;
  }
  return raster;
}

Cleaned clean_encapsulated(const CheckedFile& file, PixelData& data, ImageShape shape,
                           std::span<const Rectangle> rectangles, const core::Demand& demand) {
  const PixelCodec* codec = find_codec(file.transfer_syntax().uid);
  if (codec == nullptr || shape.bits_allocated == 1) return pixels_unsupported;
  // Before anything is allocated for them: every frame has a fragment.
  if (shape.frames > data.value.size() / core::dicom::kShortHeaderBytes) return pixels_malformed;
  const auto frames = Frames::split(data.value, shape.frames);
  if (const auto* reason = std::get_if<WithholdReason>(&frames)) return *reason;
  auto decoded = decode_all(std::get<Frames>(frames), shape, *codec, demand);
  if (const auto* reason = std::get_if<WithholdReason>(&decoded)) return *reason;
  data.value = Bytes();  // the code streams
  auto& raster = std::get<Raster>(decoded);
  shape.photometric = raster.photometric;
  shape.planes = ImageShape::Planes::interleaved;
  paint_black(raster.pixels, shape, rectangles, demand);

  const auto syntax = *core::dicom::TransferSyntax::from_uid(core::dicom::kExplicitVrLittleEndian);
  const Vr vr = shape.bits_allocated <= 8 ? Vr::OB : Vr::OW;  // PS3.5 §8.2, Annex A.2
  const ElementReplacement clean[] = {kNotBurnedIn};
  return assemble(file, syntax,
                  header_of_decoded(file.header(), file.transfer_syntax(), shape.photometric,
                                    shape.samples, codec->loss, clean),
                  vr, std::move(raster.pixels), demand);
}

/// The most that cleaning has in memory at once, the header that was read before apart.
std::uint64_t memory_to_clean(const CheckedFile& file, const ImageShape& shape) {
  // OpenJPEG, which needs most: each sample as an integer in the image, and another in the tile.
  constexpr std::uint64_t kDecodedSampleBytes = 2 * sizeof(std::int32_t);
  const std::uint64_t rest = file.header().size() + file.trailer().size();
  if (file.transfer_syntax().pixels == core::dicom::PixelCoding::native) {
    return rest + 2 * file.pixel_size();
  }
  const std::uint64_t raster = shape.frame_bytes() * shape.frames;
  const std::uint64_t decoder =
      std::uint64_t{shape.rows} * shape.columns * shape.samples * kDecodedSampleBytes;
  return rest + std::max(file.pixel_size() + raster + decoder, 2 * raster);
}

}  // namespace

Cleaned clean_pixels(const CheckedFile& file, std::span<const Rectangle> rectangles,
                     const core::Demand& demand, core::MemoryBudget::Taken* memory) {
  const auto shape = imaging::read_image_shape(file);
  if (const auto* known = std::get_if<ImageShape>(&shape); known != nullptr && memory != nullptr) {
    const std::uint64_t needed = memory_to_clean(file, *known);
    if (needed > core::kUncountedBytes) memory->grow(memory->bytes() + needed, demand);
  }
  auto read = read_pixel_data(file, demand);
  if (const auto* reason = std::get_if<WithholdReason>(&read)) return *reason;
  if (const auto* refusal = std::get_if<imaging::Refusal>(&shape)) return reason_of(*refusal);
  auto& data = std::get<PixelData>(read);
  const bool native_syntax = file.transfer_syntax().pixels == core::dicom::PixelCoding::native;
  if (native_syntax != (data.kind == PixelData::Kind::native)) return pixels_malformed;
  const auto& sound = std::get<ImageShape>(shape);
  return native_syntax ? clean_native(file, data, sound, rectangles, demand)
                       : clean_encapsulated(file, data, sound, rectangles, demand);
}

}  // namespace sekisho::anonymization
