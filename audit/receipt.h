// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <utility>

#include "audit/receipt_id.h"
#include "core/digest.h"

namespace sekisho::audit {

/// Proof that an event is on disk, under a signed checkpoint. Only the log makes one.
class Receipt {
 public:
  /// What it is known by to whoever keeps it. Of the first entry, where the event took several.
  const ReceiptId& id() const { return id_; }
  /// The place in the log, from 0: the leaf index of RFC 6962.
  std::uint64_t seq() const { return id_.number; }
  const core::Sha256& leaf_hash() const { return leaf_hash_; }

 private:
  friend class LogWriter;
  Receipt(ReceiptId id, const core::Sha256& leaf_hash)
      : id_(std::move(id)), leaf_hash_(leaf_hash) {}
  ReceiptId id_;
  core::Sha256 leaf_hash_;
};

}  // namespace sekisho::audit
