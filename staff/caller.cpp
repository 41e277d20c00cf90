// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/caller.h"

#include <algorithm>

#include "core/utf8.h"

namespace sekisho::staff {
namespace {

constexpr std::size_t kLongestName = 256;  // bytes

/// What can be put on record as it is.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && core::is_utf8(text) &&
         std::ranges::none_of(
             text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

void add_roles(Roles& roles, const std::map<std::string, Roles, std::less<>>& table,
               std::string_view name) {
  if (const auto found = table.find(name); found != table.end()) roles.add(found->second);
}

Roles roles_of(const std::optional<RoleTable>& table, std::string_view name,
               std::string_view groups) {
  if (!table) return kAllRoles;
  Roles roles;
  add_roles(roles, table->users, name);
  while (!groups.empty()) {
    const std::size_t end = std::min(groups.find(','), groups.size());
    add_roles(roles, table->groups, trimmed(groups.substr(0, end)));
    groups.remove_prefix(std::min(end + 1, groups.size()));
  }
  return roles;
}

bool is_from_proxy(const CallerRules& rules, const Claims& claims) {
  return rules.proxy && claims.peer &&
         std::ranges::any_of(rules.proxy->peers, [&](const core::Network& network) {
           return network.contains(*claims.peer);
         });
}

}  // namespace

std::string_view refusal_of(const Caller& caller) {
  switch (caller.doubt) {
    case Caller::Doubt::none:
      return "missing_role";
    case Caller::Doubt::nobody:
      return "unknown_caller";
    case Caller::Doubt::foreign_field:
      return "foreign_proxy_field";
  }
  return {};
}

Caller caller_of(const CallerRules& rules, const Claims& claims) {
  Caller caller;
  if (claims.peer) caller.source = claims.peer->text();
  const bool from_proxy = is_from_proxy(rules, claims);
  if (!from_proxy && (claims.proxy_user || claims.proxy_groups)) {
    caller.doubt = Caller::Doubt::foreign_field;
    return caller;
  }
  const std::string name(from_proxy ? trimmed(claims.proxy_user.value_or(""))
                                    : std::string_view(claims.orthanc_user));
  const std::string groups = claims.proxy_groups.value_or("");
  if (is_name(name)) {
    caller.name = name;
    caller.roles =
        roles_of(rules.roles, name, from_proxy ? std::string_view(groups) : std::string_view());
  } else if (name.empty() && !from_proxy && rules.nameless == Nameless::have_all_roles) {
    caller.roles = kAllRoles;
  } else {
    caller.doubt = Caller::Doubt::nobody;
  }
  return caller;
}

}  // namespace sekisho::staff
