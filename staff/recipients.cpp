// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/recipients.h"

#include <algorithm>

#include "core/utf8.h"
#include "staff/lists.h"
#include "staff/recipient_body.h"
#include "staff/recipient_csv.h"

namespace sekisho::staff {
namespace {

using audit::EventCode;
using core::Network;
using sharing::Recipient;
using sharing::RecipientId;

constexpr std::size_t kLongestSearch = 1000;

std::string path_of(const Recipient& recipient) { return "/recipients/" + recipient.id.text(); }

std::optional<Network> read_network(const Call& call, RequestProblems& problems) {
  BodyReader body(call.body, problems);
  auto network = body.require("Network").parsed("Network", Network::parse, kNetworkMeaning);
  body.refuse_the_rest();
  return network;
}

struct WantedRecipient {
  Recipient recipient;
  std::vector<std::string> look_alikes_seen;  ///< ids
};

WantedRecipient read_wanted(const Call& call, RequestProblems& problems) {
  BodyReader body(call.body, problems);
  WantedRecipient wanted;
  read_recipient(body, wanted.recipient);
  wanted.look_alikes_seen =
      body.texts("LookAlikesSeen", sharing::kMostLookAlikes).value_or(std::vector<std::string>());
  body.refuse_the_rest();
  return wanted;
}

/// 409 where there is somebody whom the caller may mean, and does not know of.
std::optional<Reply> ask_about_look_alikes(const Call& call, const WantedRecipient& wanted) {
  const auto look_alikes = call.ports.recipients.look_alikes(wanted.recipient);
  const bool all_seen = std::ranges::all_of(look_alikes, [&](const Recipient& alike) {
    return std::ranges::find(wanted.look_alikes_seen, alike.id.text()) !=
           wanted.look_alikes_seen.end();
  });
  if (all_seen) return std::nullopt;
  Json::Value more;
  more["LookAlikes"] = to_json(look_alikes);
  return refused(
      409, "There are recipients that may be taken for this one.",
      {"Look whether one of \"LookAlikes\" is meant. If not, add the \"ID\" of each to the "
       "body, in the list \"LookAlikesSeen\"."},
      std::move(more));
}

/// What lists of recipients are narrowed to beside what all lists are.
void read_recipient_filter(const Call& call, sharing::RecipientFilter& filter,
                           RequestProblems& problems) {
  if (const auto found = call.query.find("search"); found != call.query.end()) {
    filter.search = found->second;
    if (!core::is_utf8(filter.search) || filter.search.size() > kLongestSearch) {
      problems.push_back("\"search\" must be a text of at most " + std::to_string(kLongestSearch) +
                         " bytes of UTF-8.");
    }
  }
  if (const auto found = call.query.find("status"); found != call.query.end()) {
    filter.status = sharing::parse_recipient_status(found->second);
    if (!filter.status) problems.emplace_back(R"("status" must be "active" or "disabled".)");
  }
}

}  // namespace

Reply create_recipient(const Call& call) {
  RequestProblems problems;
  WantedRecipient wanted = read_wanted(call, problems);
  if (!problems.empty()) return invalid(problems);
  Recipient& recipient = wanted.recipient;
  recipient.id = RecipientId::random();
  recipient.created_at = call.now;
  if (auto question = ask_about_look_alikes(call, wanted)) return *std::move(question);

  call.ports.log.append(staff_event(call, EventCode::recipient_create, recipient));
  if (!call.ports.recipients.insert(recipient, call.creation_key)) return made_meanwhile();
  return created(to_json(recipient), path_of(recipient));
}

Reply show_made_recipient(const Call& call, const std::string& id) {
  const auto recipient = call.ports.recipients.find(RecipientId::parse(id).value());
  return shown_again(to_json(recipient.value()), path_of(*recipient));
}

Reply list_recipients(const Call& call) {
  RequestProblems problems;
  sharing::RecipientFilter filter;
  read_page(call, call.ports.recipients, filter, problems);
  read_recipient_filter(call, filter, problems);
  const auto wanted = call.query.find("look_alikes");
  const bool tells_look_alikes = wanted != call.query.end();
  if (tells_look_alikes && wanted->second != "true") {
    problems.emplace_back("\"look_alikes\" must be \"true\", or not be there.");
  }
  if (!problems.empty()) return invalid(problems);
  auto recipients = call.ports.recipients.list(filter);
  Json::Value json;
  end_page(filter.limit, recipients, json);
  json["Recipients"] = to_json(recipients);
  for (Json::ArrayIndex i = 0; tells_look_alikes && i < json["Recipients"].size(); ++i) {
    call.demand.ask();
    Json::Value& ids = json["Recipients"][i]["LookAlikes"] = Json::arrayValue;
    for (const Recipient& alike : call.ports.recipients.look_alikes(recipients[i])) {
      ids.append(alike.id.text());
    }
  }
  return answered(200, json);
}

Reply export_recipients(const Call& call) {
  RequestProblems problems;
  sharing::RecipientFilter filter;
  read_recipient_filter(call, filter, problems);
  if (!problems.empty()) return invalid(problems);
  filter.limit = sharing::kMostListed;
  Reply reply;
  reply.type = "text/csv; charset=utf-8";
  reply.body = recipient_csv_header();
  std::size_t exported = 0;
  while (true) {
    const auto page = call.ports.recipients.list(filter);
    for (const Recipient& recipient : page) append_csv_row(reply.body, recipient);
    exported += page.size();
    if (page.size() < sharing::kMostListed) break;
    call.demand.ask();
    filter.after = page.back().id;
  }
  // How many and not who: what was searched for is somebody's name.
  audit::Event event = staff_event(call, EventCode::recipient_export);
  event.facts["recipients"] = std::to_string(exported);
  for (const auto& [parameter, value] : call.query) {
    std::string& narrowed_by = event.facts["narrowed_by"];
    narrowed_by += (narrowed_by.empty() ? "" : " ") + parameter;
  }
  call.ports.log.append(event);
  return reply;
}

Reply show_recipient(const Call& call) {
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  return answered(200, to_json(std::get<Recipient>(found)));
}

Reply change_recipient(const Call& call) {
  RequestProblems problems;
  WantedRecipient wanted = read_wanted(call, problems);
  if (!problems.empty()) return invalid(problems);
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& before = std::get<Recipient>(found);
  Recipient& recipient = wanted.recipient;
  recipient.id = before.id;
  recipient.created_at = before.created_at;
  recipient.disabled_at = before.disabled_at;
  if (is_renamed(before, recipient)) {
    if (auto question = ask_about_look_alikes(call, wanted)) return *std::move(question);
  }

  const auto events = change_events(call, before, recipient);
  if (!events.empty()) call.ports.log.append(events);
  call.ports.recipients.change(recipient);
  return answered(200, to_json(recipient));
}

Reply disable_recipient(const Call& call) {
  RequestProblems problems;
  BodyReader(call.body, problems).refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& recipient = std::get<Recipient>(found);
  if (!recipient.disabled_at) {
    call.ports.log.append(staff_event(call, EventCode::recipient_disable, recipient));
    call.ports.recipients.disable(recipient.id, call.now);
  }
  return answered(200, to_json(call.ports.recipients.find(recipient.id).value()));
}

Reply enable_recipient(const Call& call) {
  RequestProblems problems;
  BodyReader(call.body, problems).refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  auto& recipient = std::get<Recipient>(found);
  if (recipient.disabled_at) {
    call.ports.log.append(staff_event(call, EventCode::recipient_enable, recipient));
    call.ports.recipients.enable(recipient.id);
    recipient.disabled_at.reset();
  }
  return answered(200, to_json(recipient));
}

Reply add_network(const Call& call) {
  RequestProblems problems;
  const auto network = read_network(call, problems);
  if (!problems.empty()) return invalid(problems);
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& recipient = std::get<Recipient>(found);
  if (!has(recipient, *network)) {
    if (recipient.networks.size() >= kMostNetworks) {
      return refused(409, "The recipient has as many networks as it may have.");
    }
    call.ports.log.append(network_event(call, EventCode::recipient_network, recipient, *network));
    call.ports.recipients.add_network(recipient.id, *network);
  }
  return answered(200, to_json(call.ports.recipients.find(recipient.id).value()));
}

Reply remove_network(const Call& call) {
  RequestProblems problems;
  const auto network = read_network(call, problems);
  if (!problems.empty()) return invalid(problems);
  auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  auto& recipient = std::get<Recipient>(found);
  if (!has(recipient, *network)) return refused(404, "The recipient has no such network.");
  const auto is_last = [] {
    return refused(409, "It is the recipient's only network.",
                   {"Add the one that takes its place first, or disable the recipient."});
  };
  if (recipient.networks.size() == 1) return is_last();

  call.ports.log.append(
      network_event(call, EventCode::recipient_network_remove, recipient, *network));
  if (!call.ports.recipients.remove_network(recipient.id, *network)) return is_last();
  std::erase(recipient.networks, *network);
  return answered(200, to_json(recipient));
}

}  // namespace sekisho::staff
