// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/one_time_code.h"

#include <gtest/gtest.h>

#include <array>

namespace sekisho::access {
namespace {

constexpr std::string_view kSecret = "12345678901234567890";  // of both RFCs

core::Time at_second(std::int64_t seconds) { return core::Time(std::chrono::seconds(seconds)); }

std::string code_at(std::int64_t seconds) {
  return hotp(core::as_bytes(kSecret), static_cast<std::uint64_t>(totp_step(at_second(seconds))),
              6);
}

TEST(OneTimeCode, IsThatOfRfc4226AppendixD) {
  constexpr std::array<std::string_view, 10> kCodes = {"755224", "287082", "359152", "969429",
                                                       "338314", "254676", "287922", "162583",
                                                       "399871", "520489"};
  for (std::size_t count = 0; count < kCodes.size(); ++count) {
    EXPECT_EQ(hotp(core::as_bytes(kSecret), count, 6), kCodes[count]);
  }
}

TEST(OneTimeCode, IsThatOfRfc6238AppendixB) {
  constexpr struct {
    std::int64_t seconds;
    std::string_view code;
  } kVectors[] = {{59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
                  {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& vector : kVectors) {
    const auto step = static_cast<std::uint64_t>(totp_step(at_second(vector.seconds)));
    EXPECT_EQ(hotp(core::as_bytes(kSecret), step, 8), vector.code);
  }
}

TEST(OneTimeCode, IsTakenOneStepEarlyOrLateAndNoMore) {
  const std::int64_t now = 1111111111;
  const auto step_of = [&](std::int64_t seconds) {
    return step_of_code(core::as_bytes(kSecret), code_at(seconds), at_second(now), 0);
  };
  EXPECT_EQ(step_of(now), totp_step(at_second(now)));
  EXPECT_EQ(step_of(now - 30), totp_step(at_second(now)) - 1);
  EXPECT_EQ(step_of(now + 30), totp_step(at_second(now)) + 1);
  EXPECT_FALSE(step_of(now - 60));
  EXPECT_FALSE(step_of(now + 60));
}

TEST(OneTimeCode, IsGoodOnceAndSoIsEachBeforeIt) {
  const std::int64_t now = 1111111111;
  const std::int64_t step = totp_step(at_second(now));
  const auto taken = [&](std::int64_t seconds, std::int64_t last_used) {
    return step_of_code(core::as_bytes(kSecret), code_at(seconds), at_second(now), last_used)
        .has_value();
  };
  EXPECT_FALSE(taken(now, step));
  EXPECT_FALSE(taken(now - 30, step));
  EXPECT_TRUE(taken(now + 30, step));
  EXPECT_TRUE(taken(now, step - 1));
}

TEST(OneTimeCode, IsSixDigitsAndNothingElse) {
  const std::string code = code_at(59);
  for (const std::string& typed :
       {std::string(), code.substr(1), code + '0', ' ' + code, std::string(6, '\0'), code + '\0'}) {
    EXPECT_FALSE(step_of_code(core::as_bytes(kSecret), typed, at_second(59), 0));
  }
  EXPECT_TRUE(step_of_code(core::as_bytes(kSecret), code, at_second(59), 0));
}

TEST(OneTimeCode, SecretIsNewEachTimeAndGoesIntoAUri) {
  EXPECT_EQ(new_totp_secret().view().size(), 20U);
  EXPECT_FALSE(core::equal_in_constant_time(new_totp_secret().view(), new_totp_secret().view()));
  EXPECT_EQ(totp_uri(core::as_bytes(kSecret), "石川病院 A&B", "sato@kaga.example"),
            "otpauth://totp/%E7%9F%B3%E5%B7%9D%E7%97%85%E9%99%A2%20A%26B:sato%40kaga.example"
            "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            "&issuer=%E7%9F%B3%E5%B7%9D%E7%97%85%E9%99%A2%20A%26B"
            "&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
}  // namespace sekisho::access
