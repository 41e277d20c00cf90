// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/people.h"

#include <gtest/gtest.h>
#include <json/writer.h>

#include "access/secret_text.h"
#include "support/access_house.h"
#include "unit/staff/api_fixture.h"

namespace sekisho::staff {
namespace {

class PeopleTest : public StaffApiTest {
 protected:
  std::string people_of(const std::string& recipient) const {
    return "/recipients/" + recipient + "/people";
  }
  Answer register_person(const std::string& login) {
    return post(people_of(clinic), R"({"Login":")" + login + R"(","Name":"Sato Kyoko"})");
  }
  /// The path of a person that is there now.
  std::string new_person(const std::string& login = "sato") {
    return people_of(clinic) + '/' + register_person(login).json["ID"].asString();
  }
  access::PersonId id_of(const std::string& path) {
    return access::PersonId::parse(path.substr(path.rfind('/') + 1)).value();
  }
  void begin_session_of(const std::string& path) {
    auto session = tests::a_session(tests::a_person(), now);
    session.person = id_of(path);
    EXPECT_TRUE(
        access.sessions->begin(session, access::new_secret(access::SecretKind::session).hash));
  }

  const std::string clinic = new_recipient();
};

TEST_F(PeopleTest, APersonIsRegisteredAndInvitedLater) {
  const Answer answer = register_person("Sato");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.json["Login"].asString(), "sato");
  EXPECT_EQ(answer.json["Status"].asString(), "invited");
  EXPECT_TRUE(answer.location.ends_with(answer.json["ID"].asString()));
  EXPECT_EQ(last_entry()["event"].asString(), "person.create");
  EXPECT_EQ(last_entry()["facts"]["person"], answer.json["ID"]);
  EXPECT_EQ(get(people_of(clinic)).json["People"].size(), 1U);
}

TEST_F(PeopleTest, StaffGiveNameAndMailAddressAndWhatChangesIsOnRecord) {
  const std::string sato = new_person();
  EXPECT_EQ(get(sato).json["Email"].asString(), "");
  const char* body = R"({"Name":"Sato Kyoko","Email":"sato@kita.example"})";
  const Answer changed = call(Verb::put, sato, body);
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.json["Email"].asString(), "sato@kita.example");
  EXPECT_EQ(last_entry()["event"].asString(), "recipient.change");
  EXPECT_EQ(last_entry()["facts"]["person"], changed.json["ID"]);
  EXPECT_EQ(last_entry()["facts"]["fields"].asString(), "email");
  EXPECT_EQ(to_text(last_entry()).find("sato@kita.example"), std::string::npos);
  const auto before = entries().size();
  EXPECT_EQ(call(Verb::put, sato, body).status, 200);
  EXPECT_EQ(entries().size(), before);
  EXPECT_EQ(call(Verb::put, sato, R"({"Name":"Ito Kyoko"})").json["Email"].asString(), "");
  EXPECT_EQ(last_entry()["facts"]["fields"].asString(), "name email");
  for (const char* bad :
       {"{}", R"({"Email":"sato@kita.example"})", R"({"Name":"Sato","Email":"sato"})",
        R"({"Name":"Sato","Email":"a@b.c\r\nBcc: x@y.z"})", R"({"Name":"S","Login":"sato"})"}) {
    EXPECT_EQ(call(Verb::put, sato, bad).status, 400) << bad;
  }
  EXPECT_EQ(call(Verb::put, people_of(clinic) + '/' + std::string(32, '0'), body).status, 404);
  EXPECT_EQ(
      post(people_of(clinic), R"({"Login":"suzuki","Name":"Suzuki","Email":"suzuki@kita.example"})")
          .json["Email"]
          .asString(),
      "suzuki@kita.example");
}

