// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "support/access_house.h"

/// What every mail::Outbox promises, as tests.
namespace sekisho::access {

class OutboxContract : public tests::AccessContract {
 protected:
  mail::Letter put(core::Time at) {
    mail::Letter letter =
        mail::warning_letter({"sato@kita.example", "ja", "https://share.hospital.example", at});
    stores.outbox->put(letter);
    return letter;
  }
};

TEST_P(OutboxContract, GivesBackWhatWasPut) {
  mail::Letter letter = put(now);
  const auto waiting = others.outbox->next(now);
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting->letter.id, letter.id);
  EXPECT_EQ(waiting->letter.to, letter.to);
  EXPECT_EQ(waiting->letter.subject, letter.subject);
  EXPECT_EQ(waiting->letter.text, letter.text);
  EXPECT_EQ(waiting->letter.written_at, letter.written_at);
  EXPECT_EQ(waiting->letter.useful_until, letter.useful_until);
  EXPECT_EQ(waiting->failures, 0);
}

TEST_P(OutboxContract, WhatWasSentIsGone) {
  const mail::Letter first = put(now);
  const mail::Letter second = put(now + std::chrono::seconds(1));
  stores.outbox->sent(first.id);
  EXPECT_FALSE(others.outbox->next(now));
  EXPECT_EQ(others.outbox->next(second.written_at)->letter.id, second.id);
  EXPECT_EQ(others.outbox->count(now).waiting, 1);
}

TEST_P(OutboxContract, WhatFailedLetsTheOthersGoFirst) {
  const mail::Letter first = put(now);
  const mail::Letter second = put(now);
  EXPECT_EQ(stores.outbox->next(now)->letter.id, first.id);
  stores.outbox->failed(first.id, now + std::chrono::minutes(1));
  EXPECT_EQ(others.outbox->next(now)->letter.id, second.id);
  stores.outbox->sent(second.id);
  EXPECT_FALSE(others.outbox->next(now));
  const auto again = others.outbox->next(now + std::chrono::minutes(1));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->failures, 1);
  EXPECT_EQ(others.outbox->count(now).oldest, now);
}

TEST_P(OutboxContract, WhatNobodyNeedsAnyMoreIsCountedAndThenForgotten) {
  const mail::Letter letter = put(now);
  const core::Time end = letter.useful_until;
  EXPECT_FALSE(stores.outbox->next(end));
  stores.outbox->forget(end - std::chrono::seconds(1));
  EXPECT_EQ(stores.outbox->count(end).given_up, 0);
  stores.outbox->forget(end);
  EXPECT_EQ(others.outbox->count(end).waiting, 0);
  EXPECT_EQ(others.outbox->count(end).given_up, 1);
  EXPECT_FALSE(others.outbox->count(end).oldest);
  EXPECT_FALSE(others.outbox->next(now));  // nor when the clock is set back
  EXPECT_EQ(others.outbox->count(end + mail::kGivenUpIsTold).given_up, 0);
}

}  // namespace sekisho::access
