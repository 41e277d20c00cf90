// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/roles.h"

#include <map>
#include <set>

#include "api_fixture.h"
#include "staff/routes.h"

namespace sekisho::staff {
namespace {

constexpr Role kEachRole[] = {Role::share, Role::approve, Role::administer, Role::audit};

/// What docs/roles.md says, by the initials of the roles that may: s, p (approve), m (administer),
/// u (audit). What is not here nobody has thought about.
const std::map<std::string, std::string> kWhoMay = {
    {"GET /status", "spmu"},
    {"GET /whoami", "spmu"},
    {"GET /settings", "spmu"},
    {"GET /studies", "sp"},
    {"GET /audit", "u"},
    {"GET /audit/holds", "u"},
    {"POST /audit/holds", "u"},
    {"POST /audit/holds/end", "u"},
    {"POST /audit/shred", "m"},
    {"POST /audit/prune", "m"},
    {"GET /consents", "spu"},
    {"POST /consents", "s"},
    {"POST /consents/search", "spu"},
    {"GET /consents/{consent}", "spu"},
    {"POST /consents/{consent}/withdraw", "spm"},
    {"GET /looks", "sp"},
    {"GET /looks/{look}", "sp"},
    {"DELETE /looks/{look}", "sp"},
    {"GET /uploads", "sp"},
    {"GET /uploads/{upload}", "sp"},
    {"POST /uploads/{upload}/release", "s"},
    {"POST /uploads/{upload}/reject", "s"},
    {"GET /profiles", "spmu"},
    {"GET /profiles/{profile}", "spmu"},
    {"GET /recipients", "spmu"},
    {"POST /recipients", "m"},
    {"GET /recipients/export", "m"},
    {"POST /recipients/import", "m"},
    {"GET /recipients/{recipient}", "spmu"},
    {"PUT /recipients/{recipient}", "m"},
    {"POST /recipients/{recipient}/disable", "m"},
    {"POST /recipients/{recipient}/enable", "m"},
    {"POST /recipients/{recipient}/networks", "m"},
    {"POST /recipients/{recipient}/networks/remove", "m"},
    {"GET /recipients/{recipient}/tokens", "mu"},
    {"POST /recipients/{recipient}/tokens", "m"},
    {"GET /recipients/{recipient}/tokens/{token}", "mu"},
    {"POST /recipients/{recipient}/tokens/{token}/revoke", "m"},
    {"GET /recipients/{recipient}/certificates", "mu"},
    {"POST /recipients/{recipient}/certificates", "m"},
    {"GET /recipients/{recipient}/certificates/{certificate}", "mu"},
    {"DELETE /recipients/{recipient}/certificates/{certificate}", "m"},
    {"GET /recipients/{recipient}/certificate-rules", "mu"},
    {"POST /recipients/{recipient}/certificate-rules", "m"},
    {"GET /recipients/{recipient}/certificate-rules/{rule}", "mu"},
    {"DELETE /recipients/{recipient}/certificate-rules/{rule}", "m"},
    {"GET /recipients/{recipient}/people", "spmu"},
    {"POST /recipients/{recipient}/people", "m"},
    {"GET /recipients/{recipient}/people/{person}", "spmu"},
    {"PUT /recipients/{recipient}/people/{person}", "m"},
    {"POST /recipients/{recipient}/people/{person}/revoke-shares", "spm"},
    {"POST /recipients/{recipient}/revoke-shares", "spm"},
    {"POST /patients/revoke-shares", "spm"},
    {"POST /recipients/{recipient}/people/{person}/invite", "m"},
    {"PUT /recipients/{recipient}/people/{person}/identity", "m"},
    {"DELETE /recipients/{recipient}/people/{person}/identity", "m"},
    {"POST /recipients/{recipient}/people/{person}/disable", "m"},
    {"POST /recipients/{recipient}/people/{person}/enable", "m"},
    {"POST /recipients/{recipient}/people/{person}/sessions/end", "m"},
    {"GET /shares", "spmu"},
    {"POST /shares", "s"},
    {"POST /shares/preview", "sp"},
    {"GET /shares/{share}", "spmu"},
    {"POST /shares/{share}/extend", "s"},
    {"POST /shares/{share}/revoke", "spm"},
    {"POST /shares/{share}/approve", "p"},
    {"POST /shares/{share}/reject", "p"},
    {"POST /shares/{share}/reissue", "s"},
    {"POST /shares/{share}/forget-key", "m"},
    {"POST /shares/{share}/series/approve", "p"},
    {"POST /shares/{share}/series/withdraw", "spm"},
    {"POST /mask-key/rotate", "m"},
};

std::string name_of(const Route& route) {
  constexpr const char* kVerbs[] = {"GET", "POST", "PUT", "DELETE"};
  return std::string(kVerbs[static_cast<std::size_t>(route.verb)]) + ' ' + std::string(route.path);
}

std::string initials_of(Roles roles) {
  std::string initials;
  for (const Role role : kEachRole) {
    if (roles.meets({role})) initials += "spmu"[static_cast<std::size_t>(role)];
  }
  return initials;
}

/// Of the calls of the table, asked with one role or another.
class StaffRoles : public StaffApiTest {
 protected:
  Answer answer_as(Roles roles, const Route& route) {
    // With what no call knows, so that whoever may call changes nothing either.
    Request request =
        request_of(route.verb, std::string(route.path), R"({"Nothing":1})", {{"nothing", "1"}});
    request.caller = {"sato", roles, "10.1.0.7"};
    return answer_to(request);
  }
};

TEST_F(StaffRoles, EachCallIsAnsweredToThoseRolesThatMayMakeItAndToNoOther) {
  std::set<std::string> seen;
  for (const Route& route : kRoutes) {
    const std::string name = name_of(route);
    seen.insert(name);
    const auto who_may = kWhoMay.find(name);
    ASSERT_NE(who_may, kWhoMay.end()) << name;
    for (const Role role : kEachRole) {
      now += std::chrono::minutes(2);  // refusals are put on record one by one
      const bool may = who_may->second.find(initials_of({role})) != std::string::npos;
      const std::size_t before = entries().size();
      const Answer answer = answer_as({role}, route);
      if (may) {
        EXPECT_NE(answer.status, 403) << name << ' ' << initials_of({role});
        continue;
      }
      EXPECT_EQ(answer.status, 403) << name << ' ' << initials_of({role});
      ASSERT_EQ(entries().size(), before + 1) << name;
      EXPECT_EQ(last_entry()["event"], "denial");
      EXPECT_EQ(last_entry()["detail"], "missing_role");
      EXPECT_EQ(last_entry()["authentication"], "staff");
      EXPECT_EQ(last_entry()["source"], "10.1.0.7");
      EXPECT_EQ(last_entry()["facts"]["call"], name);
    }
  }
  EXPECT_EQ(seen.size(), kWhoMay.size()) << "a call is told of that is not there";
}

TEST_F(StaffRoles, TheFilesOfTheLogAreTheAuditors) {
  for (const Role role : kEachRole) {
    Request request = request_of(Verb::get, "/checkpoint");
    request.caller.roles = {role};
    EXPECT_EQ(api.show_log_file(request).status, role == Role::audit ? 200 : 403);
  }
}

TEST_F(StaffRoles, WhoeverHasNoneIsRefusedEverything) {
  for (const Route& route : kRoutes) {
    EXPECT_EQ(answer_as({}, route).status, 403) << route.path;
  }
}

TEST_F(StaffRoles, TheRefusalNamesThoseThatItTakes) {
  Request request = request_of(Verb::post, "/shares/preview");
  request.caller.roles = {Role::audit};
  EXPECT_EQ(details(answer_to(request)), "It takes one of these: share, approve.\n");
}

TEST_F(StaffRoles, NobodyIsRefusedAsNobodyAndPutOnRecordSo) {
  Request request = request_of(Verb::get, "/status");
  request.caller = {"", {}, "10.1.0.7", Caller::Doubt::nobody};
  EXPECT_EQ(answer_to(request).status, 403);
  EXPECT_EQ(last_entry()["detail"], "unknown_caller");
  EXPECT_EQ(last_entry()["authentication"], "none");
  request.caller.doubt = Caller::Doubt::foreign_field;
  EXPECT_EQ(answer_to(request).status, 403);
  EXPECT_EQ(last_entry()["detail"], "foreign_proxy_field");
}

TEST_F(StaffRoles, AFloodOfRefusalsIsCounted) {
  const std::size_t before = entries().size();
  for (int i = 0; i < 50; ++i) answer_as({Role::audit}, kRoutes[std::size(kRoutes) - 1]);
  EXPECT_EQ(entries().size(), before + 20);
}

TEST_F(StaffRoles, WhoeverCallsIsToldWhoHeIsAndWhatHeMay) {
  Request request = request_of(Verb::get, "/whoami");
  request.caller = {"佐藤", {Role::share, Role::audit}, ""};
  EXPECT_EQ(to_text(answer_to(request).json), R"({"Name":"佐藤","Roles":["share","audit"]})");
}

}  // namespace
}  // namespace sekisho::staff
