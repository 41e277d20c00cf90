// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "access/secret_text.h"
#include "core/json_body.h"
#include "unit/gateway/hospital.h"

namespace sekisho::gateway {

inline constexpr const char* kPassword = "mountain river 7 lake";
inline constexpr const char* kSignIn = R"({"Login":"sato","Password":"mountain river 7 lake"})";

inline Json::Value json(const tests::Answer& answer) {
  return std::get<Json::Value>(core::parse_json_object(answer.body));
}

/// The value of the cookie that an answer sets; empty where it sets none.
inline std::string cookie_set_by(const tests::Answer& answer) {
  const auto field = answer.headers.find("set-cookie");
  if (field == answer.headers.end()) return {};
  const std::string& text = field->second;
  const auto begin = text.find('=') + 1;
  return text.substr(begin, text.find(';') - begin);
}

/// People of a clinic at the door.
class SessionsTest : public testing::Test {
 protected:
  access::Person person_of(const sharing::Recipient& recipient, const std::string& login) {
    access::Person person = tests::a_person(login);
    person.recipient = recipient.id.text();
    hospital.access().people->insert(person);
    access::PasswordHasher hasher(tests::quick_hashing());
    const auto turn = hasher.enter("nowhere");
    hospital.access().people->set_password(person.id, "", hasher.hash(*turn, kPassword),
                                           hospital.time());
    return person;
  }
  std::string invitation_for(const access::Person& person) {
    const auto secret = access::new_secret(access::SecretKind::invitation);
    hospital.access().people->invite({access::InvitationId::random(), person.id, secret.hash,
                                      hospital.time(), hospital.time() + std::chrono::days(7)});
    return secret.text;
  }
  /// Signs in and gives the cookie.
  std::string signed_in(const std::string& form = kSignIn) {
    const tests::Answer answer = hospital.from_page("POST /api/session", "", form);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return cookie_set_by(answer);
  }
  std::string root(const sharing::Share& share) {
    return "/shares/" + share.id.text() + "/dicom-web/studies";
  }
  int status_of(const std::string& line, const std::string& cookie) {
    return hospital.from_page(line, cookie).status;
  }

  tests::Hospital hospital;
  const sharing::Recipient clinic = hospital.clinic();
  const access::Person sato = person_of(clinic, "sato");
};

}  // namespace sekisho::gateway
