// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/recipients.h"

#include <algorithm>

#include "mail/address.h"
#include "staff/lists.h"

namespace sekisho::staff {
namespace {

using audit::EventCode;
using core::Network;
using sharing::Recipient;
using sharing::RecipientId;

constexpr std::size_t kMostNetworks = 100;
constexpr std::string_view kNetworkMeaning =
    "a CIDR block with no bit set after its prefix, such as 10.20.0.0/24";

Json::Value to_json(const Recipient& recipient) {
  Json::Value json;
  json["ID"] = recipient.id.text();
  json["Name"] = recipient.name;
  json["Organisation"] = recipient.organisation;
  json["Email"] = recipient.email;
  json["Language"] = recipient.language;
  json["Networks"] = Json::arrayValue;
  for (const Network& network : recipient.networks) json["Networks"].append(network.text());
  json["CreatedAt"] = core::to_rfc3339(recipient.created_at);
  json["Status"] = recipient.disabled_at ? "disabled" : "active";
  if (recipient.disabled_at) json["DisabledAt"] = core::to_rfc3339(*recipient.disabled_at);
  return json;
}

std::string path_of(const Recipient& recipient) { return "/recipients/" + recipient.id.text(); }

std::optional<std::string> parse_language(std::string_view text) {
  if (text != "ja" && text != "en") return std::nullopt;
  return std::string(text);
}

std::vector<Network> read_networks(BodyReader& body) {
  std::vector<Network> networks;
  const auto written = body.require("Networks").texts("Networks", kMostNetworks);
  for (std::size_t i = 0; written && i < written->size(); ++i) {
    const std::string place = "Networks[" + std::to_string(i) + "]";
    auto network = Network::parse((*written)[i]);
    if (!network) {
      body.complain(place, "must be " + std::string(kNetworkMeaning));
    } else if (std::find(networks.begin(), networks.end(), *network) != networks.end()) {
      body.complain(place, "stands in the list twice");
    } else {
      networks.push_back(std::move(*network));
    }
  }
  return networks;
}

std::optional<Network> read_network(const Call& call, RequestProblems& problems) {
  BodyReader body(call.body, problems);
  auto network = body.require("Network").parsed("Network", Network::parse, kNetworkMeaning);
  body.refuse_the_rest();
  return network;
}

/// What staff say of a recipient, all of it.
void read_recipient(const Call& call, Recipient& recipient, RequestProblems& problems) {
  BodyReader body(call.body, problems);
  recipient.name = body.required_text("Name", kLongestName).value_or("");
  recipient.organisation = body.text("Organisation", kLongestName).value_or("");
  recipient.email = body.parsed("Email", mail::parse_address, "a mail address").value_or("");
  recipient.language =
      body.parsed("Language", parse_language, "\"ja\" or \"en\"").value_or(Recipient().language);
  recipient.networks = read_networks(body);
  body.refuse_the_rest();
}

void record_network(const Call& call, EventCode code, const Recipient& recipient,
                    const Network& network) {
  audit::Event event = staff_event(call, code, recipient);
  event.facts["network"] = network.text();
  call.ports.log.append(event);
}

bool has(const Recipient& recipient, const Network& network) {
  return std::ranges::find(recipient.networks, network) != recipient.networks.end();
}

/// On return every difference is on record.
void record_change(const Call& call, const Recipient& before, const Recipient& after) {
  for (const Network& network : after.networks) {
    if (!has(before, network)) record_network(call, EventCode::recipient_network, after, network);
  }
  for (const Network& network : before.networks) {
    if (has(after, network)) continue;
    record_network(call, EventCode::recipient_network_remove, after, network);
  }
  audit::Event event = staff_event(call, EventCode::recipient_change, after);
  std::string& fields = event.facts["fields"];
  const auto compare = [&](const char* name, std::string Recipient::* field) {
    if (before.*field == after.*field) return;
    fields.append(fields.empty() ? "" : " ").append(name);
  };
  compare("name", &Recipient::name);
  compare("organisation", &Recipient::organisation);
  compare("email", &Recipient::email);
  compare("language", &Recipient::language);
  if (!fields.empty()) call.ports.log.append(event);
}

}  // namespace

Reply create_recipient(const Call& call) {
  RequestProblems problems;
  Recipient recipient;
  recipient.id = RecipientId::random();
  recipient.created_at = call.now;
  read_recipient(call, recipient, problems);
  if (!problems.empty()) return invalid(problems);

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
  if (!problems.empty()) return invalid(problems);
  auto recipients = call.ports.recipients.list(filter);
  Json::Value json;
  end_page(filter.limit, recipients, json);
  json["Recipients"] = Json::arrayValue;
  for (const Recipient& recipient : recipients) json["Recipients"].append(to_json(recipient));
  return answered(200, json);
}

Reply show_recipient(const Call& call) {
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  return answered(200, to_json(std::get<Recipient>(found)));
}

Reply change_recipient(const Call& call) {
  RequestProblems problems;
  Recipient wanted;
  read_recipient(call, wanted, problems);
  if (!problems.empty()) return invalid(problems);
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& before = std::get<Recipient>(found);
  wanted.id = before.id;
  wanted.created_at = before.created_at;
  wanted.disabled_at = before.disabled_at;

  record_change(call, before, wanted);
  call.ports.recipients.change(wanted);
  return answered(200, to_json(wanted));
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
    record_network(call, EventCode::recipient_network, recipient, *network);
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

  record_network(call, EventCode::recipient_network_remove, recipient, *network);
  if (!call.ports.recipients.remove_network(recipient.id, *network)) return is_last();
  std::erase(recipient.networks, *network);
  return answered(200, to_json(recipient));
}

}  // namespace sekisho::staff
