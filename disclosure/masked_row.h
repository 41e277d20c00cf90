// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "anonymization/masking/mask.h"
#include "core/bytes.h"
#include "core/demand.h"
#include "core/dicom/dataset.h"
#include "core/dicom/tag.h"
#include "core/dicom/transfer_syntax.h"
#include "core/recently_used.h"
#include "disclosure/ports.h"
#include "disclosure/share_view.h"

namespace sekisho::disclosure {

/// The masked header of one instance as searches read it: all of it, or the cached attributes. An
/// instance that is malformed or cannot be masked has an empty one: it exists, but nothing is known
/// of it. Immutable; any thread.
class MaskedRow {
 public:
  MaskedRow() = default;
  /// All of the header.
  explicit MaskedRow(const anonymization::Masked& masked);
  /// The attributes `kept`, in order of tags.
  MaskedRow(const anonymization::Masked& masked, std::span<const core::dicom::Tag> kept);
  core::dicom::Dataset dataset() const { return {bytes_, vr_, order_}; }
  const std::string& transfer_syntax() const { return transfer_syntax_; }
  bool is_readable() const { return !transfer_syntax_.empty(); }
  std::size_t size_bytes() const { return bytes_.size(); }

 private:
  core::Bytes bytes_;
  core::dicom::VrCoding vr_ = core::dicom::VrCoding::explicit_vr;
  core::dicom::ByteOrder order_ = core::dicom::ByteOrder::little;
  std::string transfer_syntax_;
};

/// Rows by share and revision of the instance's file, the last used within a limit of memory. Any
/// thread.
class RowCache {
 public:
  /// Rows have the attributes `kept`, in order of tags, which outlive this.
  RowCache(std::uint64_t limit_bytes, std::span<const core::dicom::Tag> kept)
      : kept_(kept), rows_(limit_bytes) {}
  std::span<const core::dicom::Tag> kept() const { return kept_; }
  /// Null where it is not held.
  std::shared_ptr<const MaskedRow> find(std::string_view share, std::string_view revision);
  void put(std::string_view share, std::string_view revision, std::shared_ptr<const MaskedRow> row);

 private:
  const std::span<const core::dicom::Tag> kept_;
  core::RecentlyUsed<std::shared_ptr<const MaskedRow>> rows_;
};

/// The whole row of an instance, read from its file. Null if it is gone; one that cannot be read is
/// reported to the operator. Throws core::StoreError, core::MemoryShortage and core::DemandOver.
std::shared_ptr<const MaskedRow> read_row(const Ports& ports, const ShareView& view,
                                          const InstanceRef& instance, const core::Demand& demand);

/// The same with the attributes that `cache` keeps, from memory where it is held there.
std::shared_ptr<const MaskedRow> row_of(const Ports& ports, RowCache& cache, const ShareView& view,
                                        const InstanceRef& instance, const core::Demand& demand);

}  // namespace sekisho::disclosure
