// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/range.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string_view>

#include "http/request.h"

namespace sekisho::http {
namespace {

constexpr std::uint64_t kSize = 10'000;  // the example of RFC 9110 §14.1.2

Request a_request(std::string_view range, std::string_view if_range = {}) {
  Request request;
  request.method = Method::get;
  request.fields.emplace_back("range", range);
  if (!if_range.empty()) request.fields.emplace_back("if-range", if_range);
  return request;
}

/// "0+500", "whole" or "none".
std::string wanted(const Request& request, std::uint64_t size = kSize,
                   const std::optional<EntityTag>& tag = EntityTag("v1")) {
  const Wanted wanted = wanted_range(request, size, tag);
  if (std::holds_alternative<WholeThing>(wanted)) return "whole";
  const auto* range = std::get_if<ByteRange>(&wanted);
  if (range == nullptr) return "none";
  return std::to_string(range->offset) + "+" + std::to_string(range->size_bytes);
}

TEST(WantedRange, IsWhatTheStandardSays) {
  const struct {
    std::string_view clause;
    std::string_view field;
    std::string_view wanted;
  } rows[] = {
      {"§14.1.2 first 500 bytes", "bytes=0-499", "0+500"},
      {"§14.1.2 second 500 bytes", "bytes=500-999", "500+500"},
      {"§14.1.2 final 500 bytes", "bytes=-500", "9500+500"},
      {"§14.1.2 final 500 bytes, open", "bytes=9500-", "9500+500"},
      {"§14.1.2 the first byte", "bytes=0-0", "0+1"},
      {"§14.1.2 the last byte", "bytes=-1", "9999+1"},
      {"§14.1.2 last-pos beyond the end", "bytes=9000-20000", "9000+1000"},
      {"§14.1.2 a suffix longer than all", "bytes=-20000", "0+10000"},
      {"§14.1.2 numbers of any length", "bytes=5-99999999999999999999999", "5+9995"},
      {"§14.1 units are case-insensitive", "BYTES=0-499", "0+500"},
      {"§5.6.1.2 white space in the set", "bytes= 0-499 ", "0+500"},
      {"§14.1.2 first-pos beyond the end", "bytes=10000-", "none"},
      {"§14.1.2 first-pos far beyond", "bytes=99999999999999999999-", "none"},
      {"§14.1.2 an empty suffix", "bytes=-0", "none"},
      {"§14.1.1 last before first", "bytes=5-4", "whole"},
      {"§14.2 several ranges", "bytes=0-0,-1", "whole"},
      {"§14.2 another unit", "items=0-5", "whole"},
      {"§14.2 no range", "bytes=", "whole"},
      {"§14.2 a lone dash", "bytes=-", "whole"},
      {"§14.2 no number", "bytes=a-5", "whole"},
      {"§14.2 no number behind", "bytes=5-a", "whole"},
      {"§14.2 a sign", "bytes=+5-6", "whole"},
      {"§14.2 two dashes", "bytes=0-5-9", "whole"},
      {"§14.2 no unit", "0-499", "whole"},
      {"§14.2 nothing", "", "whole"},
  };
  for (const auto& row : rows) EXPECT_EQ(wanted(a_request(row.field)), row.wanted) << row.clause;
}

TEST(WantedRange, IsAMatterOfGet) {  // RFC 9110 §14.2
  Request request = a_request("bytes=0-499");
  request.method = Method::head;
  EXPECT_EQ(wanted(request), "whole");
}

TEST(WantedRange, OfNothingIsTheWhole) { EXPECT_EQ(wanted(a_request("bytes=-5"), 0), "whole"); }

TEST(WantedRange, IsTheWholeWhereTheClientHasAnotherState) {  // RFC 9110 §13.1.5
  EXPECT_EQ(wanted(a_request("bytes=0-4", "\"v1\"")), "0+5");
  EXPECT_EQ(wanted(a_request("bytes=0-4", "\"v0\"")), "whole");
  EXPECT_EQ(wanted(a_request("bytes=0-4", "W/\"v1\"")), "whole");
  EXPECT_EQ(wanted(a_request("bytes=0-4", "Sun, 06 Nov 1994 08:49:37 GMT")), "whole");
  EXPECT_EQ(wanted(a_request("bytes=0-4", "\"v1\""), kSize, std::nullopt), "whole");
  EXPECT_EQ(
      wanted(a_request("bytes=0-4", "\"v1\""), kSize, EntityTag("v1", EntityTag::Strength::weak)),
      "whole");
}

TEST(WantedRange, IsTheWholeWhereTwoFieldsAskForTwo) {
  Request request = a_request("bytes=0-4");
  request.fields.emplace_back("range", "bytes=5-9");
  EXPECT_EQ(wanted(request), "whole");
}

TEST(ContentRange, NamesFirstAndLastByte) {  // RFC 9110 §14.4
  EXPECT_EQ((ContentRange{ByteRange{42, 1192}, 1234}.text()), "bytes 42-1233/1234");
  EXPECT_EQ((ContentRange{std::nullopt, 1234}.text()), "bytes */1234");
}

}  // namespace
}  // namespace sekisho::http
