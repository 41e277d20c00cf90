// SPDX-License-Identifier: GPL-3.0-or-later
// That what is reached through one place can be another: our own code runs on the stand-ins.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/id.h"
#include "core/secret.h"
#include "core/thread.h"
#include "http/proxy_complaints.h"
#include "unit/seams/stand_ins.h"

namespace sekisho {
namespace {

using Id = core::Id<struct Anything>;

TEST(Seams, WhatIsRandomFollowsFromASeed) {
  test::seed(7);
  const Id first = Id::random();
  const core::Secret key = core::Secret::random(32);
  test::seed(7);
  EXPECT_EQ(Id::random().text(), first.text());
  const core::Secret again = core::Secret::random(32);
  EXPECT_TRUE(std::ranges::equal(key.view(), again.view()));
  EXPECT_NE(Id::random().text(), first.text());
}

TEST(Seams, TimePassesAsItIsTold) {
  std::vector<std::string> told;
  const core::Log report = [&](core::Severity, std::string_view text) { told.emplace_back(text); };
  http::ProxyComplaints complaints(report);
  const auto proxy = core::IpAddress::parse("192.0.2.7");
  ASSERT_TRUE(proxy);
  complaints.report(*proxy, "nothing");
  test::pass(std::chrono::seconds(59));
  complaints.report(*proxy, "nothing");
  EXPECT_EQ(told.size(), 1U);
  test::pass(std::chrono::seconds(1));
  complaints.report(*proxy, "nothing");
  EXPECT_EQ(told.size(), 2U);
}

TEST(Seams, AJobRunsWhereItIsSaidToAndAPauseTakesNoTime) {
  const auto before = core::SteadyClock::now();
  bool has_run = false;
  const core::Thread thread("test", [&](const std::stop_token& stop) {
    core::pause_for(std::chrono::hours(24 * 365), stop);
    has_run = true;
  });
  EXPECT_TRUE(has_run);
  EXPECT_EQ(core::SteadyClock::now() - before, std::chrono::hours(24 * 365));
}

}  // namespace
}  // namespace sekisho
