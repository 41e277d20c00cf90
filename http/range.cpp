// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/range.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

#include "http/characters.h"
#include "http/request.h"

namespace sekisho::http {
namespace {

constexpr std::string_view kUnit = "bytes";

/// A number of any length (RFC 9110 §14.1.2 sets none): beyond 64 bits it is the largest that there
/// is. `nullopt` for what is none.
std::optional<std::uint64_t> number(std::string_view digits) {
  if (digits.empty() || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) return std::numeric_limits<std::uint64_t>::max();
  return value;
}

/// The one range-spec of a ranges-specifier; empty where it has another unit or several.
std::string_view only_spec(std::string_view field) {
  const auto equals = field.find('=');
  if (equals == std::string_view::npos || !equal_ignoring_case(field.substr(0, equals), kUnit)) {
    return {};
  }
  const std::string_view set = trimmed(field.substr(equals + 1));
  return set.find(',') == std::string_view::npos ? set : std::string_view();
}

Wanted last_bytes(std::uint64_t count, std::uint64_t size_bytes) {
  if (count == 0) return NoSuchRange{};
  const std::uint64_t taken = std::min(count, size_bytes);
  return ByteRange{size_bytes - taken, taken};
}

/// Whether what the client has a part of is what is here (RFC 9110 §13.1.5). A date never is: no
/// answer of ours has one to compare with.
bool is_still_there(const std::string& if_range, const std::optional<EntityTag>& tag) {
  const auto known = EntityTag::parse(if_range);
  return known && tag && known->is_strongly(*tag);
}

}  // namespace

Wanted wanted_range(const Request& request, std::uint64_t size_bytes,
                    const std::optional<EntityTag>& tag) {
  if (request.method != Method::get || size_bytes == 0) return WholeThing{};
  const std::string if_range = request.field("if-range");
  if (!if_range.empty() && !is_still_there(if_range, tag)) return WholeThing{};

  const std::string field = request.field("range");
  const std::string_view spec = only_spec(field);
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos) return WholeThing{};
  const auto first = number(spec.substr(0, dash));
  const auto second = number(spec.substr(dash + 1));
  if (dash == 0) return second ? last_bytes(*second, size_bytes) : Wanted(WholeThing{});
  const bool is_open = dash + 1 == spec.size();
  if (!first || (!second && !is_open) || (second && *second < *first)) return WholeThing{};
  if (*first >= size_bytes) return NoSuchRange{};
  const std::uint64_t last = std::min(second.value_or(size_bytes - 1), size_bytes - 1);
  return ByteRange{*first, last - *first + 1};
}

std::string ContentRange::text() const {
  const std::string whole = "/" + std::to_string(whole_bytes);
  if (!part) return "bytes *" + whole;
  return "bytes " + std::to_string(part->offset) + '-' +
         std::to_string(part->offset + part->size_bytes - 1) + whole;
}

}  // namespace sekisho::http
