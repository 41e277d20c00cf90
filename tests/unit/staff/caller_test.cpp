// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/caller.h"

#include <gtest/gtest.h>

#include "support/addresses.h"

namespace sekisho::staff {
namespace {

using Doubt = Caller::Doubt;

constexpr Roles kClerk = {Role::share};

/// A proxy at 10.1.0.5; sato shares, and so do readers; privacy officers audit.
CallerRules rules() {
  CallerRules rules;
  rules.proxy = {{tests::network("10.1.0.5/32")}, "x-user", "x-groups"};
  rules.roles = RoleTable{{{"sato", kClerk}}, {{"readers", kClerk}, {"privacy", {Role::audit}}}};
  return rules;
}

Claims from(std::string_view peer) { return {.peer = core::IpAddress::parse(peer)}; }
Claims of_orthanc(std::string user, std::string_view peer = "10.1.0.9") {
  Claims claims = from(peer);
  claims.orthanc_user = std::move(user);
  return claims;
}
Claims of_proxy(std::string user, std::string groups = "", std::string_view peer = "10.1.0.5") {
  Claims claims = from(peer);
  claims.proxy_user = std::move(user);
  claims.proxy_groups = std::move(groups);
  return claims;
}

TEST(Callers, AreWhomOrthancHasAuthenticated) {
  const Caller caller = caller_of(rules(), of_orthanc("sato"));
  EXPECT_EQ(caller.name, "sato");
  EXPECT_EQ(caller.roles, kClerk);
  EXPECT_EQ(caller.source, "10.1.0.9");
  EXPECT_EQ(caller.doubt, Doubt::none);
}

TEST(Callers, HaveNoRoleThatTheyWereNotGiven) {
  const Caller caller = caller_of(rules(), of_orthanc("suzuki"));
  EXPECT_TRUE(caller.roles.empty());
  EXPECT_EQ(caller.name, "suzuki");
  EXPECT_EQ(refusal_of(caller), "missing_role");
}

TEST(Callers, HaveAllRolesWhereNobodyWasGivenAny) {
  EXPECT_EQ(caller_of({}, of_orthanc("suzuki")).roles, kAllRoles);
}

TEST(Callers, AreNobodyWithoutAName) {
  for (const Claims& claims : {Claims(), from("10.1.0.9"), of_orthanc(""), of_orthanc("\xff"),
                               of_orthanc("a\nb"), of_orthanc(std::string(257, 'a'))}) {
    const Caller caller = caller_of({}, claims);
    EXPECT_TRUE(caller.roles.empty());
    EXPECT_TRUE(caller.name.empty());
    EXPECT_EQ(refusal_of(caller), "unknown_caller");
  }
}

TEST(Callers, NeedNoNameWhereTheConfigurationSaysSo) {
  CallerRules nameless;
  nameless.nameless = Nameless::have_all_roles;
  EXPECT_EQ(caller_of(nameless, from("10.1.0.9")).roles, kAllRoles);
  EXPECT_EQ(caller_of(nameless, Claims()).roles, kAllRoles);
  EXPECT_EQ(caller_of(nameless, of_orthanc("sato")).name, "sato");
  EXPECT_EQ(caller_of(nameless, of_orthanc("a\nb")).doubt, Doubt::nobody);
}

TEST(Callers, AreWhomTheProxyNames) {
  const Caller caller = caller_of(rules(), of_proxy(" 佐藤 ", "others, privacy ,readers"));
  EXPECT_EQ(caller.name, "佐藤");
  EXPECT_EQ(caller.roles, (Roles{Role::share, Role::audit}));
  EXPECT_EQ(caller_of(rules(), of_proxy("sato")).roles, kClerk);
  EXPECT_TRUE(caller_of(rules(), of_proxy("readers", "sato")).roles.empty())
      << "a user is no group, a group no user";
}

/// It sends its own login to Orthanc with every call of somebody else.
TEST(Callers, AreNobodyWhereTheProxyNamesNobody) {
  Claims claims = of_orthanc("sato", "10.1.0.5");
  EXPECT_EQ(caller_of(rules(), claims).doubt, Doubt::nobody);
  claims.proxy_user = "  ";
  EXPECT_EQ(caller_of(rules(), claims).doubt, Doubt::nobody);
  CallerRules nameless = rules();
  nameless.nameless = Nameless::have_all_roles;
  EXPECT_EQ(caller_of(nameless, claims).doubt, Doubt::nobody);
}

TEST(Callers, AreRefusedWithAFieldOfTheProxyFromElsewhere) {
  Claims by_no_connection = of_proxy("sato");
  by_no_connection.peer.reset();
  Claims groups_alone = of_orthanc("sato");
  groups_alone.proxy_groups = "readers";
  for (const Claims& claims : {of_proxy("sato", "readers", "10.1.0.6"), by_no_connection,
                               groups_alone, of_proxy("", "", "10.1.0.6")}) {
    const Caller caller = caller_of(rules(), claims);
    EXPECT_TRUE(caller.roles.empty());
    EXPECT_EQ(refusal_of(caller), "foreign_proxy_field");
  }
}

}  // namespace
}  // namespace sekisho::staff
