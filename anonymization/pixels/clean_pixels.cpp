// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/clean_pixels.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "anonymization/masking/file_meta.h"
#include "anonymization/pixels/black_rectangles.h"
#include "anonymization/pixels/blackened_cells.h"
#include "anonymization/pixels/decoded_header.h"
#include "anonymization/pixels/pixel_data.h"
#include "anonymization/pixels/splice.h"
#include "core/byte_buffer.h"
#include "core/byte_maker.h"
#include "imaging/clean_pixels.h"
#include "imaging/decoders/cells_in_turn.h"
#include "imaging/decoders/decoded_frames.h"
#include "imaging/decoders/image_shape.h"
#include "imaging/frame_index.h"
#include "imaging/pixel_source_builder.h"

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::Bytes;
using core::ByteView;
using core::dicom::ByteOrder;
using core::dicom::CheckedFile;
using core::dicom::ElementHeader;
using core::dicom::Tag;
using core::dicom::Vr;
using imaging::ImageShape;
using imaging::Photometric;
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

/// A file that is put together while it is read: what stands before the pixels, these, and what
/// follows them. Any thread.
class Assembled final : public core::ByteMaker {
 public:
  struct Pixels {
    std::shared_ptr<const core::ByteMaker> maker;
    std::uint64_t size = 0;
  };
  /// `beside_bytes` are in memory for the pixels' sake, and not counted by their maker.
  Assembled(Bytes head, Pixels pixels, Bytes tail, std::uint64_t beside_bytes)
      : head_(std::move(head)),
        pixels_(std::move(pixels)),
        tail_(std::move(tail)),
        beside_bytes_(beside_bytes) {}

  std::uint64_t size_bytes() const { return head_.size() + pixels_.size + tail_.size(); }
  std::uint64_t memory_bytes() const override {
    return head_.size() + tail_.size() + pixels_.maker->memory_bytes() + beside_bytes_;
  }
  void read(std::uint64_t offset, std::span<Byte> out) const override {
    const std::uint64_t pixels_begin = head_.size();
    const std::uint64_t tail_begin = pixels_begin + pixels_.size;
    while (!out.empty()) {
      const std::uint64_t end = offset < pixels_begin ? pixels_begin
                                : offset < tail_begin ? tail_begin
                                                      : size_bytes();
      const auto part =
          out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), end - offset)));
      if (end == pixels_begin) {
        std::ranges::copy(ByteView(head_).subspan(offset, part.size()), part.begin());
      } else if (end == tail_begin) {
        pixels_.maker->read(offset - pixels_begin, part);
      } else {
        std::ranges::copy(ByteView(tail_).subspan(offset - tail_begin, part.size()), part.begin());
      }
      offset += part.size();
      out = out.subspan(part.size());
    }
  }

 private:
  const Bytes head_;
  const Pixels pixels_;
  const Bytes tail_;
  const std::uint64_t beside_bytes_;
};

/// A file that is walked again from its first byte: what leaves is held to the same measure as what
/// came in.
Cleaned assemble(const CheckedFile& original, const core::dicom::TransferSyntax& syntax,
                 ByteView header, Vr vr, Assembled::Pixels pixels, const core::Demand& demand) {
  constexpr std::size_t kRoomBytes = 1024;  // file meta information, the element's header
  constexpr std::uint64_t kLongestValue = 0xFFFFFFFE;  // PS3.5 §7.1.2, even
  if (pixels.size > kLongestValue) return pixels_too_large;
  const std::uint64_t padding = pixels.size % 2;
  core::ByteBuffer head(kRoomBytes + header.size());
  append_file_meta(head, original.sop_class_uid(), original.sop_instance_uid(), syntax.uid);
  head.append(header);
  head.append(imaging::element_head(syntax, core::dicom::kPixelData, vr,
                                    static_cast<std::uint32_t>(pixels.size + padding)));
  core::ByteBuffer tail(original.trailer().size() + 1);
  if (padding != 0) *tail.extend(1) = 0;
  tail.append(original.trailer());
  const auto all = std::make_shared<const Assembled>(head.copy(), std::move(pixels), tail.copy(),
                                                     original.source().memory_bytes());
  auto checked = CheckedFile::check(
      core::StoredFile::made(all, all->size_bytes(), original.source().identity()), demand);
  if (std::holds_alternative<core::dicom::Defect>(checked)) return pixels_malformed;
  return std::get<CheckedFile>(std::move(checked));
}

/// Takes what cleaning has in memory beside what was there before: the header as it was and as it
/// will be, and what its pixels are made with.
void take_memory(const CheckedFile& file, std::uint64_t for_pixels_bytes,
                 core::MemoryBudget::Taken* memory, const core::Demand& demand) {
  const std::uint64_t needed =
      2 * (file.header().size() + file.trailer().size()) + for_pixels_bytes;
  if (memory == nullptr || needed <= core::kUncountedBytes) return;
  memory->grow(memory->bytes() + needed, demand);
}

