// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/call.h"

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

Reply answered(int status, const Json::Value& json) { return {status, to_text(json)}; }

Reply created(const Json::Value& json, const std::string& path) {
  Reply reply = answered(201, json);
  reply.location = std::string(kApiRoot) + path;
  return reply;
}

Reply shown_again(Json::Value json, const std::string& path) {
  json["Replayed"] = true;
  Reply reply = created(json, path);
  reply.status = 200;
  return reply;
}

Reply made_meanwhile() {
  return refused(409, "The same call is being carried out.",
                 {"Send it again to learn what it has made."});
}

Reply refused(int status, std::string_view error, const std::vector<std::string>& details,
              Json::Value more) {
  more["Error"] = std::string(error);
  more["Details"] = Json::arrayValue;
  for (const std::string& detail : details) more["Details"].append(detail);
  // What clients of Orthanc's own API look at.
  more["HttpStatus"] = status;
  more["Message"] = more["Error"];
  return answered(status, more);
}

Reply invalid(const RequestProblems& problems) {
  return refused(400, "The request makes no sense as it is.", problems);
}

audit::Event staff_event(const Call& call, audit::EventCode code) {
  audit::Event event;
  event.code = code;
  event.authentication = "staff";
  event.actor = call.actor;
  return event;
}

audit::Event staff_event(const Call& call, audit::EventCode code,
                         const sharing::Recipient& recipient) {
  audit::Event event = staff_event(call, code);
  event.recipient_id = recipient.id.text();
  event.recipient_name = recipient.name;
  event.organisation = recipient.organisation;
  return event;
}

std::variant<sharing::Recipient, Reply> recipient_of(const Call& call) {
  if (const auto id = sharing::RecipientId::parse(call.ids.front())) {
    if (auto recipient = call.ports.recipients.find(*id)) return std::move(*recipient);
  }
  return refused(404, "There is no such recipient.");
}

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
  const auto time = core::parse_rfc3339(found->second);
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

std::optional<core::Time> expiry(BodyReader& body, const Call& call) {
  const core::Time latest = call.now + call.ports.options.maximum_expiry;
  if (body.value("ExpiresAt") == nullptr) return call.now + call.ports.options.default_expiry;
  const auto time = body.time("ExpiresAt");
  if (!time) return std::nullopt;
  if (*time <= call.now || *time > latest) {
    body.complain("ExpiresAt", "must lie after " + core::to_rfc3339(call.now) +
                                   " (now) and not after " + core::to_rfc3339(latest));
    return std::nullopt;
  }
  return time;
}

}  // namespace sekisho::staff
