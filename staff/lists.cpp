// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/lists.h"

#include <algorithm>
#include <charconv>

#include "audit/entry/canonical_json.h"

namespace sekisho::staff {
namespace {

constexpr int kDefaultPage = 100;
constexpr int kLargestPage = sharing::kMostListed - 1;

template <class Number>
std::optional<Number> whole_number(const std::string& text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<int> page_limit(const Call& call, RequestProblems& problems) {
  const auto found = call.query.find("limit");
  if (found == call.query.end()) return kDefaultPage;
  const auto limit = whole_number<int>(found->second);
  if (!limit || *limit < 1 || *limit > kLargestPage) {
    problems.push_back("\"limit\" must be a whole number from 1 to " +
                       std::to_string(kLargestPage) + '.');
    return std::nullopt;
  }
  return limit;
}

sharing::ListOrder list_order(const Call& call, RequestProblems& problems) {
  const auto found = call.query.find("order");
  if (found == call.query.end() || found->second == "asc") return sharing::ListOrder::oldest_first;
  if (found->second != "desc") {
    problems.emplace_back("\"order\" must be \"asc\", oldest first, or \"desc\", newest first.");
  }
  return sharing::ListOrder::newest_first;
}

std::optional<core::Time> query_time(const Call& call, const std::string& name,
                                     RequestProblems& problems) {
  const auto found = call.query.find(name);
  if (found == call.query.end()) return std::nullopt;
  // A plus that the client did not encode has become a space, which stands nowhere in a time.
  std::string text = found->second;
  std::ranges::replace(text, ' ', '+');
  const auto time = core::parse_rfc3339(text);
  if (!time) {
    problems.push_back('"' + name + "\" must be a time such as \"2026-01-31T09:00:00Z\".");
  }
  return time;
}

std::optional<std::uint64_t> query_entry(const Call& call, const std::string& name,
                                         RequestProblems& problems) {
  const auto found = call.query.find(name);
  if (found == call.query.end()) return std::nullopt;
  const auto seq = whole_number<std::uint64_t>(found->second);
  if (!seq || *seq >= audit::kMaxJsonNumber) {
    problems.push_back('"' + name + "\" must be the number of an entry.");
    return std::nullopt;
  }
  return seq;
}

}  // namespace sekisho::staff
