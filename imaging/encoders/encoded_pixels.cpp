// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/encoders/encoded_pixels.h"

#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "core/dicom/element_header.h"
#include "imaging/encoders/encoded_frames.h"
#include "imaging/pixel_source_builder.h"

namespace sekisho::imaging {
namespace {

using core::Bytes;
using core::dicom::ByteOrder;
using core::dicom::Tag;

constexpr Tag kItem{0xFFFE, 0xE000};
constexpr Tag kSequenceEnd{0xFFFE, 0xE0DD};
constexpr std::uint32_t kUndefinedLength = 0xFFFFFFFF;
constexpr std::uint64_t kItemHeadBytes = 8;
/// What each frame takes of memory while nobody reads it: where it stands, and what it is put
/// together of.
constexpr std::uint64_t kFrameBytes = 512;

Bytes item_head(Tag tag, std::uint32_t length) {
  Bytes head(kItemHeadBytes);
  core::dicom::write_tag(head.data(), tag, ByteOrder::little);
  core::dicom::write32(head.data() + 4, length, ByteOrder::little);
  return head;
}

/// An item is of even length (PS3.5 §A.4).
std::uint64_t padded(std::uint64_t size) { return size + size % 2; }

/// The first item: where each frame begins behind it, or nothing where 32 bits do not reach.
Bytes offset_table(const std::vector<PixelRange>& streams) {
  Bytes offsets;
  std::uint64_t begin = 0;
  for (const PixelRange& stream : streams) {
    if (begin > UINT32_MAX) return item_head(kItem, 0);
    offsets.resize(offsets.size() + 4);
    core::dicom::write32(&offsets[offsets.size() - 4], static_cast<std::uint32_t>(begin),
                         ByteOrder::little);
    begin += kItemHeadBytes + padded(stream.size);
  }
  Bytes table = item_head(kItem, static_cast<std::uint32_t>(offsets.size()));
  table.insert(table.end(), offsets.begin(), offsets.end());
  return table;
}

}  // namespace

std::variant<EncodedPixels, Refusal> encoded_pixels(const PixelSource& pixels,
                                                    const core::dicom::Dataset& header,
                                                    const core::dicom::TransferSyntax& syntax,
                                                    const PixelEncoder& encoder,
                                                    const core::Demand& demand,
                                                    core::MemoryBudget::Taken* memory) {
  auto index = FrameIndex::of(pixels, header, syntax, demand);
  // A header may declare any number of frames.
  if (!index || !index->size_of(index->count() - 1)) return Refusal::malformed;
  const std::uint64_t beside_bytes = index->count() * kFrameBytes;
  if (beside_bytes > kMostPixelBytes) return Refusal::too_large;
  if (memory != nullptr && beside_bytes > core::kUncountedBytes) {
    memory->grow(memory->bytes() + beside_bytes, demand);
  }
  auto decoded = DecodedFrames::of(*std::move(index), header, syntax);
  if (const auto* refusal = std::get_if<Refusal>(&decoded)) return *refusal;
  std::vector<std::uint32_t> all(std::get<DecodedFrames>(decoded).count());
  std::iota(all.begin(), all.end(), 0U);
  auto encoded = EncodedFrames::of(std::get<DecodedFrames>(std::move(decoded)), encoder,
                                   std::move(all), demand, memory);
  if (const auto* refusal = std::get_if<Refusal>(&encoded)) return *refusal;
  const auto frames = std::get<std::shared_ptr<const EncodedFrames>>(std::move(encoded));
  PixelSourceBuilder builder(pixels.file(), pixels.file().size_bytes());
  const auto target = *core::dicom::TransferSyntax::from_uid(encoder.transfer_syntax);
  builder.made(
      element_head(target, core::dicom::kPixelData, core::dicom::Vr::OB, kUndefinedLength));
  builder.made(offset_table(frames->streams()));
  for (const PixelRange& stream : frames->streams()) {
    builder.made(item_head(kItem, static_cast<std::uint32_t>(padded(stream.size))));
    builder.begin_stream(stream.size);
    builder.decoded(frames, stream.offset, stream.size);
    if (stream.size % 2 != 0) builder.made(Bytes{0});
  }
  builder.made(item_head(kSequenceEnd, 0));
  return EncodedPixels{builder.take(), frames->photometric(), frames->shape().samples,
                       frames->loss()};
}

}  // namespace sekisho::imaging
