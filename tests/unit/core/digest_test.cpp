// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/digest.h"

#include <gtest/gtest.h>

#include "core/encoding.h"

namespace sekisho::core {
namespace {

TEST(Digest, Sha1OfItsStandardsExample) {
  EXPECT_EQ(to_hex(sha1(as_bytes("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Digest, Sha256OfItsStandardsExamples) {
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256(ByteView{})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, PartsAreDigestedAsOne) {
  EXPECT_EQ(sha256({as_bytes("a"), as_bytes(""), as_bytes("bc")}), sha256(as_bytes("abc")));
  EXPECT_EQ(hmac_sha256(as_bytes("key"), {as_bytes("a"), as_bytes("bc")}),
            hmac_sha256(as_bytes("key"), {as_bytes("abc")}));
}

struct HmacVector {
  Bytes key;
  Bytes data;
  const char* digest;
};

TEST(Digest, HmacPassesTheVectorsOfRfc4231) {
  const auto bytes_of = [](std::string_view text) { return Bytes(text.begin(), text.end()); };
  Bytes counting(25);
  for (std::size_t i = 0; i < counting.size(); ++i) counting[i] = static_cast<Byte>(i + 1);
  const HmacVector vectors[] = {
      {Bytes(20, 0x0B), bytes_of("Hi There"),
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {bytes_of("Jefe"), bytes_of("what do ya want for nothing?"),
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {Bytes(20, 0xAA), Bytes(50, 0xDD),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {counting, Bytes(50, 0xCD),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {Bytes(131, 0xAA), bytes_of("Test Using Larger Than Block-Size Key - Hash Key First"),
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
  };
  for (const HmacVector& vector : vectors) {
    EXPECT_EQ(to_hex(hmac_sha256(vector.key, {vector.data})), vector.digest);
  }
}

}  // namespace
}  // namespace sekisho::core
