// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/keeping.h"

#include <algorithm>

#include "audit/export/export_record.h"
#include "audit/keeping/keeping.h"
#include "audit/receipt_id.h"
#include "audit/store/published_log.h"
#include "staff/lists.h"

namespace sekisho::staff {
namespace {

using audit::EventCode;
using audit::Keeping;
using audit::Person;
using audit::SubjectKind;

/// Of pruning, in one call: about ten seconds of a slow disk.
constexpr std::size_t kMostSlices = 32;
constexpr std::int64_t kMostYears = 100;

struct KeepingRequest {
  Person person;
  std::string case_number;
};

/// The caller refuses the rest of `body`.
KeepingRequest read_request(BodyReader& body, RequestProblems& problems) {
  KeepingRequest request;
  const auto patient = body.text("PatientID", kLongestPatientId);
  const auto recipient = body.parsed("Recipient", sharing::RecipientId::parse, "a recipient's ID");
  if (patient.has_value() == recipient.has_value()) {
    problems.push_back("One of \"PatientID\" and \"Recipient\" is needed.");
  } else {
    request.person = patient ? Person{SubjectKind::patient, *patient}
                             : Person{SubjectKind::recipient, recipient->text()};
  }
  if (request.person.id.empty()) problems.push_back("\"PatientID\" must not be empty.");
  request.case_number = body.required_text("Case", 64).value_or("");
  if (!request.case_number.empty() && !audit::is_case_number(request.case_number)) {
    body.complain("Case", "must be a number of A-Z, a-z, 0-9, '.', '-', '_' and '/'");
  }
  return request;
}

Keeping::IfNone read_if_none(BodyReader& body) {
  const Json::Value* found = body.value("EvenIfNone");
  if (found == nullptr) return Keeping::IfNone::refuse;
  if (!found->isBool()) body.complain("EvenIfNone", "must be true or false");
  return found->isBool() && found->asBool() ? Keeping::IfNone::hold : Keeping::IfNone::refuse;
}

Reply reply(Keeping::Result result) {
  switch (result) {
    case Keeping::Result::done:
      return answered(200, Json::objectValue);
    case Keeping::Result::held_already:
      return refused(409, "A hold is set already.");
    case Keeping::Result::not_held:
      return refused(404, "There is no hold.");
    case Keeping::Result::held:
      return refused(409, "There is a legal hold.", {"End it first."});
    case Keeping::Result::unknown:
      break;
  }
  return refused(404, "The log has nothing about them.");
}

struct HoldFilter {
  std::optional<core::Time> since;
  std::optional<core::Time> until;
  sharing::ListOrder order = sharing::ListOrder::oldest_first;
  std::optional<std::uint64_t> after;  ///< seq
  Json::ArrayIndex limit = 0;

  bool takes(core::Time time) const {
    return (!since || time >= *since) && (!until || time < *until);
  }
};

HoldFilter hold_filter_of(const Call& call, RequestProblems& problems) {
  return {query_time(call, "since", problems), query_time(call, "until", problems),
          list_order(call, problems), query_entry(call, "after", problems),
          static_cast<Json::ArrayIndex>(page_limit(call, problems).value_or(1))};
}

/// In the order and behind the place that are asked for: the entry of each, and of what kind it is.
std::vector<std::pair<std::uint64_t, SubjectKind>> holds_in(audit::LogReader& log,
                                                            const HoldFilter& filter) {
  const bool newest_first = filter.order == sharing::ListOrder::newest_first;
  std::vector<std::pair<std::uint64_t, SubjectKind>> holds;
  for (const auto& [subject, seq] : log.holds()) {
    const bool is_behind =
        !filter.after || (newest_first ? seq < *filter.after : seq > *filter.after);
    if (is_behind) holds.emplace_back(seq, subject.kind);
  }
  std::ranges::sort(holds);
  if (newest_first) std::ranges::reverse(holds);
  return holds;
}

Json::Value hold_json(const audit::ExportRecord& record, SubjectKind kind, const std::string& log) {
  Json::Value json;
  json["Receipt"] = audit::ReceiptId{log, record.entry.seq}.text();
  json["Seq"] = Json::UInt64{record.entry.seq};
  json["Since"] = core::to_rfc3339(record.entry.time);
  const auto number = record.entry.facts.find("case");
  if (number != record.entry.facts.end()) json["Case"] = number->second;
  if (kind == SubjectKind::recipient) {
    json["Recipient"] = record.text.recipient_id;
  } else if (!record.text.objects.empty()) {
    json["PatientID"] = record.text.objects.front().patient_id;
  }
  return json;
}

using Act = Keeping::Result (Keeping::*)(const Person&, const std::string&, audit::Event);

Reply carry_out(const Call& call, EventCode code, Act act) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const KeepingRequest request = read_request(body, problems);
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  return reply(
      (call.ports.keeping.*act)(request.person, request.case_number, staff_event(call, code)));
}

}  // namespace

