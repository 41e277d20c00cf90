// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry/seal.h"

#include <gtest/gtest.h>

#include "audit/entry/index_key.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

core::Secret a_key(core::Byte fill) { return core::Secret(core::Bytes(32, fill)); }

TextKey& a_text_key(TextKey& key) {
  key.subject = {SubjectKind::patient, Bits128{1, 2, 3}};
  key.key = a_key(5);
  key.id = text_key_id(key.key.view());
  return key;
}

TEST(Seal, OpensWithTheSameKeyAndSalt) {
  const Bits128 salt{1};
  for (const std::string text : {"", "x", "山田太郎"}) {
    EXPECT_EQ(unseal(a_key(1).view(), salt, seal(a_key(1).view(), salt, text)), text);
  }
}

TEST(Seal, StaysShutOtherwise) {
  const Bits128 salt{1};
  const core::Bytes box = seal(a_key(1).view(), salt, "secret");
  EXPECT_FALSE(unseal(a_key(2).view(), salt, box));
  EXPECT_FALSE(unseal(a_key(1).view(), Bits128{2}, box));
  EXPECT_FALSE(unseal(a_key(1).view(), salt, core::ByteView(box).first(27)));
  EXPECT_FALSE(unseal(a_key(1).view(), salt, {}));
  for (std::size_t i = 0; i < box.size(); ++i) {
    core::Bytes bad = box;
    bad[i] ^= 1;
    EXPECT_FALSE(unseal(a_key(1).view(), salt, bad)) << "byte " << i;
  }
}

TEST(Seal, NeverGivesTheSameBoxTwice) {
  EXPECT_NE(seal(a_key(1).view(), {}, "x"), seal(a_key(1).view(), {}, "x"));
}

TEST(WrappingKey, GivesBackWhatItWrapped) {
  TextKey key;
  a_text_key(key);
  const WrappingKey wrapping(a_key(9));
  const auto plain = wrapping.unwrap(key.id, key.subject, wrapping.wrap(key));
  ASSERT_TRUE(plain);
  EXPECT_EQ(core::to_hex(plain->view()), core::to_hex(key.key.view()));
}

TEST(WrappingKey, RefusesTheRowOfAnother) {
  TextKey key;
  a_text_key(key);
  const WrappingKey wrapping(a_key(9));
  const core::Bytes wrapped = wrapping.wrap(key);
  EXPECT_FALSE(wrapping.unwrap(Bits128{7}, key.subject, wrapped));
  EXPECT_FALSE(wrapping.unwrap(key.id, {SubjectKind::recipient, key.subject.hash}, wrapped));
  EXPECT_FALSE(wrapping.unwrap(key.id, {SubjectKind::patient, Bits128{}}, wrapped));
  EXPECT_FALSE(WrappingKey(a_key(8)).unwrap(key.id, key.subject, wrapped));
}

TEST(IndexKey, HashesAsTheFormatSays) {
  // printf 'patient\0P1001' | openssl dgst -sha256 -mac hmac -macopt hexkey:0505…05
  const IndexKey index(a_key(5));
  EXPECT_EQ(core::to_hex(index.subject(SubjectKind::patient, "P1001").hash),
            "bf2d340f3944d0a9944c2c1afa6e4ae4");
}

TEST(IndexKey, KeepsTheKindsApart) {
  const IndexKey index(a_key(5));
  EXPECT_NE(index.subject(SubjectKind::study, "1.2").hash,
            index.subject(SubjectKind::series, "1.2").hash);
  EXPECT_NE(index.subject(SubjectKind::study, "1.2").hash,
            IndexKey(a_key(6)).subject(SubjectKind::study, "1.2").hash);
}

}  // namespace
}  // namespace sekisho::audit
