// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/proxy_header.h"

#include <gtest/gtest.h>

#include <vector>

#include "unit/http/proxy_headers.h"

namespace sekisho::http {
namespace {

using namespace std::string_literals;
using tests::header_for;
using tests::proxied_addresses;
using tests::proxy_header;

ProxyReading read(std::string_view bytes) { return read_proxy_header(core::as_bytes(bytes)); }

/// The address that it tells; empty where it tells none.
std::string client_in(std::string_view bytes) {
  const auto reading = read(bytes);
  const auto* header = std::get_if<ProxyHeader>(&reading);
  return header != nullptr && header->client ? header->client->text() : std::string();
}

bool is_refused(std::string_view bytes) {
  return std::holds_alternative<ProxyHeaderRefusal>(read(bytes));
}

/// Type, length and value.
std::string extra(int type, std::string_view value) {
  std::string bytes(1, static_cast<char>(type));
  bytes += static_cast<char>(value.size() >> 8);
  bytes += static_cast<char>(value.size() & 0xFF);
  return bytes.append(value);
}

// §2.2: "\x21" is PROXY, "\x11" TCP over IPv4 and "\x21" TCP over IPv6.
TEST(ProxyHeader, NamesTheClient) {
  EXPECT_EQ(client_in(header_for("10.20.0.7")), "10.20.0.7");
  EXPECT_EQ(client_in(header_for("2001:db8::7")), "2001:db8::7");
}

TEST(ProxyHeader, AMappedIpv4ClientIsTheIpv4Client) {
  EXPECT_EQ(client_in(header_for("::ffff:10.20.0.7")), "10.20.0.7");
}

// §2.2, LOCAL: the receiver accepts it, uses the connection's own ends and discards the block.
TEST(ProxyHeader, AHealthCheckIsForTheProxyItselfWhateverElseItSays) {
  for (const int family : {0x00, 0x11, 0x21, 0x31, 0xFF}) {
    for (const std::string& content : {""s, "\x03"s, proxied_addresses("10.20.0.7")}) {
      const auto reading = read(proxy_header(0x20, family, content));
      const auto* header = std::get_if<ProxyHeader>(&reading);
      ASSERT_NE(header, nullptr) << family;
      EXPECT_FALSE(header->client) << family;
    }
  }
}

TEST(ProxyHeader, AsksForNoByteThatIsNotItsOwn) {
  const std::string header = header_for("10.20.0.7", extra(0x02, "share.hospital.example"));
  for (std::size_t size = 0; size < header.size(); ++size) {
    const auto reading = read(std::string_view(header).substr(0, size));
    const auto* rest = std::get_if<ProxyHeaderRest>(&reading);
    ASSERT_NE(rest, nullptr) << size;
    EXPECT_EQ(rest->bytes, (size < 16 ? 16 : header.size()) - size);
  }
  EXPECT_EQ(client_in(header + "\x16\x03\x01"), "10.20.0.7");
}

TEST(ProxyHeader, SkipsWhatElseTheProxyTells) {
  const std::string tls = extra(0x20, "\x01\0\0\0\0"s + extra(0x21, "TLSv1.3"));
  EXPECT_EQ(client_in(header_for("10.20.0.7", extra(0x04, "") + tls + extra(0xEA, "vpce"))),
            "10.20.0.7");
}

// What HAProxy 2.6 sent with "proxy-v2-options crc32c,unique-id".
TEST(ProxyHeader, BelievesHaproxyWithItsChecksumAndAnEmptyExtra) {
  EXPECT_EQ(client_in(proxy_header(0x21, 0x11,
                                   "\x7F\0\0\x01\x7F\0\0\x01\x92\x88\xBA\x15"
                                   "\x03\0\x04\x8C\xCE\xAD\x93\x05\0\0"s)),
            "127.0.0.1");
}

// §2.2.3. The sum was computed by another program: 0xE3069283 for "123456789", as published.
TEST(ProxyHeader, BelievesAHeaderWhoseChecksumIsRight) {
  EXPECT_EQ(client_in(header_for("10.20.0.7", extra(0x03, "\xF1\x26\x6A\x7E"))), "10.20.0.7");
}

TEST(ProxyHeader, RefusesAHeaderThatWasDamagedOnItsWay) {
  const std::string good = header_for("10.20.0.7", extra(0x03, "\xF1\x26\x6A\x7E"));
  for (std::size_t i = 16; i < good.size(); ++i) {
    std::string damaged = good;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x01);
    const bool is_other_extra = i == 28;  // then it is no checksum any more
    EXPECT_EQ(is_refused(damaged), !is_other_extra) << i;
  }
}

TEST(ProxyHeader, RefusesASecondChecksumAndOneOfAnotherSize) {
  const std::string sum = extra(0x03, "\xF1\x26\x6A\x7E");
  EXPECT_TRUE(is_refused(header_for("10.20.0.7", sum + sum)));
  EXPECT_TRUE(is_refused(header_for("10.20.0.7", extra(0x03, "\xF1\x26\x6A"))));
  EXPECT_TRUE(is_refused(header_for("10.20.0.7", extra(0x03, ""))));
}

TEST(ProxyHeader, RefusesWhatBeginsOtherwiseAtItsFirstWrongByte) {
  const std::string header = header_for("10.20.0.7");
  for (std::size_t i = 0; i < 12; ++i) {
    std::string other = header.substr(0, i + 1);
    other[i] = static_cast<char>(other[i] ^ 0x20);
    EXPECT_TRUE(is_refused(other)) << i;
  }
  EXPECT_TRUE(is_refused("PROXY TCP4 10.20.0.7 10.20.0.1 49153 443\r\n")) << "version 1";
  EXPECT_TRUE(is_refused("\x16\x03\x01")) << "a handshake of TLS";
}

TEST(ProxyHeader, RefusesEveryCommandAndFamilyButThoseOfTcp) {
  const std::string content(216, '\x01');  // enough for any family
  for (int command = 0; command < 256; ++command) {
    if (command == 0x20) continue;
    for (int family = 0; family < 256; ++family) {
      const bool is_tcp = command == 0x21 && (family == 0x11 || family == 0x21);
      const std::string addresses = family == 0x11 ? content.substr(0, 12) : content.substr(0, 36);
      EXPECT_EQ(is_refused(proxy_header(command, family, is_tcp ? addresses : content)), !is_tcp)
          << command << ' ' << family;
    }
  }
}

TEST(ProxyHeader, RefusesAddressesThatAreCut) {
  for (const std::string client : {"10.20.0.7", "2001:db8::7"}) {
    const std::string addresses = proxied_addresses(client);
    const int family = addresses.size() == 12 ? 0x11 : 0x21;
    for (std::size_t size = 0; size < addresses.size(); ++size) {
      EXPECT_TRUE(is_refused(proxy_header(0x21, family, addresses.substr(0, size)))) << size;
    }
  }
}

TEST(ProxyHeader, RefusesExtrasThatDoNotFit) {
  EXPECT_TRUE(is_refused(header_for("10.20.0.7", "\x04")));
  EXPECT_TRUE(is_refused(header_for("10.20.0.7", "\x04\x00"s)));
  EXPECT_TRUE(is_refused(header_for("10.20.0.7", "\x04\x00\x02\x00"s)));
  EXPECT_TRUE(is_refused(header_for("10.20.0.7", "\x04\xFF\xFF"s)));
}

TEST(ProxyHeader, RefusesALongOneBeforeItHasArrived) {
  const auto long_header = [](std::size_t bytes) {
    return header_for("10.20.0.7", extra(0x04, std::string(bytes - 16 - 12 - 3, '\0')));
  };
  EXPECT_EQ(client_in(long_header(kLongestProxyHeader)), "10.20.0.7");
  EXPECT_TRUE(is_refused(long_header(kLongestProxyHeader + 1).substr(0, 16)));
  EXPECT_TRUE(is_refused(proxy_header(0x20, 0, std::string(65535, '\0')).substr(0, 16)));
}

}  // namespace
}  // namespace sekisho::http