Reply list_holds(const Call& call) {
  RequestProblems problems;
  const HoldFilter filter = hold_filter_of(call, problems);
  if (!problems.empty()) return invalid(problems);
  call.ports.log.append(staff_event(call, EventCode::log_read));
  audit::ExportReader reader(call.ports.log_place, audit::Identifiers::opened);
  Json::Value json;
  json["Holds"] = Json::arrayValue;
  for (const auto& [seq, kind] : holds_in(reader.log(), filter)) {
    if (json["Holds"].size() == filter.limit) {
      json["Next"] = json["Holds"][filter.limit - 1]["Seq"];
      break;
    }
    auto entry = reader.log().entry(seq);
    if (!entry || !filter.takes(entry->entry.time)) continue;  // or ended meanwhile
    json["Holds"].append(
        hold_json(reader.record(*std::move(entry)), kind, call.ports.log.origin()));
  }
  return answered(200, json);
}

Reply set_hold(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const KeepingRequest request = read_request(body, problems);
  const Keeping::IfNone if_none = read_if_none(body);
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto held = call.ports.keeping.hold(request.person, request.case_number,
                                            staff_event(call, EventCode::hold_set), if_none);
  if (held.result == Keeping::Result::unknown) {
    return refused(404, "The log has nothing about them.",
                   {"Look at the ID. Where a hold is meant for what may come, add "
                    "\"EvenIfNone\": true."});
  }
  if (held.result != Keeping::Result::done) return reply(held.result);
  Json::Value json;
  json["Entries"] = Json::UInt64{held.entries};
  return answered(200, json);
}

Reply end_hold(const Call& call) {
  return carry_out(call, EventCode::hold_end, &Keeping::end_hold);
}

Reply shred_text(const Call& call) {
  return carry_out(call, EventCode::text_shred, &Keeping::shred);
}

Reply prune_log(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const std::chrono::years years(
      static_cast<int>(body.number("Years", audit::kShortestRetention.count(), kMostYears)
                           .value_or(audit::kUsualRetention.count())));
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto& witnesses = call.ports.options.witnesses;
  if (!witnesses) {
    return refused(
        409, "No witnesses are configured.",
        {"How old entries are is proven by what witnesses have seen, and by nothing else."});
  }
  const auto notes = audit::WitnessTimes(call.ports.log_place.witness_times).notes();
  const auto keys =
      audit::PublishedLog(call.ports.log_place.database).keys(call.ports.log.verifier()).all();
  const auto age = audit::proven_age(notes, keys, witnesses->keys, witnesses->quorum, years);
  Json::Value json;
  json["Removed"] = 0;
  json["Finished"] = true;
  if (age) {
    const auto pruned = call.ports.keeping.prune(
        *age, years, kMostSlices, staff_event(call, EventCode::log_prune), call.demand);
    json["Removed"] = Json::UInt64{pruned.removed};
    json["Before"] = Json::UInt64{pruned.before};
    json["Finished"] = pruned.finished;
    json["SeenBy"] = core::to_rfc3339(age->then);
  }
  return answered(200, json);
}

}  // namespace sekisho::staff
