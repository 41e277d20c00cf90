// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace sekisho::core {
namespace {

using Address = std::array<Byte, 16>;

/// Where IPv4 lies inside the 128-bit form (RFC 4291 §2.5.5.2).
constexpr std::array<Byte, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int kMappedBits = 96;
constexpr int kSiteBits = 64;

bool is_ipv4(const Address& bytes) {
  return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin());
}

struct Parsed {
  Address bytes;
  int bits;  ///< in the notation it was written in: 32 or 128
};

std::optional<Parsed> parse_bytes(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  Parsed parsed{};
  if (inet_pton(AF_INET6, terminated.c_str(), parsed.bytes.data()) == 1) {
    parsed.bits = 128;
    return parsed;
  }
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), parsed.bytes.begin());
  if (inet_pton(AF_INET, terminated.c_str(), parsed.bytes.data() + kMappedPrefix.size()) == 1) {
    parsed.bits = 32;
    return parsed;
  }
  return std::nullopt;
}

std::string canonical(const Address& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_ipv4(bytes)) {
    inet_ntop(AF_INET, bytes.data() + kMappedPrefix.size(), text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  }
  return text.data();
}

std::optional<int> parse_prefix(std::string_view text, int maximum) {
  int bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.front() == '-' || (text.front() == '0' && text.size() > 1)) return std::nullopt;
  if (bits > maximum) return std::nullopt;
  return bits;
}

/// The bits of octet `index` that a prefix of `bits` covers.
Byte mask_of(int bits, std::size_t index) {
  const int covered = std::clamp(bits - static_cast<int>(index) * 8, 0, 8);
  return static_cast<Byte>(0xFF << (8 - covered));
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const auto parsed = parse_bytes(text);
  if (!parsed) return std::nullopt;
  IpAddress address;
  address.bytes_ = parsed->bytes;
  address.text_ = canonical(parsed->bytes);
  return address;
}

std::optional<Network> Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto parsed = parse_bytes(text.substr(0, slash));
  if (!parsed) return std::nullopt;
  int bits = parsed->bits;
  if (slash != std::string_view::npos) {
    const auto prefix = parse_prefix(text.substr(slash + 1), parsed->bits);
    if (!prefix) return std::nullopt;
    bits = *prefix;
  }
  Network network;
  network.bytes_ = parsed->bytes;
  network.prefix_bits_ = bits + (128 - parsed->bits);
  for (std::size_t i = 0; i < network.bytes_.size(); ++i) {
    if ((network.bytes_[i] & ~mask_of(network.prefix_bits_, i)) != 0) return std::nullopt;
  }
  network.name_it();
  return network;
}

void Network::name_it() {
  const int written_bits = prefix_bits_ - (is_ipv4(bytes_) ? kMappedBits : 0);
  text_ = canonical(bytes_) + "/" + std::to_string(written_bits);
}

Network Network::site_of(const IpAddress& address) {
  Network network;
  network.prefix_bits_ = is_ipv4(address.bytes_) ? 128 : kSiteBits;
  for (std::size_t i = 0; i < network.bytes_.size(); ++i) {
    network.bytes_[i] = static_cast<Byte>(address.bytes_[i] & mask_of(network.prefix_bits_, i));
  }
  network.name_it();
  return network;
}

bool Network::contains(const IpAddress& address) const {
  // Whoever writes "::/0" means IPv6 and must not open the door to every IPv4 address with it.
  if (is_ipv4(bytes_) != is_ipv4(address.bytes_)) return false;
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    if (((bytes_[i] ^ address.bytes_[i]) & mask_of(prefix_bits_, i)) != 0) return false;
  }
  return true;
}

}  // namespace sekisho::core