TEST_F(PeopleTest, ALoginBelongsToOnePersonOfAllRecipients) {
  register_person("sato");
  const std::string other = new_recipient("Hayashi Clinic");
  const auto before = entries().size();
  EXPECT_EQ(post(people_of(other), R"({"Login":"SATO","Name":"Sato Ichiro"})").status, 409);
  EXPECT_EQ(entries().size(), before);
}

TEST_F(PeopleTest, WhatIsNoPersonIsRefused) {
  for (const char* body :
       {"{}", R"({"Login":"sato"})", R"({"Name":"Sato"})", R"({"Login":"s","Name":"Sato"})",
        R"({"Login":"sato","Name":""})", R"({"Login":"sato","Name":"Sato","Role":"x"})"}) {
    EXPECT_EQ(post(people_of(clinic), body).status, 400) << body;
  }
  EXPECT_EQ(post(people_of(std::string(32, '0')), R"({"Login":"sato","Name":"Sato"})").status, 404);
}

TEST_F(PeopleTest, AnInvitationIsShownOnceAndItsHashIsKept) {
  const std::string sato = new_person();
  const Answer answer = post(sato + "/invite");
  EXPECT_EQ(answer.status, 201);
  const std::string secret = answer.json["Invitation"].asString();
  EXPECT_EQ(answer.json["Link"].asString(),
            "https://share.hospital.example/i/" + answer.json["ID"].asString() + '#' + secret);
  EXPECT_EQ(last_entry()["event"].asString(), "person.invite");
  EXPECT_EQ(to_text(last_entry()).find(secret), std::string::npos);
  const auto hash = access::secret_hash(access::SecretKind::invitation, secret);
  EXPECT_EQ(access.people->invited(*hash, now)->id, id_of(sato));
  EXPECT_FALSE(access.people->invited(*hash, now + std::chrono::days(14)));
}

TEST_F(PeopleTest, WhoIsDisabledIsSignedOutAndCannotBeInvited) {
  const std::string sato = new_person();
  begin_session_of(sato);
  EXPECT_EQ(post(sato + "/disable").json["Status"].asString(), "disabled");
  EXPECT_EQ(last_entry()["event"].asString(), "person.disable");
  const auto on_record = entries().size();
  EXPECT_EQ(post(sato + "/disable").status, 200);
  EXPECT_EQ(entries().size(), on_record);
  EXPECT_EQ(get(sato).json["Sessions"].size(), 0U);
  EXPECT_EQ(post(sato + "/invite").status, 409);
  EXPECT_EQ(post(sato + "/enable").json["Status"].asString(), "invited");
  EXPECT_EQ(last_entry()["event"].asString(), "person.enable");
}

TEST_F(PeopleTest, StaffSeeSessionsAndEndThem) {
  const std::string sato = new_person();
  begin_session_of(sato);
  begin_session_of(sato);
  const Answer shown = get(sato);
  ASSERT_EQ(shown.json["Sessions"].size(), 2U);
  EXPECT_EQ(shown.json["Sessions"][0]["Source"].asString(), "10.20.0.7");
  EXPECT_EQ(post(sato + "/sessions/end").json["Ended"].asInt(), 2);
  EXPECT_EQ(last_entry()["event"].asString(), "session.revoke");
  EXPECT_EQ(get(sato).json["Sessions"].size(), 0U);
}

TEST_F(PeopleTest, OfAnotherRecipientThereIsNoSuchPerson) {
  const std::string id = id_of(new_person()).text();
  const std::string other = people_of(new_recipient("Hayashi Clinic")) + '/' + id;
  EXPECT_EQ(get(other).status, 404);
  for (const char* act : {"/invite", "/disable", "/enable", "/sessions/end"}) {
    EXPECT_EQ(post(other + act).status, 404) << act;
  }
}

