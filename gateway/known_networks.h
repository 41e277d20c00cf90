// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/mutex.h"
#include "core/network.h"
#include "sharing/recipient_store.h"

namespace sekisho::gateway {

/// Where recipients are, as it was at the last refresh(): good enough to keep places for them, and
/// right behind it to know whether anybody may come from somewhere. Any thread.
class KnownNetworks {
 public:
  /// Empty. `recipients` outlives this.
  explicit KnownNetworks(const sharing::RecipientStore& recipients) : recipients_(recipients) {}

  /// Asks the store, where it has changed. Blocks; throws core::DatabaseError, and then knows what
  /// it knew.
  void refresh();
  /// Never blocks for long.
  bool contains(const core::IpAddress& address) const;

 private:
  using Networks = std::vector<core::Network>;
  std::shared_ptr<const Networks> networks() const;

  const sharing::RecipientStore& recipients_;
  mutable core::Mutex mutex_;
  std::optional<std::uint64_t> known_version_;  // of the store; guarded by mutex_
  std::shared_ptr<const Networks> networks_ = std::make_shared<Networks>();  // guarded by mutex_
};

}  // namespace sekisho::gateway
