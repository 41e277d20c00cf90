// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "core/demand.h"
#include "core/dicom/checked_file.h"
#include "core/dicom/element_header.h"
#include "core/memory_budget.h"
#include "imaging/pixel_layout.h"
#include "imaging/pixel_plan.h"
#include "imaging/pixel_source.h"
#include "imaging/refusal.h"

namespace sekisho::imaging {

/// Puts a PixelSource together from its front. Bytes that are made and are also what stands next in
/// the file are taken from there: what was clean stays one range. One thread.
class PixelSourceBuilder {
 public:
  /// `expected` is where the file's own bytes are looked for at first.
  PixelSourceBuilder(const core::StoredFile& file, std::uint64_t expected)
      : file_(file), next_(expected) {}

  void stored(std::uint64_t offset, std::uint64_t size);
  /// Whole cells, through `mask`.
  void masked(std::uint64_t offset, std::uint64_t size, const CellMask& mask);
  void made(core::ByteView bytes);
  /// What `source`, which is of the same file, has there, each `word_bytes` turned round. False:
  /// the words lie across what it is made of, or it is decoded.
  bool part_of(const PixelSource& source, PixelRange range, std::uint32_t word_bytes);
  /// The `size` bytes from `offset` on of what `maker` makes.
  void decoded(std::shared_ptr<const core::ByteMaker> maker, std::uint64_t offset,
               std::uint64_t size);
  /// The `size` bytes that come next are the code stream of the next frame.
  void begin_stream(std::uint64_t size) { plan_.streams_.push_back({plan_.size_, size}); }
  void may_use_other_bits() { plan_.may_use_other_bits_ = true; }

  std::uint64_t size_bytes() const { return plan_.size_; }
  PixelSource take() { return {file_, std::make_shared<const PixelPlan>(std::move(plan_))}; }

 private:
  using Kind = PixelPlan::Piece::Kind;

  core::StoredFile file_;
  PixelPlan plan_;
  std::uint64_t next_;
};

// The two ways in which pixels are stored. The element of encapsulated ones is the last.

std::variant<PixelSource, Refusal> clean_native(const core::dicom::CheckedFile& file,
                                                const core::dicom::ElementHeader& element,
                                                const PixelLayout& layout);
std::variant<PixelSource, Refusal> clean_encapsulated(
    const core::dicom::CheckedFile& file, const std::vector<core::dicom::ElementHeader>& elements,
    const PixelLayout& layout, const core::Demand& demand, core::MemoryBudget::Taken* memory);

/// Tag, VR and length of an element of group 7FE0, whose VR has a long length.
core::Bytes element_head(const core::dicom::TransferSyntax& syntax, core::dicom::Tag tag,
                         core::dicom::Vr vr, std::uint32_t length);

}  // namespace sekisho::imaging
