// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/access_key.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_directory.h"

namespace sekisho::access {
namespace {

core::Secret bytes(std::size_t size, core::Byte value) {
  return core::Secret(core::Bytes(size, value));
}

TEST(AccessKey, OpensWhatItSealedForThatPerson) {
  const AccessKey key(bytes(32, 1));
  const auto sato = PersonId::random();
  const core::Bytes box = key.seal(sato, bytes(20, 7));
  const auto opened = key.open(sato, box);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(core::equal_in_constant_time(opened->view(), bytes(20, 7).view()));
  EXPECT_FALSE(key.open(PersonId::random(), box));
  EXPECT_FALSE(AccessKey(bytes(32, 2)).open(sato, box));
  core::Bytes changed = box;
  changed.back() ^= 1;
  EXPECT_FALSE(key.open(sato, changed));
}

TEST(AccessKey, NamesAccountsAndSitesApart) {
  const AccessKey key(bytes(32, 1));
  EXPECT_EQ(key.name_of(Counted::account, "10.0.0.1"), key.name_of(Counted::account, "10.0.0.1"));
  EXPECT_NE(key.name_of(Counted::account, "10.0.0.1"), key.name_of(Counted::site, "10.0.0.1"));
  EXPECT_NE(key.name_of(Counted::account, "sato"),
            AccessKey(bytes(32, 2)).name_of(Counted::account, "sato"));
}

TEST(AccessKey, IsMadeOnceAndReadAgain) {
  const tests::TemporaryDirectory directory;
  const auto file = directory.path() / "access.key";
  const auto made = AccessKey::of_file(file).id();
  EXPECT_EQ(AccessKey::of_file(file).id(), made);
}

TEST(AccessKey, OfAFileThatOthersCanReadIsRefused) {
  const tests::TemporaryDirectory directory;
  const auto file = directory.path() / "access.key";
  AccessKey::of_file(file);
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  EXPECT_THROW(AccessKey::of_file(file), AccessKeyError);
}

}  // namespace
}  // namespace sekisho::access
