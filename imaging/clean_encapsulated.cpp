// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>

#include "core/dicom/element_header.h"
#include "imaging/clean_stream.h"
#include "imaging/pixel_elements.h"
#include "imaging/pixel_source_builder.h"
#include "imaging/stored_frames.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::Bytes;
using core::dicom::ByteOrder;
using core::dicom::CheckedFile;
using core::dicom::ElementHeader;
using core::dicom::Tag;
using core::dicom::Vr;

/// One is in memory at a time.
constexpr std::uint64_t kMostFrameBytes = 512ULL << 20;

void put_little(Bytes& out, std::uint64_t number, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<Byte>(number >> (8 * i)));
}

class EncapsulatedCleaner {
 public:
  EncapsulatedCleaner(const CheckedFile& file, const std::vector<ElementHeader>& elements,
                      const PixelLayout& layout, const core::Demand& demand,
                      core::MemoryBudget::Taken* memory)
      : file_(file), elements_(elements), layout_(layout), demand_(demand), memory_(memory) {}

  std::variant<PixelSource, Refusal> clean() {
    const StreamCleaner cleaner = find_cleaner(file_.transfer_syntax().uid);
    if (cleaner == nullptr) return Refusal::unsupported;
    auto stored = read_stored_frames(file_.source(), elements_, layout_.frames, demand_);
    if (!stored) return Refusal::malformed;
    stored_ = std::move(*stored);
    const auto& frames = stored_.frames;
    for (const FrameFragments& frame : frames) {
      demand_.ask();
      const auto refusal = clean_frame(frame, cleaner);
      if (refusal) return *refusal;
    }
    return write(frames);
  }

 private:
  const ElementHeader* find(Tag tag) const {
    const ElementHeader* found = find_element(elements_, tag);
    return found == nullptr || found->is_undefined() ? nullptr : found;
  }

  std::span<const Fragment> of(const FrameFragments& frame) const { return stored_.of(frame); }

  std::optional<Refusal> clean_frame(const FrameFragments& frame, StreamCleaner cleaner) {
    std::uint64_t size = 0;
    for (const Fragment& fragment : of(frame)) size += fragment.size;
    if (size > kMostFrameBytes) return Refusal::too_large;
    take_memory(size);
    stream_.resize(size);
    std::span<Byte> to(stream_);
    for (const Fragment& fragment : of(frame)) {
      file_.source().read(fragment.begin, to.first(fragment.size));
      to = to.subspan(fragment.size);
    }
    auto cleaned = cleaner(stream_, layout_);
    if (const auto* refusal = std::get_if<Refusal>(&cleaned)) return *refusal;
    auto& clean = std::get<CleanStream>(cleaned);
    uses_other_bits_ |= clean.may_use_other_bits;
    if (clean.edits.size() > UINT32_MAX - 1) return Refusal::too_large;
    streams_.push_back(std::move(clean.edits));
    return std::nullopt;
  }

  /// The frame, and as much again for what is made of it.
  void take_memory(std::uint64_t frame_bytes) {
    const std::uint64_t needed = 2 * frame_bytes;
    if (memory_ == nullptr || needed <= std::max(taken_, core::kUncountedBytes)) return;
    memory_->grow(memory_->bytes() + needed - taken_, demand_);
    taken_ = needed;
  }

  static std::uint64_t padded(std::uint64_t size) { return size + size % 2; }

