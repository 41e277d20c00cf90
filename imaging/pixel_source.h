// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/demand.h"
#include "core/stored_file.h"
#include "imaging/pixel_plan.h"

namespace sekisho::imaging {

/// The elements of group 7FE0 as they may leave, by a plan that clean_pixels() or stored_pixels()
/// made of the same bytes. An immutable, movable value; any thread may read it.
class PixelSource {
 public:
  using Range = PixelRange;

  PixelSource(core::StoredFile file, std::shared_ptr<const PixelPlan> plan)
      : file_(std::move(file)), plan_(std::move(plan)) {}

  std::uint64_t size_bytes() const { return plan_->size_bytes(); }
  /// Fills `out` with the bytes from `offset` on. Throws StoreError.
  void read(std::uint64_t offset, std::span<core::Byte> out) const;
  /// What from `offset` on is file()'s own, unchanged; `nullopt`: it must be read.
  std::optional<Range> range_at(std::uint64_t offset) const;
  const core::StoredFile& file() const { return file_; }

  const std::shared_ptr<const PixelPlan>& plan() const { return plan_; }
  const std::vector<Range>& streams() const { return plan_->streams(); }
  bool may_use_other_bits() const { return plan_->may_use_other_bits(); }
  std::uint64_t made_bytes() const { return plan_->made_bytes(); }

  /// The same bytes by a plan without a mask where nothing is to be masked: reads all that the mask
  /// is for. Throws StoreError and DemandOver.
  PixelSource without_idle_mask(const core::Demand& demand) const;

 private:
  void read_cells(const PixelPlan::Piece& piece, std::uint64_t begin,
                  std::span<core::Byte> out) const;
  /// Of whole ones.
  void change_cells(const PixelPlan::Piece& piece, std::span<core::Byte> cells) const;
  bool is_clear(const PixelPlan::Piece& piece, const core::Demand& demand) const;

  core::StoredFile file_;
  std::shared_ptr<const PixelPlan> plan_;
};

}  // namespace sekisho::imaging
