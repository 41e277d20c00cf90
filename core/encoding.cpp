// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding.h"

namespace sekisho::core {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Cuts bytes into groups of `bits` and writes one character each; the last group is zero-filled.
std::string write_groups(ByteView bytes, unsigned bits, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() * 8 + bits - 1) / bits);
  unsigned buffer = 0;
  unsigned held = 0;
  for (Byte byte : bytes) {
    buffer = (buffer << 8) | byte;
    held += 8;
    while (held >= bits) {
      held -= bits;
      text += alphabet[(buffer >> held) & ((1U << bits) - 1)];
    }
    buffer &= (1U << held) - 1;
  }
  if (held > 0) text += alphabet[(buffer << (bits - held)) & ((1U << bits) - 1)];
  return text;
}

std::optional<Bytes> read_sextets(std::string_view text, std::string_view alphabet) {
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() * 3 / 4);
  unsigned buffer = 0;
  unsigned held = 0;
  for (char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    buffer = (buffer << 6) | static_cast<unsigned>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<Byte>(buffer >> held));
    }
    buffer &= (1U << held) - 1;
  }
  if (buffer != 0) return std::nullopt;
  return bytes;
}

}  // namespace

std::string to_hex(ByteView bytes) { return write_groups(bytes, 4, kHex); }

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  unsigned high = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char lower = text[i] >= 'A' && text[i] <= 'F' ? static_cast<char>(text[i] + 32) : text[i];
    const auto value = kHex.find(lower);
    if (value == std::string_view::npos) return std::nullopt;
    if (i % 2 == 0) {
      high = static_cast<unsigned>(value);
    } else {
      bytes.push_back(static_cast<Byte>((high << 4) | static_cast<unsigned>(value)));
    }
  }
  return bytes;
}

std::string to_base64(ByteView bytes) {
  std::string text = write_groups(bytes, 6, kBase64);
  while (text.size() % 4 != 0) text += '=';
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
  return read_sextets(text, kBase64);
}

std::string to_base64url(ByteView bytes) { return write_groups(bytes, 6, kBase64Url); }

std::optional<Bytes> from_base64url(std::string_view text) {
  return read_sextets(text, kBase64Url);
}

std::string to_base32(ByteView bytes) { return write_groups(bytes, 5, kBase32); }

std::string percent_encoded(std::string_view text, std::string_view more) {
  constexpr std::string_view kUnreserved = "-._~";
  constexpr std::string_view kCapitalHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || kUnreserved.find(c) != std::string_view::npos ||
                          more.find(c) != std::string_view::npos;
    if (is_plain) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kCapitalHex[byte >> 4];
    encoded += kCapitalHex[byte & 0xF];
  }
  return encoded;
}

}  // namespace sekisho::core
