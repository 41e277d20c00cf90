// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network.h"

#include <gtest/gtest.h>

#include "support/addresses.h"

namespace sekisho::core {
namespace {

using tests::address;
using tests::network;

TEST(IpAddress, IsShownInItsCanonicalForm) {
  EXPECT_EQ(address("10.20.0.1").text(), "10.20.0.1");
  EXPECT_EQ(address("2001:DB8:0:0:0:0:0:1").text(), "2001:db8::1");
}

TEST(IpAddress, MappedIpv4IsTheIpv4Address) {
  EXPECT_EQ(address("::ffff:10.20.0.1"), address("10.20.0.1"));
  EXPECT_EQ(address("::ffff:a14:1").text(), "10.20.0.1");
}

TEST(IpAddress, RefusesWhatIsNoAddress) {
  using namespace std::string_view_literals;
  for (std::string_view text :
       {""sv, "10.20.0"sv, "10.20.0.256"sv, "010.20.0.1"sv, "10.20.0.1 "sv, "10.20.0.1/32"sv,
        "0x0a.20.0.1"sv, "host.example"sv, "fe80::1%eth0"sv, "::1::"sv, "10.20.0.1\0x"sv}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
}

TEST(Network, ContainsItsFirstAndLastAddressAndNoNeighbour) {
  const Network clinic = network("10.20.0.64/26");
  EXPECT_TRUE(clinic.contains(address("10.20.0.64")));
  EXPECT_TRUE(clinic.contains(address("10.20.0.127")));
  EXPECT_FALSE(clinic.contains(address("10.20.0.63")));
  EXPECT_FALSE(clinic.contains(address("10.20.0.128")));
}

TEST(Network, WorksForIpv6) {
  const Network clinic = network("2001:db8::/32");
  EXPECT_TRUE(clinic.contains(address("2001:db8:ffff::1")));
  EXPECT_FALSE(clinic.contains(address("2001:db9::")));
}

TEST(Network, ABareAddressIsABlockOfOne) {
  EXPECT_EQ(network("10.20.0.7").text(), "10.20.0.7/32");
  EXPECT_EQ(network("2001:db8::1").text(), "2001:db8::1/128");
  EXPECT_TRUE(network("10.20.0.7").contains(address("::ffff:10.20.0.7")));
  EXPECT_FALSE(network("10.20.0.7").contains(address("10.20.0.6")));
}

TEST(Network, EveryIpv6AddressIncludesNoIpv4Address) {
  EXPECT_TRUE(network("::/0").contains(address("2001:db8::1")));
  EXPECT_FALSE(network("::/0").contains(address("10.20.0.1")));
  EXPECT_TRUE(network("0.0.0.0/0").contains(address("10.20.0.1")));
  EXPECT_FALSE(network("0.0.0.0/0").contains(address("2001:db8::1")));
}

TEST(Network, AMappedBlockIsTheIpv4Block) {
  EXPECT_EQ(network("::ffff:10.20.0.0/120"), network("10.20.0.0/24"));
}

TEST(Network, OfASiteIsWhatOneHostMayTakeItsAddressesFrom) {
  EXPECT_EQ(Network::site_of(address("2001:db8:1:2:3:4:5:6")).text(), "2001:db8:1:2::/64");
  EXPECT_EQ(Network::site_of(address("2001:db8:1:2::")).text(), "2001:db8:1:2::/64");
  EXPECT_EQ(Network::site_of(address("10.20.0.65")).text(), "10.20.0.65/32");
  EXPECT_EQ(Network::site_of(address("::ffff:10.20.0.65")).text(), "10.20.0.65/32");
}

TEST(Network, RefusesBitsAfterThePrefix) {
  EXPECT_FALSE(Network::parse("10.20.0.1/24"));
  EXPECT_FALSE(Network::parse("2001:db8::1/64"));
  EXPECT_FALSE(Network::parse("::ffff:10.20.0.0/32"));
}

TEST(Network, RefusesWhatIsNoBlock) {
  for (std::string_view text :
       {"", "/", "10.20.0.0/", "10.20.0.0/33", "10.20.0.0/-1", "10.20.0.0/+8", "10.20.0.0/024",
        "10.20.0.0/24/24", "10.20.0.0/ 24", "2001:db8::/129", "any", "10.20.0.0/255.255.255.0"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

}  // namespace
}  // namespace sekisho::core
