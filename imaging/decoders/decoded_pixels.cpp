// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/decoders/decoded_pixels.h"

#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "core/dicom/element_header.h"
#include "imaging/decoders/cells_in_turn.h"
#include "imaging/pixel_source_builder.h"

namespace sekisho::imaging {
namespace {

using core::Bytes;
using core::dicom::Vr;

constexpr std::uint64_t kLongestValue = 0xFFFFFFFE;  // PS3.5 §7.1.2, even

}  // namespace

std::variant<DecodedPixels, Refusal> decoded_pixels(const PixelSource& pixels,
                                                    const core::dicom::Dataset& header,
                                                    const core::dicom::TransferSyntax& syntax,
                                                    const core::Demand& demand,
                                                    core::MemoryBudget::Taken* memory) {
  auto index = FrameIndex::of(pixels, header, syntax, demand);
  if (!index) return Refusal::malformed;
  auto frames = DecodedFrames::of(*std::move(index), header, syntax);
  if (const auto* refusal = std::get_if<Refusal>(&frames)) return *refusal;
  const ImageShape shape = std::get<DecodedFrames>(frames).shape();
  const Loss loss = std::get<DecodedFrames>(frames).loss();
  // Single bits of native frames follow each other without a gap (PS3.5 §8.1.1).
  if (shape.bits_allocated == 1) return Refusal::unsupported;
  const std::uint64_t size = std::get<DecodedFrames>(frames).frame_bytes() * shape.frames;
  if (size > kLongestValue) return Refusal::too_large;
  const std::uint64_t needed = CellsInTurn::memory_to_read(std::get<DecodedFrames>(frames));
  if (memory != nullptr && needed > core::kUncountedBytes) {
    memory->grow(memory->bytes() + needed, demand);
  }
  std::vector<std::uint32_t> all(shape.frames);
  std::iota(all.begin(), all.end(), 0U);
  auto cells = CellsInTurn::of(std::get<DecodedFrames>(std::move(frames)), all, demand);
  if (const auto* refusal = std::get_if<Refusal>(&cells)) return *refusal;
  auto maker = std::get<std::shared_ptr<const CellsInTurn>>(std::move(cells));
  const Photometric photometric = maker->photometric();
  PixelSourceBuilder builder(pixels.file(), pixels.file().size_bytes());
  const auto target = *core::dicom::TransferSyntax::from_uid(core::dicom::kExplicitVrLittleEndian);
  const Vr vr = shape.bits_allocated <= 8 ? Vr::OB : Vr::OW;  // PS3.5 §8.2, Annex A.2
  builder.made(element_head(target, core::dicom::kPixelData, vr,
                            static_cast<std::uint32_t>(size + size % 2)));
  builder.decoded(std::move(maker), 0, size);
  if (size % 2 != 0) builder.made(Bytes{0});
  return DecodedPixels{builder.take(), photometric, shape.samples, loss};
}

}  // namespace sekisho::imaging
