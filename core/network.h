// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"

namespace sekisho::core {

/// An IPv4 or IPv6 address. IPv4-mapped IPv6 (::ffff:a.b.c.d) is the IPv4 address.
class IpAddress {
 public:
  static std::optional<IpAddress> parse(std::string_view text);
  const std::string& text() const { return text_; }  ///< canonical
  friend bool operator==(const IpAddress& a, const IpAddress& b) { return a.bytes_ == b.bytes_; }

 private:
  friend class Network;
  IpAddress() = default;
  std::array<Byte, 16> bytes_{};  ///< IPv4 as ::ffff:a.b.c.d
  std::string text_;
};

/// A CIDR block: "10.20.0.0/24", "2001:db8::/32"; a bare address is a block of one.
class Network {
 public:
  /// `nullopt` for what is no CIDR block, bits set after the prefix included.
  static std::optional<Network> parse(std::string_view text);
  /// What one host or household has: the /64 around an IPv6 address (RFC 4291 §2.5.1), of IPv4 the
  /// address alone.
  static Network site_of(const IpAddress& address);
  bool contains(const IpAddress& address) const;
  const std::string& text() const { return text_; }
  friend bool operator==(const Network&, const Network&) = default;

 private:
  Network() = default;
  void name_it();
  std::array<Byte, 16> bytes_{};
  int prefix_bits_ = 128;  ///< counted in the 128-bit form
  std::string text_;
};

}  // namespace sekisho::core
