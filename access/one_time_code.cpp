// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/one_time_code.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cassert>
#include <chrono>
#include <stdexcept>

#include "core/encoding.h"

namespace sekisho::access {
namespace {

constexpr std::size_t kSecretBytes = 20;
constexpr int kDigits = 6;
constexpr std::chrono::seconds kStep{30};
constexpr std::size_t kSha1Bytes = 20;

std::array<core::Byte, kSha1Bytes> hmac_sha1(core::ByteView key, core::ByteView data) {
  std::array<core::Byte, kSha1Bytes> mac{};
  unsigned int size = 0;
  if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), data.data(), data.size(),
           mac.data(), &size) == nullptr ||
      size != mac.size()) {
    throw std::runtime_error("OpenSSL could not compute an HMAC");
  }
  return mac;
}

}  // namespace

core::Secret new_totp_secret() { return core::Secret::random(kSecretBytes); }

std::string hotp(core::ByteView secret, std::uint64_t counter, int digits) {
  assert(digits >= 6 && digits <= 8);
  std::array<core::Byte, 8> message{};
  for (std::size_t i = message.size(); i-- > 0; counter >>= 8) {
    message[i] = static_cast<core::Byte>(counter);
  }
  const auto mac = hmac_sha1(secret, message);
  const std::size_t at = mac.back() & 0x0FU;
  std::uint32_t value = mac[at] & 0x7FU;
  for (std::size_t i = 1; i < 4; ++i) value = (value << 8) | mac[at + i];
  std::string code(static_cast<std::size_t>(digits), '0');
  for (std::size_t i = code.size(); i-- > 0; value /= 10) {
    code[i] = static_cast<char>('0' + value % 10);
  }
  return code;
}

std::int64_t totp_step(core::Time now) {
  return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()) / kStep;
}

std::optional<std::int64_t> step_of_code(core::ByteView secret, std::string_view code,
                                         core::Time now, std::int64_t last_used) {
  std::optional<std::int64_t> found;
  for (std::int64_t step = totp_step(now) - 1; step <= totp_step(now) + 1; ++step) {
    if (step < 0) continue;
    const std::string expected = hotp(secret, static_cast<std::uint64_t>(step), kDigits);
    const bool is_it = core::equal_in_constant_time(core::as_bytes(expected), core::as_bytes(code));
    if (is_it && step > last_used && !found) found = step;
  }
  return found;
}

std::string totp_uri(core::ByteView secret, std::string_view issuer, std::string_view account) {
  return "otpauth://totp/" + core::percent_encoded(issuer) + ':' + core::percent_encoded(account) +
         "?secret=" + core::to_base32(secret) + "&issuer=" + core::percent_encoded(issuer) +
         "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace sekisho::access
