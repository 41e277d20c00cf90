// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/rounds.h"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <string>

namespace sekisho::plugin {
namespace {

constexpr std::chrono::milliseconds kAtOnce{1};

TEST(Rounds, EveryDutyIsDoneAgainAndAgain) {
  std::promise<void> third;
  int rounds = 0;
  const Rounds watched(
      {[&](const core::Demand&) {
        if (++rounds == 3) third.set_value();
      }},
      [](auto, auto) {}, kAtOnce);
  third.get_future().wait();
}

TEST(Rounds, ADutyThatFailsIsToldOnceAndKeepsNoOtherFromBeingDone) {
  std::vector<std::string> told;
  std::promise<void> tenth;
  int rounds = 0;
  {
    const Rounds watched(
        {[](const core::Demand&) { throw std::runtime_error("/var/lib/secret"); },
         [&](const core::Demand&) {
           if (++rounds == 10) tenth.set_value();
         }},
        [&](core::Severity, std::string_view text) { told.emplace_back(text); }, kAtOnce);
    tenth.get_future().wait();
  }
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().find("secret"), std::string::npos);
}

TEST(Rounds, AFailureThatCameBackIsToldAgain) {
  std::vector<std::string> told;
  std::promise<void> fifth;
  int rounds = 0;
  {
    const Rounds watched(
        {[&](const core::Demand&) {
          if (++rounds == 5) fifth.set_value();
          if (rounds == 1 || rounds == 3) throw std::runtime_error("trouble");
        }},
        [&](core::Severity, std::string_view text) { told.emplace_back(text); }, kAtOnce);
    fifth.get_future().wait();
  }
  EXPECT_EQ(told.size(), 2U);
}

}  // namespace
}  // namespace sekisho::plugin
