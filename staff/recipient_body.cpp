// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/recipient_body.h"

#include <algorithm>

#include "mail/address.h"

namespace sekisho::staff {
namespace {

using audit::EventCode;
using core::Network;
using sharing::Recipient;

constexpr std::size_t kLongestTelephone = 50;

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

}  // namespace

Json::Value to_json(const Recipient& recipient) {
  Json::Value json;
  json["ID"] = recipient.id.text();
  for (const RecipientText& text : kRecipientTexts) json[text.key] = recipient.*text.text;
  json["Networks"] = Json::arrayValue;
  for (const Network& network : recipient.networks) json["Networks"].append(network.text());
  json["CreatedAt"] = core::to_rfc3339(recipient.created_at);
  json["Status"] = std::string(name(status(recipient)));
  if (recipient.disabled_at) json["DisabledAt"] = core::to_rfc3339(*recipient.disabled_at);
  return json;
}

Json::Value to_json(const std::vector<Recipient>& recipients) {
  Json::Value json = Json::arrayValue;
  for (const Recipient& recipient : recipients) json.append(to_json(recipient));
  return json;
}

void read_recipient(BodyReader& body, Recipient& recipient) {
  recipient.name = body.required_text("Name", kLongestName).value_or("");
  recipient.kana = body.text("Kana", kLongestName).value_or("");
  recipient.organisation = body.text("Organisation", kLongestName).value_or("");
  recipient.department = body.text("Department", kLongestName).value_or("");
  recipient.place = body.text("Place", kLongestName).value_or("");
  recipient.telephone = body.text("Telephone", kLongestTelephone).value_or("");
  recipient.email = body.parsed("Email", mail::parse_address, "a mail address").value_or("");
  recipient.language =
      body.parsed("Language", parse_language, "\"ja\" or \"en\"").value_or(Recipient().language);
  recipient.networks = read_networks(body);
}

std::vector<const RecipientText*> differences(const Recipient& before, const Recipient& after) {
  std::vector<const RecipientText*> different;
  for (const RecipientText& text : kRecipientTexts) {
    if (before.*text.text != after.*text.text) different.push_back(&text);
  }
  return different;
}

bool is_renamed(const Recipient& before, const Recipient& after) {
  return before.name != after.name || before.place != after.place;
}

bool has(const Recipient& recipient, const Network& network) {
  return std::ranges::find(recipient.networks, network) != recipient.networks.end();
}

audit::Event network_event(const Call& call, EventCode code, const Recipient& recipient,
                           const Network& network) {
  audit::Event event = staff_event(call, code, recipient);
  event.facts["network"] = network.text();
  return event;
}

std::vector<audit::Event> change_events(const Call& call, const Recipient& before,
                                        const Recipient& after) {
  std::vector<audit::Event> events;
  for (const Network& network : after.networks) {
    if (has(before, network)) continue;
    events.push_back(network_event(call, EventCode::recipient_network, after, network));
  }
  for (const Network& network : before.networks) {
    if (has(after, network)) continue;
    events.push_back(network_event(call, EventCode::recipient_network_remove, after, network));
  }
  std::string fields;
  for (const RecipientText* text : differences(before, after)) {
    fields.append(fields.empty() ? "" : " ").append(text->fact);
  }
  if (fields.empty()) return events;
  events.push_back(staff_event(call, EventCode::recipient_change, after));
  events.back().facts["fields"] = fields;
  return events;
}

}  // namespace sekisho::staff
