// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sealed_box.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "core/encoding.h"

namespace sekisho::core {
namespace {

const Bytes kKey(32, 1);

TEST(SealedBox, GivesBackWhatWasPutIn) {
  for (const std::string_view text : {"", "x", "山田太郎"}) {
    const Bytes box = seal_box(kKey, as_bytes("label"), as_bytes(text));
    EXPECT_EQ(box.size(), text.size() + kBoxOverheadBytes);
    const auto plain = open_box(kKey, as_bytes("label"), box);
    ASSERT_TRUE(plain);
    EXPECT_EQ(as_text(*plain), text);
  }
}

// python3-cryptography: AESGCM(b"\x01" * 32).encrypt(bytes(12), b"secret", b"label")
TEST(SealedBox, OpensWhatAnotherProgramSealed) {
  const auto box = from_hex("000000000000000000000000cc50fbae104f175cb50a1e53533bbd9590156ef7a0d6");
  const auto plain = open_box(kKey, as_bytes("label"), *box);
  ASSERT_TRUE(plain);
  EXPECT_EQ(as_text(*plain), "secret");
}

TEST(SealedBox, StaysShutForAnotherKeyOrOtherData) {
  const Bytes box = seal_box(kKey, as_bytes("label"), as_bytes("secret"));
  EXPECT_FALSE(open_box(Bytes(32, 2), as_bytes("label"), box));
  EXPECT_FALSE(open_box(Bytes(31, 1), as_bytes("label"), box));
  EXPECT_FALSE(open_box(kKey, as_bytes("labels"), box));
  EXPECT_FALSE(open_box(kKey, {}, box));
}

TEST(SealedBox, StaysShutWhereAByteIsChangedOrMissing) {
  const Bytes box = seal_box(kKey, {}, as_bytes("secret"));
  for (std::size_t i = 0; i < box.size(); ++i) {
    Bytes bad = box;
    bad[i] ^= 1;
    EXPECT_FALSE(open_box(kKey, {}, bad)) << "byte " << i;
    EXPECT_FALSE(open_box(kKey, {}, ByteView(box).first(i))) << i << " bytes";
  }
}

TEST(SealedBox, IsNeverTheSameTwice) {
  EXPECT_NE(seal_box(kKey, {}, as_bytes("x")), seal_box(kKey, {}, as_bytes("x")));
}

TEST(SealedBox, TakesNoShorterKey) {
  EXPECT_THROW(seal_box(Bytes(16, 1), {}, as_bytes("x")), std::runtime_error);
}

// printf 'label\0\1\1…\1' | sha256sum | cut -c1-32
TEST(KeyId, DependsOnLabelAndKey) {
  EXPECT_EQ(to_hex(key_id("label", kKey)), "21812ed4cd71c2d4448e6a81b228a45e");
  EXPECT_NE(key_id("other", kKey), key_id("label", kKey));
  EXPECT_NE(key_id("label", Bytes(32, 2)), key_id("label", kKey));
}

}  // namespace
}  // namespace sekisho::core
