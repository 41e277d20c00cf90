// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/wrapping_key.h"

#include <gtest/gtest.h>

#include "core/encoding.h"

namespace sekisho::sharing {
namespace {

core::Secret a_key(core::Byte fill) { return core::Secret(core::Bytes(32, fill)); }
const ShareId kShare = *ShareId::parse("000102030405060708090a0b0c0d0e0f");

TEST(MaskWrappingKey, GivesBackWhatItWrapped) {
  const WrappingKey wrapping(a_key(9));
  const WrappedKey wrapped = wrapping.wrap(kShare, a_key(5));
  const auto plain = wrapping.unwrap(kShare, wrapped);
  ASSERT_TRUE(plain);
  EXPECT_EQ(core::to_hex(plain->view()), core::to_hex(a_key(5).view()));
  EXPECT_NE(wrapped.box, wrapping.wrap(kShare, a_key(5)).box) << "the nonce is new";
}

TEST(MaskWrappingKey, RefusesTheRowOfAnotherShare) {
  const WrappingKey wrapping(a_key(9));
  const WrappedKey wrapped = wrapping.wrap(kShare, a_key(5));
  EXPECT_FALSE(wrapping.unwrap(ShareId::random(), wrapped));
  WrappedKey other_id = wrapped;
  other_id.id[0] ^= 1;
  EXPECT_FALSE(wrapping.unwrap(kShare, other_id));
  EXPECT_FALSE(WrappingKey(a_key(8)).unwrap(kShare, wrapped));
}

TEST(MaskWrappingKey, RefusesADamagedBox) {
  const WrappingKey wrapping(a_key(9));
  const WrappedKey wrapped = wrapping.wrap(kShare, a_key(5));
  for (std::size_t i = 0; i < wrapped.box.size(); ++i) {
    WrappedKey damaged = wrapped;
    damaged.box[i] ^= 1;
    EXPECT_FALSE(wrapping.unwrap(kShare, damaged)) << "byte " << i;
    damaged.box.resize(i);
    EXPECT_FALSE(wrapping.unwrap(kShare, damaged)) << i << " bytes";
  }
}

TEST(MaskWrappingKey, IsKnownByAnIdThatDoesNotShowIt) {
  EXPECT_EQ(WrappingKey(a_key(9)).id(), WrappingKey(a_key(9)).id());
  EXPECT_NE(WrappingKey(a_key(9)).id(), WrappingKey(a_key(8)).id());
}

// The worked example of docs/formats/sharing.md, sealed by another program.
TEST(MaskWrappingKey, OpensTheExampleOfThePage) {
  const WrappingKey wrapping(a_key(9));
  EXPECT_EQ(core::to_hex(wrapping.id()), "f3946f782aa672710996333d1fb0b999");
  WrappedKey wrapped;
  const auto id = core::from_hex("46960c17c52010ba95191fc218c4b720");
  std::copy(id->begin(), id->end(), wrapped.id.begin());
  wrapped.box = *core::from_hex(
      "000102030405060708090a0bef549ec7394a2fe09a53299ad5c6c031d670"
      "8aa7981539a17a0b35f343ccfadea580921f61462532c962de15e0e81dc4");
  const auto plain = wrapping.unwrap(kShare, wrapped);
  ASSERT_TRUE(plain);
  EXPECT_EQ(core::to_hex(plain->view()), core::to_hex(a_key(5).view()));
}

}  // namespace
}  // namespace sekisho::sharing
