// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "core/dicom/element_header.h"
#include "imaging/cell_mask.h"
#include "imaging/clean_stream.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::Bytes;
using core::ByteView;
using core::dicom::ByteOrder;

constexpr std::size_t kHeaderBytes = 64;  // PS3.5 §G.5: a count and 15 offsets
constexpr std::size_t kMostSegments = 15;
using Header = std::array<Byte, kHeaderBytes>;

std::size_t header_word(ByteView stream, std::size_t index) {
  return core::dicom::read32(stream.data() + index * 4, ByteOrder::little);
}

/// What the samples of a segment are: one byte of each cell.
struct SegmentPlan {
  std::uint64_t bytes = 0;  ///< of the decoded segment
  std::uint32_t place = 0;  ///< of the byte in its cell, the least significant being 0
  const CellMask* mask = nullptr;
};

/// The runs of one segment (PS3.5 §G.3.1), up to the one that has the last byte of the frame.
class RunCleaner {
 public:
  RunCleaner(ByteView segment, const SegmentPlan& plan) : segment_(segment), plan_(plan) {}

  /// False: the runs do not fill the frame, or bits cannot be cleared here.
  bool clean() {
    made_.reserve(segment_.size());
    std::size_t at = 0;
    std::uint64_t left = plan_.bytes;
    while (left > 0) {
      if (at >= segment_.size()) return false;
      const Byte control = segment_[at++];
      if (control == 0x80) {  // no operation
        made_.push_back(control);
        continue;
      }
      const bool is_literal = control < 0x80;
      const std::size_t count = is_literal ? control + 1U : 257U - control;
      const std::size_t held = is_literal ? count : 1;
      if (held > segment_.size() - at) return false;
      // What would go beyond the frame is left out of the run, which is never shown.
      const std::size_t shown = std::min<std::uint64_t>(count, left);
      if (!write_run(is_literal, shown, segment_.subspan(at, held))) return false;
      at += held;
      left -= shown;
    }
    return true;
  }

  const Bytes& made() const { return made_; }
  bool is_as_it_was() const {
    return made_.size() <= segment_.size() &&
           std::ranges::equal(made_, segment_.first(made_.size()));
  }

 private:
  bool write_run(bool is_literal, std::size_t shown, ByteView held) {
    // One byte alone is a literal run: there is no replicate run of one (PS3.5 §G.3.1).
    const bool stays_literal = is_literal || shown == 1;
    made_.push_back(static_cast<Byte>(stays_literal ? shown - 1 : 257 - shown));
    for (std::size_t i = 0; i < (stays_literal ? shown : 1); ++i) {
      Byte byte = held[i];
      if (plan_.mask != nullptr && !plan_.mask->apply_to_byte(byte, plan_.place)) return false;
      made_.push_back(byte);
    }
    return true;
  }

  ByteView segment_;
  const SegmentPlan& plan_;
  Bytes made_;
};

void write_segment(ByteView stream, std::size_t begin, const RunCleaner& cleaner,
                   EditedStream& out) {
  const std::size_t size = cleaner.made().size();
  if (!cleaner.is_as_it_was()) {
    out.put(cleaner.made());
  } else {
    out.keep(begin, begin + size);
  }
  if (size % 2 == 0) return;
  const std::size_t pad = begin + size;  // PS3.5 §G.3.1: segments have even length
  if (cleaner.is_as_it_was() && pad < stream.size() && stream[pad] == 0) {
    out.keep(pad, pad + 1);
  } else {
    out.put(Bytes{0});
  }
}

}  // namespace

CleanedStream clean_rle(ByteView stream, const PixelLayout& layout) {
  const std::size_t cell = std::max(1U, layout.cell_bytes());
  const std::size_t segments = layout.samples * cell;
  if (layout.is_subsampled || segments > kMostSegments) return Refusal::unsupported;
  if (stream.size() < kHeaderBytes || header_word(stream, 0) != segments) return Refusal::malformed;
  const CellMask mask(layout, ByteOrder::little);
  const bool is_masked = layout.has_unused_bits() && layout.bits_allocated > 1;
  const std::uint64_t bytes = layout.frame_bytes() / segments;

  std::vector<RunCleaner> cleaners;
  Header header{};
  core::dicom::write32(header.data(), static_cast<std::uint32_t>(segments), ByteOrder::little);
  std::uint64_t place = kHeaderBytes;
  std::vector<SegmentPlan> plans(segments);
  for (std::size_t i = 0; i < segments; ++i) {
    const std::size_t begin = header_word(stream, 1 + i);
    const std::size_t end = i + 1 < segments ? header_word(stream, 2 + i) : stream.size();
    if (begin < kHeaderBytes || end < begin || end > stream.size()) return Refusal::malformed;
    // Of each sample, the most significant byte comes first (PS3.5 §G.2).
    plans[i] = {bytes, static_cast<std::uint32_t>(cell - 1 - i % cell),
                is_masked ? &mask : nullptr};
    RunCleaner& cleaner = cleaners.emplace_back(stream.subspan(begin, end - begin), plans[i]);
    if (!cleaner.clean()) return Refusal::malformed;
    core::dicom::write32(header.data() + (1 + i) * 4, static_cast<std::uint32_t>(place),
                         ByteOrder::little);
    place += cleaner.made().size() + cleaner.made().size() % 2;
  }

  CleanStream clean;
  if (std::ranges::equal(header, stream.first(kHeaderBytes))) {
    clean.edits.keep(0, kHeaderBytes);
  } else {
    clean.edits.put(header);
  }
  for (std::size_t i = 0; i < segments; ++i) {
    write_segment(stream, header_word(stream, 1 + i), cleaners[i], clean.edits);
  }
  return clean;
}

CleanedStream clean_uncompressed(ByteView stream, const PixelLayout& layout) {
  const std::uint64_t size =
      layout.is_subsampled ? layout.frame_bytes() / 3 * 2 : layout.frame_bytes();
  if (stream.size() < size) return Refusal::malformed;
  if (layout.bits_allocated == 1 && layout.frame_bits() % 8 != 0) return Refusal::unsupported;
  CleanStream clean;
  if (!layout.has_unused_bits()) {
    clean.edits.keep(0, size);
    return clean;
  }
  Bytes masked(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size));
  CellMask(layout, ByteOrder::little).apply(masked);
  if (std::ranges::equal(masked, stream.first(size))) {
    clean.edits.keep(0, size);
  } else {
    clean.edits.put(masked);
  }
  return clean;
}

}  // namespace sekisho::imaging
