// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/staff_settings.h"

#include <algorithm>

#include "core/letter_case.h"

namespace sekisho::plugin {
namespace {

constexpr std::string_view kGroup = "group:";
constexpr std::string_view kOwnFields[] = {"authorization", "host", "origin", "content-type",
                                           "cookie"};

/// RFC 9110 §5.6.2, in lower case, which is how Orthanc hands names over.
std::optional<std::string> field_name(std::string text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  text = core::in_lower_case(text);
  for (const char c : text) {
    const bool is_token = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                          kMarks.find(c) != std::string_view::npos;
    if (!is_token) return std::nullopt;
  }
  if (text.empty() || std::ranges::find(kOwnFields, text) != std::end(kOwnFields)) {
    return std::nullopt;
  }
  return text;
}

std::string read_field(Settings& settings, const char* key) {
  const auto text = settings.text(key);
  if (!text) return {};
  const auto name = field_name(*text);
  if (!name) settings.complain(key, "must be the name of a header field of the proxy's own");
  return name.value_or("");
}

staff::StaffProxy read_proxy(Settings settings) {
  staff::StaffProxy proxy;
  settings.require("Peers", "the networks that the proxy connects from");
  settings.require("UserField", "the header field in which the proxy says who calls");
  proxy.peers = read_believed_peers(settings, "Peers");
  if (settings.has("Peers") && proxy.peers.empty()) {
    settings.complain("Peers", "must name a network at least");
  }
  proxy.user_field = read_field(settings, "UserField");
  proxy.groups_field = read_field(settings, "GroupsField");
  if (!proxy.user_field.empty() && proxy.user_field == proxy.groups_field) {
    settings.complain("GroupsField", "must be another one than \"UserField\"");
  }
  settings.refuse_the_rest();
  return proxy;
}

/// Reads what has one role: names of users, and of groups behind "group:".
void read_role(Settings& settings, staff::Role role, const std::string& key,
               staff::RoleTable& table) {
  for (const std::string& text : settings.texts(key.c_str()).value_or(Problems())) {
    const bool is_group = text.starts_with(kGroup);
    const std::string name = is_group ? text.substr(kGroup.size()) : text;
    if (name.empty() || name.find(',') != std::string::npos) {
      settings.complain(key.c_str(),
                        "must list names of users, and \"group:\" with that of a group");
      return;
    }
    (is_group ? table.groups : table.users)[name].add(role);
  }
}

staff::RoleTable read_roles(Settings settings) {
  staff::RoleTable table;
  for (std::size_t i = 0; i < staff::kRoleNames.size(); ++i) {
    read_role(settings, static_cast<staff::Role>(i), std::string(staff::kRoleNames[i]), table);
  }
  settings.refuse_the_rest();
  return table;
}

}  // namespace

std::vector<core::Network> read_believed_peers(Settings& settings, const char* key) {
  std::vector<core::Network> peers;
  for (const std::string& text : settings.texts(key).value_or(Problems())) {
    const auto network = core::Network::parse(text);
    if (!network) {
      settings.complain(key,
                        "must list networks such as \"10.20.0.5/32\": \"" + text + "\" is none");
    } else if (network->text().ends_with("/0")) {
      settings.complain(key,
                        "must not hold \"" + text + "\": everybody could then say to be anybody");
    } else {
      peers.push_back(*network);
    }
  }
  return peers;
}

staff::CallerRules read_staff(Settings settings) {
  staff::CallerRules rules;
  if (auto roles = settings.object("Roles")) rules.roles = read_roles(*roles);
  if (auto proxy = settings.object("Proxy")) rules.proxy = read_proxy(*proxy);
  if (rules.proxy && !rules.roles) {
    settings.complain("Proxy", "needs \"Roles\": the proxy may name everybody of the hospital");
  }
  if (rules.roles && !rules.roles->groups.empty() &&
      (!rules.proxy || rules.proxy->groups_field.empty())) {
    settings.complain("Roles", "names groups, which nobody tells but \"Proxy\" by \"GroupsField\"");
  }
  if (settings.flag("AllowNameless").value_or(false)) {
    rules.nameless = staff::Nameless::have_all_roles;
    if (rules.roles) {
      settings.complain("AllowNameless",
                        "does not go with \"Roles\": whoever has no name would have all of them");
    }
  }
  settings.refuse_the_rest();
  return rules;
}

}  // namespace sekisho::plugin
