// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <thread>

#include "sharing/recipient_store.h"
#include "sharing/share_store.h"
#include "support/sharing_builders.h"

namespace sekisho::tests {

/// Somewhere to keep shares and recipients, empty at first, and gone with this.
class SharingHouse {
 public:
  virtual ~SharingHouse() = default;
  SharingHouse(const SharingHouse&) = delete;
  SharingHouse& operator=(const SharingHouse&) = delete;
  /// Each over a connection of its own, as another process has it. This outlives them.
  virtual std::unique_ptr<sharing::RecipientStore> open_recipients() = 0;
  virtual std::unique_ptr<sharing::ShareStore> open_shares() = 0;

 protected:
  SharingHouse() = default;
};

using MakeSharingHouse = std::function<std::unique_ptr<SharingHouse>()>;

/// What the contracts of both stores stand on.
class SharingContract : public ::testing::TestWithParam<MakeSharingHouse> {
 protected:
  /// Until what another connection has committed must be seen.
  void wait_for_news() const { std::this_thread::sleep_for(store.staleness()); }

  const std::unique_ptr<SharingHouse> house = GetParam()();
  const std::unique_ptr<sharing::RecipientStore> opened_recipients = house->open_recipients();
  const std::unique_ptr<sharing::ShareStore> opened_shares = house->open_shares();
  sharing::RecipientStore& recipients = *opened_recipients;
  sharing::ShareStore& store = *opened_shares;
};

}  // namespace sekisho::tests
