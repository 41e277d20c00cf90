// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/known_networks.h"

#include <gtest/gtest.h>

#include "sharing/sqlite/sqlite_recipient_store.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::gateway {
namespace {

using tests::address;

TEST(KnownNetworks, AreThoseOfTheRecipientsThatAreNotDisabled) {
  const tests::TemporaryDirectory directory;
  sharing::SqliteRecipientStore recipients(sharing::SharingPlace::in(directory.path()));
  KnownNetworks known(recipients);
  sharing::Recipient clinic = tests::a_recipient("Minato Clinic");
  clinic.networks = {tests::network("10.20.0.0/24"), tests::network("2001:db8::/64")};
  recipients.insert(clinic);
  EXPECT_FALSE(known.contains(address("10.20.0.5"))) << "before it has asked";

  known.refresh();
  EXPECT_TRUE(known.contains(address("10.20.0.5")));
  EXPECT_TRUE(known.contains(address("2001:db8::7")));
  EXPECT_FALSE(known.contains(address("10.21.0.5")));

  recipients.disable(clinic.id, tests::at("2026-02-01T00:00:00Z"));
  known.refresh();
  EXPECT_FALSE(known.contains(address("10.20.0.5")));
}

}  // namespace
}  // namespace sekisho::gateway
