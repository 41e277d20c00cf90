// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <string>
#include <variant>
#include <vector>

#include "anonymization/profiles/builtin_profiles.h"

namespace sekisho::anonymization {

/// A request for a profile of this program: {"Name": …, options …}, whose "Name" is a string.
/// `nullopt` inside the answer stands for none, which has no rules. A text tells staff what is
/// wrong; `known_names` go into it.
using DraftAnswer = std::variant<std::optional<ProfileDraft>, std::string>;
DraftAnswer draft_for(const Json::Value& request, const std::vector<std::string>& known_names);

/// The JSON of a request: an object, or a string that stands for {"Name": string}. A text tells
/// staff what is wrong.
std::variant<Json::Value, std::string> read_request(std::string_view request_json,
                                                    const std::vector<std::string>& known_names);

std::string joined(const std::vector<std::string>& texts);

}  // namespace sekisho::anonymization
