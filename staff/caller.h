// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/network.h"
#include "staff/roles.h"

namespace sekisho::staff {

/// Who calls the staff API. A value.
struct Caller {
  enum class Doubt {
    none,
    nobody,         ///< nothing that may be believed says who it is
    foreign_field,  ///< a field that only the proxy may set came from elsewhere
  };
  std::string name;      ///< empty for nobody, and where callers need no name
  Roles roles;           ///< none where there is a doubt
  std::string source{};  ///< the address that the call came from; empty: by no connection
  Doubt doubt = Doubt::none;
};
/// What goes on record of a caller who is refused: "unknown_caller", "foreign_proxy_field", or
/// "missing_role" where there is no doubt.
std::string_view refusal_of(const Caller& caller);

/// What a call came with, as its connection had it.
struct Claims {
  std::optional<core::IpAddress>
      peer{};                  ///< who connected; `nullopt`: the call came by no connection
  std::string orthanc_user{};  ///< whom Orthanc has authenticated; empty: nobody
  std::optional<std::string> proxy_user{};    ///< StaffProxy::user_field, where it is there
  std::optional<std::string> proxy_groups{};  ///< StaffProxy::groups_field, likewise
};

/// A reverse proxy that authenticates the staff and says in fields of the header who calls. It must
/// replace what its clients send under these names.
struct StaffProxy {
  std::vector<core::Network> peers;  ///< where it connects from: believed for each call from there
  std::string user_field;            ///< in lower case
  std::string groups_field;          ///< likewise, its value separated by commas; empty: none
};

/// Who has which roles.
struct RoleTable {
  std::map<std::string, Roles, std::less<>> users{};
  std::map<std::string, Roles, std::less<>> groups{};
};

enum class Nameless { refused, have_all_roles };

/// How staff are told from each other ("Staff" in the configuration). A value.
struct CallerRules {
  std::optional<StaffProxy> proxy{};
  std::optional<RoleTable> roles{};  ///< `nullopt`: whoever has a name has all roles
  Nameless nameless = Nameless::refused;
};

/// Pure. From the proxy only what the proxy says counts, also where it says nothing; from elsewhere
/// only what Orthanc says, and a field of the proxy refuses the call.
Caller caller_of(const CallerRules& rules, const Claims& claims);

}  // namespace sekisho::staff
