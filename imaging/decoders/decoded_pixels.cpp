// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/decoders/decoded_pixels.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "core/dicom/element_header.h"
#include "core/mutex.h"
#include "core/store_error.h"
#include "imaging/decoders/decoded_frames.h"
#include "imaging/pixel_source_builder.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::Bytes;
using core::dicom::Vr;

constexpr std::uint64_t kLongestValue = 0xFFFFFFFE;  // PS3.5 §7.1.2, even

/// All frames, of which the one that was read last is kept: readers take them piece by piece.
class FrameAfterFrame final : public PixelMaker {
 public:
  explicit FrameAfterFrame(DecodedFrames frames) : frames_(std::move(frames)) {}

  /// Decodes the first.
  Decoded begin() {
    const core::MutexLock lock(mutex_);
    const Decoded first = decode(0);
    if (const auto* photometric = std::get_if<Photometric>(&first)) photometric_ = *photometric;
    return first;
  }

  void read(std::uint64_t offset, std::span<Byte> out) const override {
    const core::MutexLock lock(mutex_);
    const std::uint64_t frame_bytes = frames_.frame_bytes();
    while (!out.empty()) {
      const auto frame = static_cast<std::uint32_t>(offset / frame_bytes);
      const auto begin = static_cast<std::size_t>(offset % frame_bytes);
      if (frame != kept_) keep(frame);
      const auto part = out.first(std::min(out.size(), cells_.size() - begin));
      std::ranges::copy(std::span(cells_).subspan(begin, part.size()), part.begin());
      offset += part.size();
      out = out.subspan(part.size());
    }
  }

  std::uint64_t memory_bytes() const override {
    return frames_.frame_bytes() + frames_.working_bytes();
  }

 private:
  Decoded decode(std::uint32_t frame) const SEKISHO_REQUIRES(mutex_) {
    kept_.reset();
    cells_.resize(static_cast<std::size_t>(frames_.frame_bytes()));
    Decoded decoded = frames_.read(frame, cells_);
    if (std::holds_alternative<Photometric>(decoded)) kept_ = frame;
    return decoded;
  }
  void keep(std::uint32_t frame) const SEKISHO_REQUIRES(mutex_) {
    const Decoded decoded = decode(frame);
    const auto* photometric = std::get_if<Photometric>(&decoded);
    if (photometric == nullptr || *photometric != photometric_) {
      kept_.reset();
      throw core::StoreError("a frame cannot be decoded as the first one was");
    }
  }

  const DecodedFrames frames_;
  Photometric photometric_ = Photometric::monochrome2;
  mutable core::Mutex mutex_;
  // Guarded by mutex_.
  mutable std::optional<std::uint32_t> kept_;
  mutable Bytes cells_;
};

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
  const auto maker = std::make_shared<FrameAfterFrame>(std::get<DecodedFrames>(std::move(frames)));
  if (memory != nullptr && maker->memory_bytes() > core::kUncountedBytes) {
    memory->grow(memory->bytes() + maker->memory_bytes(), demand);
  }
  demand.ask();
  const Decoded first = maker->begin();
  if (const auto* refusal = std::get_if<Refusal>(&first)) return *refusal;
  PixelSourceBuilder builder(pixels.file(), pixels.file().size_bytes());
  const auto target = *core::dicom::TransferSyntax::from_uid(core::dicom::kExplicitVrLittleEndian);
  const Vr vr = shape.bits_allocated <= 8 ? Vr::OB : Vr::OW;  // PS3.5 §8.2, Annex A.2
  builder.made(element_head(target, core::dicom::kPixelData, vr,
                            static_cast<std::uint32_t>(size + size % 2)));
  builder.decoded(maker, size);
  if (size % 2 != 0) builder.made(Bytes{0});
  return DecodedPixels{builder.take(), std::get<Photometric>(first), shape.samples, loss};
}

}  // namespace sekisho::imaging
