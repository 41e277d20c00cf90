// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/receipt_id.h"

#include <charconv>

#include "audit/proof/note_key.h"

namespace sekisho::audit {
namespace {

constexpr char kSeparator = '#';

std::optional<ReceiptId> split(std::string_view text, char separator) {
  const std::size_t at = text.rfind(separator);
  if (at == std::string_view::npos || !is_key_name(text.substr(0, at))) return std::nullopt;
  const std::string_view digits = text.substr(at + 1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || std::to_string(number) != digits) return std::nullopt;
  return ReceiptId{std::string(text.substr(0, at)), number};
}

}  // namespace

std::string ReceiptId::text() const { return log + kSeparator + std::to_string(number); }

std::optional<ReceiptId> ReceiptId::parse(std::string_view text) { return split(text, kSeparator); }

std::optional<ReceiptId> ReceiptId::parse_path(std::string_view path) { return split(path, '/'); }

}  // namespace sekisho::audit
