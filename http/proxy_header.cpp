// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/proxy_header.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace sekisho::http {
namespace {

using core::Byte;
using core::ByteView;

constexpr std::array<Byte, 12> kSignature = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D,
                                             0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
constexpr std::size_t kCommandAt = 12;  // with the version in front of it
constexpr std::size_t kFamilyAt = 13;
constexpr std::size_t kLengthAt = 14;
constexpr std::size_t kFixedBytes = 16;

constexpr Byte kLocal = 0x20;
constexpr Byte kProxy = 0x21;

/// Two addresses of a family, then two ports.
struct Family {
  Byte code;
  int family;
  std::size_t address_bytes;
  std::size_t all_bytes() const { return 2 * address_bytes + 4; }
};
constexpr Family kFamilies[] = {{0x11, AF_INET, 4}, {0x21, AF_INET6, 16}};

// Type, length, value (§2.2).
constexpr std::size_t kExtraHeadBytes = 3;
constexpr Byte kChecksum = 0x03;
constexpr std::size_t kChecksumBytes = 4;

std::uint32_t big_endian(ByteView bytes) {
  std::uint32_t number = 0;
  for (const Byte byte : bytes) number = number << 8 | byte;
  return number;
}

/// CRC-32C (§2.2.3, RFC 4960 appendix B) of a header whose own checksum stands at `at` and counts
/// as 0.
std::uint32_t checksum_of(ByteView header, std::size_t at) {
  constexpr std::uint32_t kPolynomial = 0x82F63B78;  // reflected
  std::uint32_t sum = 0xFFFFFFFF;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (i < at || i >= at + kChecksumBytes) sum ^= header[i];
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ ((sum & 1) != 0 ? kPolynomial : 0);
  }
  return ~sum;
}

/// Whether what stands behind the addresses fits where it is, and the checksum if there is one.
bool is_sound(ByteView header, std::size_t at) {
  bool has_checksum = false;
  while (at < header.size()) {
    if (header.size() - at < kExtraHeadBytes) return false;
    const Byte type = header[at];
    const std::size_t size = big_endian(header.subspan(at + 1, 2));
    at += kExtraHeadBytes;
    if (size > header.size() - at) return false;
    if (type == kChecksum) {
      if (has_checksum || size != kChecksumBytes) return false;
      has_checksum = true;
      if (big_endian(header.subspan(at, size)) != checksum_of(header, at)) return false;
    }
    at += size;
  }
  return true;
}

std::optional<core::IpAddress> address_of(int family, ByteView bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_ntop(family, bytes.data(), text.data(), text.size()) == nullptr) return std::nullopt;
  return core::IpAddress::parse(text.data());
}

ProxyReading read_client(ByteView header) {
  const auto* family = std::ranges::find(kFamilies, header[kFamilyAt], &Family::code);
  if (family == std::end(kFamilies)) {
    return ProxyHeaderRefusal{"a header for neither TCP over IPv4 nor TCP over IPv6"};
  }
  if (header.size() < kFixedBytes + family->all_bytes() ||
      !is_sound(header, kFixedBytes + family->all_bytes())) {
    return ProxyHeaderRefusal{"a header that is damaged"};
  }
  auto client = address_of(family->family, header.subspan(kFixedBytes, family->address_bytes));
  if (!client) return ProxyHeaderRefusal{"an address that is none"};
  return ProxyHeader{std::move(client)};
}

}  // namespace

ProxyReading read_proxy_header(ByteView so_far) {
  const ByteView begin = so_far.first(std::min(so_far.size(), kSignature.size()));
  if (!std::ranges::equal(begin, std::span(kSignature).first(begin.size()))) {
    return ProxyHeaderRefusal{"no header of the PROXY protocol, version 2"};
  }
  if (so_far.size() < kFixedBytes) return ProxyHeaderRest{kFixedBytes - so_far.size()};
  const Byte command = so_far[kCommandAt];
  if (command != kLocal && command != kProxy) {
    return ProxyHeaderRefusal{"a header of another version, or a command that is not known"};
  }
  const std::size_t size = kFixedBytes + big_endian(so_far.subspan(kLengthAt, 2));
  if (size > kLongestProxyHeader) return ProxyHeaderRefusal{"a header of more than 4096 bytes"};
  if (so_far.size() < size) return ProxyHeaderRest{size - so_far.size()};
  // §2.2: the connection is the proxy's own, and the rest of the header is to be discarded.
  if (command == kLocal) return ProxyHeader{};
  return read_client(so_far.first(size));
}

}  // namespace sekisho::http
