// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding.h"

#include <gtest/gtest.h>

namespace sekisho::core {
namespace {

std::string text_of(const std::optional<Bytes>& bytes) {
  return bytes ? std::string(as_text(*bytes)) : "nothing";
}

TEST(Hex, GoesBothWays) {
  const Bytes bytes{0x00, 0x7F, 0xAB, 0xFF};
  EXPECT_EQ(to_hex(bytes), "007fabff");
  EXPECT_EQ(from_hex("007fabff"), bytes);
  EXPECT_EQ(from_hex("007FABFF"), bytes);
  EXPECT_EQ(from_hex(""), Bytes{});
}

TEST(Hex, RefusesOddLengthsAndForeignCharacters) {
  for (const char* text : {"0", "0g", "0x10", " 10", "1 0 "}) EXPECT_FALSE(from_hex(text)) << text;
}

// RFC 4648 §10.
constexpr std::pair<const char*, const char*> kBase64Vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

TEST(Base64, PassesTheVectorsOfItsStandard) {
  for (const auto& [plain, encoded] : kBase64Vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), encoded);
    EXPECT_EQ(text_of(from_base64(encoded)), plain);
  }
}

TEST(Base64, IsStrict) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zg==\n",
                           " Zg==", "Z===", "====", "Zh==", "Zm9=", "Zm-v", "Zg==Zg==", "="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

TEST(Base64Url, HasNoPaddingAndItsOwnTwoCharacters) {
  const Bytes bytes{0xFB, 0xFF, 0xFE, 0x01};
  EXPECT_EQ(to_base64url(bytes), "-__-AQ");
  EXPECT_EQ(from_base64url("-__-AQ"), bytes);
  EXPECT_FALSE(from_base64url("+//+AQ"));
  EXPECT_FALSE(from_base64url("-__-AQ=="));
  EXPECT_FALSE(from_base64url("-__-A"));
}

TEST(Base32, PassesTheVectorsOfItsStandard) {
  constexpr std::pair<const char*, const char*> kVectors[] = {
      {"", ""},
      {"f", "MY"},
      {"fo", "MZXQ"},
      {"foo", "MZXW6"},
      {"foob", "MZXW6YQ"},
      {"fooba", "MZXW6YTB"},
      {"foobar", "MZXW6YTBOI"},
  };
  for (const auto& [plain, encoded] : kVectors) EXPECT_EQ(to_base32(as_bytes(plain)), encoded);
}

}  // namespace
}  // namespace sekisho::core
