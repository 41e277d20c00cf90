// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/postman.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/access_house.h"
#include "support/temporary_directory.h"

namespace sekisho::mail {
namespace {

using outbound::MailCall;
using outbound::MailServer;
using outbound::MailTrouble;

/// A postman with letters on disk and a server that answers as the test says.
class APostman : public testing::Test {
 protected:
  Letter put(std::string to = "sato@kita.example") {
    Letter letter = warning_letter({std::move(to), "en", "https://share.hospital.example", now});
    outbox.put(letter);
    return letter;
  }
  Postman postman() {
    Options options;
    options.host = "mail.hospital.example";
    options.sender = {"sekisho@hospital.example", "Hospital"};
    options.user = user;
    options.password_file = {directory.path() / "password", "\"Mail.PasswordFile\""};
    return {options,
            {outbox, [this] { return now; },
             [this](core::Severity, std::string_view text) { reports.emplace_back(text); },
             [this](const MailServer& server, const MailCall& call, const core::Demand&) {
               passwords.emplace_back(core::as_text(server.password.view()));
               tried.push_back(call.to);
               auto answer = answers.empty() ? std::nullopt : answers.front();
               if (!answers.empty()) answers.erase(answers.begin());
               if (!answer) messages.emplace_back(call.message);
               return answer;
             }}};
  }

  tests::TemporaryDirectory directory;
  access::Stores stores = access::open_stores(access::AccessPlace::in(directory.path()));
  Outbox& outbox = *stores.outbox;
  core::Time now = tests::moment("2026-02-01T09:00:00Z");
  std::string user;
  std::vector<std::optional<MailTrouble>> answers;  ///< then: taken
  std::vector<std::string> tried, messages, reports, passwords;
  const core::Demand demand;
  const MailTrouble away{MailTrouble::Of::server, "does not take connections"};
  const MailTrouble refused{MailTrouble::Of::message, "refuses messages (SMTP 550)"};
};

TEST_F(APostman, SendsEachLetterOnceInTurn) {
  put("sato@kita.example");
  now += std::chrono::seconds(1);
  put("suzuki@kita.example");
  Postman postman = this->postman();
  postman.deliver(demand);
  postman.deliver(demand);
  EXPECT_EQ(tried, (std::vector<std::string>{"sato@kita.example", "suzuki@kita.example"}));
  EXPECT_NE(messages.at(0).find("To: <sato@kita.example>\r\n"), std::string::npos);
  EXPECT_EQ(postman.state().count.waiting, 0);
  EXPECT_EQ(postman.state().sent_at, now);
  EXPECT_TRUE(reports.empty());
}

TEST_F(APostman, LosesNothingWhileTheServerIsAwayAndLeavesItAloneForLongerAndLonger) {
  put();
  put("suzuki@kita.example");
  Postman postman = this->postman();
  answers.assign(100, away);
  std::vector<std::chrono::seconds> pauses;
  core::Time last = now;
  for (std::size_t known = 0; tried.size() < 12; now += std::chrono::seconds(1)) {
    postman.deliver(demand);
    if (tried.size() == known) continue;
    known = tried.size();
    pauses.push_back(std::chrono::duration_cast<std::chrono::seconds>(now - last));
    last = now;
  }
  EXPECT_EQ(pauses.at(1), std::chrono::seconds(1));
  EXPECT_EQ(pauses.at(4), std::chrono::seconds(8));
  EXPECT_EQ(pauses.back(), std::chrono::seconds(300));
  EXPECT_EQ(postman.state().count.waiting, 2);
  EXPECT_EQ(postman.state().trouble, "The mail server does not take connections.");
  EXPECT_EQ(reports.size(), 1U);
  answers.clear();
  now += std::chrono::seconds(300);
  postman.deliver(demand);
  EXPECT_EQ(messages.size(), 2U);
  EXPECT_EQ(postman.state().trouble, "");
  EXPECT_EQ(reports.back(), "Mail is sent again.");
}

TEST_F(APostman, ALetterThatIsRefusedHoldsUpNoOther) {
  put();
  put("suzuki@kita.example");
  answers = {refused};
  Postman postman = this->postman();
  postman.deliver(demand);
  EXPECT_EQ(messages.size(), 1U);
  EXPECT_EQ(tried, (std::vector<std::string>{"sato@kita.example", "suzuki@kita.example"}));
  now += std::chrono::seconds(14);
  postman.deliver(demand);
  EXPECT_EQ(tried.size(), 2U);
  now += std::chrono::seconds(1);
  postman.deliver(demand);
  EXPECT_EQ(tried.back(), "sato@kita.example");
  EXPECT_EQ(messages.size(), 2U);
}

TEST_F(APostman, WhatNobodyNeedsAnyMoreIsGivenUpAndToldForAWhile) {
  const Letter letter = put();
  answers.assign(2000, refused);
  Postman postman = this->postman();
  for (; now < letter.useful_until; now += std::chrono::minutes(30)) postman.deliver(demand);
  const std::size_t tries = tried.size();
  EXPECT_GT(tries, 50U);
  postman.deliver(demand);
  EXPECT_EQ(tried.size(), tries);
  outbox.forget(now);
  EXPECT_EQ(postman.state().count.waiting, 0);
  EXPECT_EQ(postman.state().count.given_up, 1);
  EXPECT_EQ(postman.state().trouble, "") << "it is over";
  now += kGivenUpIsTold;
  EXPECT_EQ(postman.state().count.given_up, 0);
}

TEST_F(APostman, ARestartGoesOnWithTheSameMessage) {
  const Letter letter = put();
  answers = {away};
  postman().deliver(demand);
  EXPECT_TRUE(messages.empty());
  postman().deliver(demand);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_NE(messages[0].find("Message-ID: <" + letter.id.text() + "@hospital.example>"),
            std::string::npos);
}

TEST_F(APostman, ReadsThePasswordAsItStandsInItsFileNow) {
  user = "sekisho";
  put();
  Postman postman = this->postman();
  postman.deliver(demand);
  EXPECT_TRUE(tried.empty());
  EXPECT_NE(postman.state().trouble, "");
  EXPECT_EQ(postman.state().file_troubles.size(), 1U);
  std::ofstream(directory.path() / "password") << "correct horse\n";
  std::filesystem::permissions(directory.path() / "password", std::filesystem::perms::owner_read);
  now += std::chrono::seconds(1);
  postman.deliver(demand);
  EXPECT_EQ(passwords, std::vector<std::string>{"correct horse"});
  EXPECT_TRUE(postman.state().file_troubles.empty());
}

TEST_F(APostman, StopsWhenItIsNotWantedAnyMore) {
  put();
  std::stop_source stop;
  stop.request_stop();
  postman().deliver(core::Demand(stop.get_token()));
  EXPECT_TRUE(tried.empty());
  EXPECT_EQ(outbox.count(now).waiting, 1);
}

}  // namespace
}  // namespace sekisho::mail
