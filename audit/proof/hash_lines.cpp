// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/hash_lines.h"

#include <algorithm>

#include "core/encoding.h"

namespace sekisho::audit {

std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<core::Sha256> parse_hash(std::string_view line) {
  const auto bytes = core::from_base64(line);
  core::Sha256 hash{};
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

}  // namespace sekisho::audit