TEST_F(PeopleTest, WhatCannotBePutOnRecordDoesNotHappen) {
  const std::string sato = new_person();
  begin_session_of(sato);
  break_log();
  for (const char* act : {"/invite", "/disable", "/sessions/end"}) {
    EXPECT_THROW(api.answer(request_of(Verb::post, sato + act, "{}")), audit::AuditError) << act;
  }
  EXPECT_FALSE(access.people->find(id_of(sato))->disabled_at);
  EXPECT_EQ(access.sessions->of_person(id_of(sato), now).size(), 1U);
}

class IdentitiesTest : public PeopleTest {
 protected:
  IdentitiesTest() { options.identity_issuer = "https://id.example"; }
  Answer link(const std::string& person, const std::string& subject) {
    return call(Verb::put, person + "/identity", R"({"Subject":")" + subject + R"("})");
  }
  Answer unlink(const std::string& person) { return call(Verb::erase, person + "/identity"); }
};

TEST_F(IdentitiesTest, StaffTieAPersonToWhoTheyAreElsewhere) {
  const std::string sato = new_person();
  begin_session_of(sato);
  const Answer tied = link(sato, "u-7");
  EXPECT_EQ(tied.status, 200) << tied.json;
  EXPECT_EQ(tied.json["Status"].asString(), "active");
  EXPECT_TRUE(tied.json.isMember("IdentitySince"));
  EXPECT_EQ(last_entry()["event"].asString(), "recipient.change");
  EXPECT_EQ(last_entry()["facts"]["fields"].asString(), "identity");
  EXPECT_EQ(last_entry()["facts"]["person"], tied.json["ID"]);
  const Answer shown = get(sato);
  EXPECT_EQ(shown.json["Identity"]["Issuer"].asString(), "https://id.example");
  EXPECT_EQ(shown.json["Identity"]["Subject"].asString(), "u-7");
  EXPECT_EQ(shown.json["Sessions"].size(), 0U);
  const auto before = entries().size();
  EXPECT_EQ(link(sato, "u-7").status, 200);
  EXPECT_EQ(entries().size(), before);
  EXPECT_EQ(unlink(sato).status, 200);
  EXPECT_EQ(get(sato).json["Status"].asString(), "invited");
  EXPECT_FALSE(get(sato).json.isMember("Identity"));
  EXPECT_EQ(entries().size(), before + 1);
  EXPECT_EQ(unlink(sato).status, 200);
  EXPECT_EQ(entries().size(), before + 1);
}

TEST_F(IdentitiesTest, NobodyIsTwoPeople) {
  const std::string sato = new_person();
  const std::string suzuki = new_person("suzuki");
  EXPECT_EQ(link(sato, "u-7").status, 200);
  EXPECT_EQ(link(suzuki, "u-7").status, 409);
  EXPECT_EQ(get(sato).json["Identity"]["Subject"].asString(), "u-7");
  EXPECT_FALSE(get(suzuki).json.isMember("Identity"));
}

TEST_F(IdentitiesTest, WhatCannotBeMeantChangesNothing) {
  const std::string sato = new_person();
  const auto before = entries().size();
  for (const std::string& subject :
       {std::string(), std::string(256, 'x'), std::string("\\n"), std::string("佐藤")}) {
    EXPECT_EQ(link(sato, subject).status, 400) << subject;
  }
  EXPECT_EQ(call(Verb::put, sato + "/identity", "{}").status, 400);
  EXPECT_EQ(
      call(Verb::put, sato + "/identity", R"({"Subject":"u-7","Issuer":"https://evil.example"})")
          .status,
      400);
  EXPECT_EQ(link(people_of(clinic) + '/' + std::string(32, '0'), "u-7").status, 404);
  options.identity_issuer.clear();
  EXPECT_EQ(link(sato, "u-7").status, 409);
  EXPECT_EQ(entries().size(), before);
  options.identity_issuer = "https://id.example";
  break_log();
  EXPECT_THROW(link(sato, "u-7"), audit::AuditError);
  EXPECT_FALSE(access.identities->of_person(id_of(sato)));
}

}  // namespace
}  // namespace sekisho::staff