  std::variant<PixelSource, Refusal> write(std::span<const FrameFragments> frames) {
    PixelSourceBuilder builder(file_.source(), file_.pixel_offset());
    if (uses_other_bits_) builder.may_use_other_bits();
    std::vector<std::uint64_t> offsets;
    std::uint64_t offset = 0;
    for (const EditedStream& stream : streams_) {
      offsets.push_back(offset);
      offset += core::dicom::kShortHeaderBytes + padded(stream.size());
    }
    const bool is_extended = find(kExtendedOffsets) != nullptr && find(kExtendedLengths) != nullptr;
    if (is_extended) write_extended_tables(builder, offsets);
    builder.made(element_head(file_.transfer_syntax(), core::dicom::kPixelData, Vr::OB,
                              core::dicom::kUndefinedLength));
    const bool has_table =
        !is_extended && stored_.fragments.offset_table.size > 0 && offset <= UINT32_MAX;
    Bytes table;
    if (has_table) {
      for (const std::uint64_t each : offsets) put_little(table, each, 4);
    }
    write_item_head(builder, table.size());
    builder.made(table);
    for (std::size_t i = 0; i < frames.size(); ++i) write_frame(builder, frames[i], streams_[i]);
    Bytes end(core::dicom::kShortHeaderBytes);
    core::dicom::write_tag(end.data(), core::dicom::kSequenceDelimitation, ByteOrder::little);
    builder.made(end);
    return builder.take();
  }

  /// PS3.5 §A.4: lengths are those of the streams, without their padding.
  void write_extended_tables(PixelSourceBuilder& builder,
                             std::span<const std::uint64_t> offsets) const {
    Bytes values;
    for (const std::uint64_t each : offsets) put_little(values, each, 8);
    const auto& syntax = file_.transfer_syntax();
    const auto size = static_cast<std::uint32_t>(values.size());
    builder.made(element_head(syntax, kExtendedOffsets, Vr::OV, size));
    builder.made(values);
    values.clear();
    for (const EditedStream& stream : streams_) put_little(values, stream.size(), 8);
    builder.made(element_head(syntax, kExtendedLengths, Vr::OV, size));
    builder.made(values);
  }

  static void write_item_head(PixelSourceBuilder& builder, std::uint64_t size) {
    Bytes head(core::dicom::kShortHeaderBytes);
    core::dicom::write_tag(head.data(), core::dicom::kItem, ByteOrder::little);
    core::dicom::write32(head.data() + 4, static_cast<std::uint32_t>(size), ByteOrder::little);
    builder.made(head);
  }

  /// One fragment for the whole frame.
  void write_frame(PixelSourceBuilder& builder, const FrameFragments& frame,
                   const EditedStream& stream) const {
    write_item_head(builder, padded(stream.size()));
    builder.begin_stream(stream.size());
    for (const EditedStream::Part& part : stream.parts()) {
      if (part.begin == part.end) {
        builder.made(part.made);
      } else {
        write_range(builder, of(frame), part.begin, part.end);
      }
    }
    if (stream.size() % 2 != 0) builder.made(Bytes{0});
  }

  /// What is at `begin` to `end` in the stream lies in one fragment or in several.
  static void write_range(PixelSourceBuilder& builder, std::span<const Fragment> fragments,
                          std::uint64_t begin, std::uint64_t end) {
    std::uint64_t at = 0;
    for (const Fragment& fragment : fragments) {
      const std::uint64_t from = std::max(begin, at);
      const std::uint64_t to = std::min(end, at + fragment.size);
      if (from < to) builder.stored(fragment.begin + (from - at), to - from);
      at += fragment.size;
    }
  }

  const CheckedFile& file_;
  const std::vector<ElementHeader>& elements_;
  const PixelLayout& layout_;
  const core::Demand& demand_;
  core::MemoryBudget::Taken* memory_;
  StoredFrames stored_;
  Bytes stream_;
  std::uint64_t taken_ = 0;
  std::vector<EditedStream> streams_;
  bool uses_other_bits_ = false;
};

}  // namespace

std::variant<PixelSource, Refusal> clean_encapsulated(const CheckedFile& file,
                                                      const std::vector<ElementHeader>& elements,
                                                      const PixelLayout& layout,
                                                      const core::Demand& demand,
                                                      core::MemoryBudget::Taken* memory) {
  return EncapsulatedCleaner(file, elements, layout, demand, memory).clean();
}

}  // namespace sekisho::imaging
