// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "audit/event.h"
#include "core/time.h"
#include "staff/api.h"
#include "staff/json.h"

namespace sekisho::staff {

/// One call of the staff API, taken apart: what a handler gets.
struct Call {
  const Ports& ports;
  std::vector<std::string> ids;              ///< what stands for the braces of the route's path
  std::map<std::string, std::string> query;  ///< only what the route knows
  Json::Value body;                          ///< an object
  std::string actor;
  core::Time now;
  /// Of a creation that may be sent again.
  std::optional<sharing::CreationKey> creation_key{};
};

Reply answered(int status, const Json::Value& json);
/// 201, with `path` below /sekisho/api as where the thing is.
Reply created(const Json::Value& json, const std::string& path);
/// 200 for a creation that was made before: the thing as it is now, "Replayed", without secrets.
Reply shown_again(Json::Value json, const std::string& path);
/// Two calls with one Idempotency-Key at the same time: the other one makes the thing.
Reply made_meanwhile();
/// The one shape of a refusal. `error` says what is wrong, each of `details` where; `more` has what
/// one refusal tells besides.
Reply refused(int status, std::string_view error, const std::vector<std::string>& details = {},
              Json::Value more = Json::objectValue);
/// 400 for a request that was read and makes no sense.
Reply invalid(const RequestProblems& problems);

/// What staff are about to do, and to or for which recipient; the caller appends it.
audit::Event staff_event(const Call& call, audit::EventCode code);
audit::Event staff_event(const Call& call, audit::EventCode code,
                         const sharing::Recipient& recipient);

/// Of names that staff give: characters.
inline constexpr std::size_t kLongestName = 200;

/// The recipient that the first id of the path names, else 404.
std::variant<sharing::Recipient, Reply> recipient_of(const Call& call);

// --- the words of every list: limit, after, order, since, until ---------------------------------

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

/// The end of something that staff hand out, from "ExpiresAt": the configured default if absent,
/// never beyond the configured maximum. `nullopt` after a complaint.
std::optional<core::Time> expiry(BodyReader& body, const Call& call);

}  // namespace sekisho::staff