/// Why such cells are not blackened, if so.
std::optional<WithholdReason> problem_with(const ElementHeader& element, const ImageShape& shape,
                                           ByteOrder order) {
  if (shape.photometric == Photometric::ybr_ict || shape.photometric == Photometric::ybr_rct ||
      (shape.photometric == Photometric::ybr_full_422 &&
       (shape.columns % 2 != 0 || shape.planes == ImageShape::Planes::separate))) {
    return pixels_unsupported;
  }
  const bool big = order == ByteOrder::big;
  // Parsers differ on how 32-bit cells lie in big endian words.
  if ((big && shape.bits_allocated > 16) || (element.vr != Vr::OB && element.vr != Vr::OW)) {
    return pixels_unsupported;
  }
  const std::uint64_t size = native_size(shape);
  if (element.length < size + (big ? size % 2 : 0)) return pixels_malformed;
  if (big && element.vr == Vr::OB && shape.bits_allocated == 16) return pixels_malformed;
  return std::nullopt;
}

Cleaned clean_native(const CheckedFile& file, const ElementHeader& element, const ImageShape& shape,
                     std::span<const Rectangle> rectangles, const core::Demand& demand,
                     core::MemoryBudget::Taken* memory) {
  const auto& syntax = file.transfer_syntax();
  if (!is_plain(syntax.uid)) return pixels_unsupported;
  if (const auto reason = problem_with(element, shape, syntax.order)) return *reason;
  const bool is_in_words = syntax.order == ByteOrder::big && element.vr == Vr::OW;
  const auto cells = std::make_shared<const BlackenedCells>(
      file.source().range(element.value_offset, element.length),
      is_in_words ? BlackenedCells::Words::big_endian : BlackenedCells::Words::as_bytes,
      native_size(shape), BlackRectangles(shape, rectangles));
  take_memory(file, cells->memory_bytes(), memory, demand);
  const ElementReplacement clean[] = {kNotBurnedIn};
  return assemble(file, syntax, splice(file.header(), syntax, clean), element.vr,
                  {cells, element.length}, demand);
}

/// Blackens what frames of `shape` are decoded to.
imaging::CellsInTurn::Change blackening(ImageShape shape, std::vector<Rectangle> rectangles) {
  shape.frames = 1;
  shape.planes = ImageShape::Planes::interleaved;
  return
      [shape, rectangles = std::move(rectangles)](std::span<Byte> cells, Photometric photometric) {
        ImageShape decoded = shape;
        decoded.photometric = photometric;
        BlackRectangles(decoded, rectangles).blacken(0, cells);
      };
}

Cleaned clean_encapsulated(const CheckedFile& file, const ImageShape& shape,
                           std::span<const Rectangle> rectangles, const core::Demand& demand,
                           core::MemoryBudget::Taken* memory, const KnownPixels::OfFile& known) {
  const auto& stored = file.transfer_syntax();
  const imaging::PixelCodec* codec = imaging::find_codec(stored.uid);
  if (codec == nullptr || shape.bits_allocated == 1) return pixels_unsupported;
  const core::dicom::Dataset header{file.header(), stored.vr, stored.order};
  auto index = imaging::FrameIndex::of(imaging::stored_pixels(file), header, stored, demand);
  if (!index) return pixels_malformed;
  auto frames = imaging::DecodedFrames::of(*std::move(index), header, stored);
  if (const auto* refusal = std::get_if<imaging::Refusal>(&frames)) return reason_of(*refusal);
  auto& decodable = std::get<imaging::DecodedFrames>(frames);
  take_memory(file, imaging::CellsInTurn::memory_to_read(decodable), memory, demand);
  // Nobody is to meet a damaged frame in the midst of an answer.
  std::vector<std::uint32_t> looked_at(known.are_all_decodable() ? 1 : decodable.count());
  std::iota(looked_at.begin(), looked_at.end(), 0U);
  auto cells = imaging::CellsInTurn::of(std::move(decodable), looked_at, demand,
                                        imaging::CellsInTurn::LookAt::all,
                                        blackening(shape, {rectangles.begin(), rectangles.end()}));
  if (const auto* refusal = std::get_if<imaging::Refusal>(&cells)) return reason_of(*refusal);
  if (looked_at.size() > 1) known.keep_all_decodable();
  const auto decoded = std::get<std::shared_ptr<const imaging::CellsInTurn>>(std::move(cells));
  const auto syntax = *core::dicom::TransferSyntax::from_uid(core::dicom::kExplicitVrLittleEndian);
  const Vr vr = shape.bits_allocated <= 8 ? Vr::OB : Vr::OW;  // PS3.5 §8.2, Annex A.2
  const ElementReplacement clean[] = {kNotBurnedIn};
  return assemble(file, syntax,
                  header_of_decoded(file.header(), stored, decoded->photometric(), shape.samples,
                                    codec->loss, clean),
                  vr, {decoded, shape.frame_bytes() * shape.frames}, demand);
}

}  // namespace

Cleaned clean_pixels(const CheckedFile& file, std::span<const Rectangle> rectangles,
                     const core::Demand& demand, core::MemoryBudget::Taken* memory,
                     const KnownPixels::OfFile& known) {
  const auto found = find_pixel_data(file);
  if (const auto* reason = std::get_if<WithholdReason>(&found)) return *reason;
  const auto read = imaging::read_image_shape(file);
  if (const auto* refusal = std::get_if<imaging::Refusal>(&read)) return reason_of(*refusal);
  const auto& element = std::get<ElementHeader>(found);
  const auto& shape = std::get<ImageShape>(read);
  const bool native_syntax = file.transfer_syntax().pixels == core::dicom::PixelCoding::native;
  if (native_syntax == element.is_undefined()) return pixels_malformed;
  return native_syntax ? clean_native(file, element, shape, rectangles, demand, memory)
                       : clean_encapsulated(file, shape, rectangles, demand, memory, known);
}

}  // namespace sekisho::anonymization
