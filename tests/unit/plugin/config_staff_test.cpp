// SPDX-License-Identifier: GPL-3.0-or-later
#include "config_builder.h"

namespace sekisho::plugin {
namespace {

using staff::Role;
using staff::Roles;

/// The object "Staff" as JSON.
Change staff_is(const std::string& json) {
  return [json](Json::Value& s) { Json::Reader().parse(json, s["Staff"]); };
}
staff::CallerRules rules_of(const std::string& json) {
  return config_with(staff_is(json)).staff.callers;
}

TEST(ParseStaff, RefusesTheNamelessAndGivesOthersAllRolesIfNothingIsSaid) {
  const staff::CallerRules rules = config_with([](Json::Value&) {}).staff.callers;
  EXPECT_EQ(rules.nameless, staff::Nameless::refused);
  EXPECT_FALSE(rules.roles || rules.proxy);
}

TEST(ParseStaff, MapsUsersAndGroupsToRoles) {
  const staff::CallerRules rules = rules_of(R"({
    "Roles": {"share": ["sato", "group:readers"], "audit": ["sato"], "approve": []},
    "Proxy": {"Peers": ["10.1.0.5/32"], "UserField": "X-Remote-User", "GroupsField": "X-Groups"}})");
  ASSERT_TRUE(rules.roles && rules.proxy);
  EXPECT_EQ(rules.roles->users.at("sato"), (Roles{Role::share, Role::audit}));
  EXPECT_EQ(rules.roles->groups.at("readers"), Roles{Role::share});
  EXPECT_EQ(rules.roles->users.size(), 1U);
  EXPECT_EQ(rules.proxy->user_field, "x-remote-user");
  EXPECT_EQ(rules.proxy->groups_field, "x-groups");
  EXPECT_EQ(rules.proxy->peers.size(), 1U);
}

TEST(ParseStaff, LetsTheNamelessInWhereThatIsSaid) {
  EXPECT_EQ(rules_of(R"({"AllowNameless": true})").nameless, staff::Nameless::have_all_roles);
  EXPECT_EQ(rules_of(R"({"AllowNameless": false})").nameless, staff::Nameless::refused);
}

TEST(ParseStaff, NamesWhatIsWrong) {
  const std::string proxy = R"("Proxy": {"Peers": ["10.1.0.5/32"], "UserField": "X-User"})";
  const std::pair<std::string, std::string> wrong[] = {
      {R"({"Roles": {"boss": []}})", "Staff.Roles.boss\" is not a setting"},
      {R"({"Roles": {"share": "sato"}})", "Staff.Roles.share\" must be a list"},
      {R"({"Roles": {"share": [""]}})", "Staff.Roles.share\" must list names"},
      {R"({"Roles": {"share": ["sato,suzuki"]}})", "Staff.Roles.share\" must list names"},
      {R"({"Roles": {"share": ["group:"]}})", "Staff.Roles.share\" must list names"},
      {R"({"Roles": {"share": ["group:readers"]}})", "Staff.Roles\" names groups"},
      {R"({"Roles": {"share": ["group:readers"]}, )" + proxy + "}", "Staff.Roles\" names groups"},
      {"{" + proxy + "}", "Staff.Proxy\" needs \"Roles\""},
      {R"({"Roles": {}, "AllowNameless": true})", "does not go with \"Roles\""},
      {R"({"Roles": {}, "Proxy": {"UserField": "X-User"}})", "Proxy.Peers\" is missing"},
      {R"({"Roles": {}, "Proxy": {"Peers": ["10.1.0.5/32"]}})", "Proxy.UserField\" is missing"},
      {R"({"Roles": {}, "Proxy": {"Peers": [], "UserField": "X-User"}})", "must name a network"},
      {R"({"Roles": {}, "Proxy": {"Peers": ["10.1.0.5/32"], "UserField": "X User"}})",
       "Proxy.UserField\" must be the name"},
      {R"({"Roles": {}, "Proxy": {"Peers": ["10.1.0.5/32"], "UserField": "Authorization"}})",
       "Proxy.UserField\" must be the name"},
      {R"({"Roles": {}, "Proxy": {"Peers": ["10.1.0.5/32"], "UserField": "X", "GroupsField": "x"}})",
       "must be another one"}};
  for (const auto& [json, problem] : wrong) {
    EXPECT_TRUE(only_problem_is(problems_with(staff_is(json)), problem)) << json;
  }
  const Problems everywhere = problems_with(
      staff_is(R"({"Roles": {}, "Proxy": {"Peers": ["0.0.0.0/0"], "UserField": "X-User"}})"));
  EXPECT_NE(everywhere.at(0).find("everybody could then say to be anybody"), std::string::npos);
}

TEST(ParseStaff, WantsConsentsWhereThatIsSaid) {
  EXPECT_EQ(config_with([](Json::Value&) {}).staff.consents, sharing::ConsentRule::not_required);
  EXPECT_EQ(config_with([](Json::Value& s) { s["Sharing"]["RequireConsent"] = true; }).staff.consents,
            sharing::ConsentRule::required);
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) { s["Sharing"]["RequireConsent"] = "yes"; }),
                              "Sharing.RequireConsent\" must be true or false"));
}

}  // namespace
}  // namespace sekisho::plugin
