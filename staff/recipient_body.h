// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <string>
#include <vector>

#include "sharing/recipient.h"
#include "staff/call.h"

namespace sekisho::staff {

// How staff say what a recipient is, and are told.

inline constexpr std::size_t kMostNetworks = 100;
inline constexpr std::string_view kNetworkMeaning =
    "a CIDR block with no bit set after its prefix, such as 10.20.0.0/24";

/// One text of a recipient: as the API and CSV files call it, and as the access log does.
struct RecipientText {
  const char* key;
  const char* fact;
  std::string sharing::Recipient::* text;
};
inline constexpr RecipientText kRecipientTexts[] = {
    {"Name", "name", &sharing::Recipient::name},
    {"Kana", "kana", &sharing::Recipient::kana},
    {"Organisation", "organisation", &sharing::Recipient::organisation},
    {"Department", "department", &sharing::Recipient::department},
    {"Place", "place", &sharing::Recipient::place},
    {"Telephone", "telephone", &sharing::Recipient::telephone},
    {"Email", "email", &sharing::Recipient::email},
    {"Language", "language", &sharing::Recipient::language},
};

Json::Value to_json(const sharing::Recipient& recipient);
Json::Value to_json(const std::vector<sharing::Recipient>& recipients);

/// Everything that staff say of a recipient; what they leave out is empty, or the default.
void read_recipient(BodyReader& body, sharing::Recipient& recipient);

/// Which of kRecipientTexts differ.
std::vector<const RecipientText*> differences(const sharing::Recipient& before,
                                              const sharing::Recipient& after);
/// Whether it may be taken for others now than it might before.
bool is_renamed(const sharing::Recipient& before, const sharing::Recipient& after);
bool has(const sharing::Recipient& recipient, const core::Network& network);
audit::Event network_event(const Call& call, audit::EventCode code,
                           const sharing::Recipient& recipient, const core::Network& network);
/// One event for each network that comes or goes, and one for all texts that become others.
std::vector<audit::Event> change_events(const Call& call, const sharing::Recipient& before,
                                        const sharing::Recipient& after);

}  // namespace sekisho::staff
