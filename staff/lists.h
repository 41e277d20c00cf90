// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "staff/call.h"

namespace sekisho::staff {

// The words of every list: limit, after, order, since, until.

/// From 1 to 1000, 100 if not asked for. `nullopt` after a complaint.
std::optional<int> page_limit(const Call& call, RequestProblems& problems);
/// "order": oldest first if not asked for.
sharing::ListOrder list_order(const Call& call, RequestProblems& problems);
/// An id in the query: empty if not asked for. `meaning` as in "a share's ID".
template <class Id>
Id query_id(const Call& call, const std::string& name, std::string_view meaning,
            RequestProblems& problems) {
  const auto found = call.query.find(name);
  if (found == call.query.end()) return {};
  const auto id = Id::parse(found->second);
  if (!id) problems.push_back('"' + name + "\" must be " + std::string(meaning) + '.');
  return id.value_or(Id());
}
/// A time in the query: `nullopt` if not asked for.
std::optional<core::Time> query_time(const Call& call, const std::string& name,
                                     RequestProblems& problems);
/// The number of an entry of the access log: `nullopt` if not asked for.
std::optional<std::uint64_t> query_entry(const Call& call, const std::string& name,
                                         RequestProblems& problems);

/// Fills what every list of `store` can be narrowed to, one row more than the page has: whether it
/// is there tells whether there is another page.
template <class Store, class Filter>
void read_page(const Call& call, const Store& store, Filter& filter, RequestProblems& problems) {
  filter.limit = page_limit(call, problems).value_or(1) + 1;
  filter.order = list_order(call, problems);
  filter.since = query_time(call, "since", problems);
  filter.until = query_time(call, "until", problems);
  filter.after = query_id<decltype(filter.after)>(call, "after", "an ID", problems);
  if (!filter.after.empty() && !store.find(filter.after)) {
    problems.emplace_back("\"after\" must be the \"Next\" of the page before.");
  }
}
/// Takes that row off again, and says where the next page begins if there was one.
template <class Row>
void end_page(int limit_and_one, std::vector<Row>& rows, Json::Value& json) {
  if (rows.size() < static_cast<std::size_t>(limit_and_one)) return;
  rows.pop_back();
  json["Next"] = rows.back().id.text();
}

}  // namespace sekisho::staff
