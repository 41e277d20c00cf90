// SPDX-License-Identifier: GPL-3.0-or-later
// What is acknowledged is in the log, whatever the disk and the power do: by seed, as often as
// wanted.
#include <gtest/gtest.h>

#include <random>

#include "support/log_on_fragile_disk.h"

namespace sekisho::audit {
namespace {

constexpr std::uint32_t kSeeds = 12;
constexpr int kActs = 80;

sekisho::test::FragileDisk::Chance chances_of(std::uint32_t seed) {
  return [random = std::mt19937(seed)](std::uint32_t below) mutable {
    return static_cast<std::uint32_t>(random() % below);
  };
}

TEST(FragileDisk, LosesNothingThatWasAcknowledged) {
  std::size_t acknowledged = 0;
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    try {
      sekisho::test::LogOnFragileDisk log(chances_of(seed));
      for (int i = 0; i < kActs; ++i) log.act();
      log.end();
      acknowledged += log.acknowledged();
    } catch (const std::runtime_error& error) {
      ADD_FAILURE() << error.what();
    }
  }
  EXPECT_GT(acknowledged, kSeeds * std::uint32_t{kActs} / 4);
}

/// Nothing survives of what was not synced.
std::uint32_t nothing(std::uint32_t /*below*/) { return 0; }

TEST(FragileDisk, WhatFollowsASyncThatFailedIsThereAfterAPowerCut) {
  using Disk = sekisho::test::FragileDisk;
  Disk disk;
  const test::ALog a_log;
  auto log = a_log.open();
  log->append(test::a_transfer());
  disk.decide_by([](Disk::Step step) {
    return step == Disk::Step::sync ? Disk::Fate::failed : Disk::Fate::done;
  });
  EXPECT_THROW(log->append(test::a_transfer()), AuditError);
  disk.decide_by({});
  log.reset();
  log = a_log.open();  // and finds on the disk what was refused
  const Receipt receipt = log->append(test::a_transfer());
  disk.cut_power();
  log.reset();
  disk.restore_power(nothing);

  log = a_log.open();
  EXPECT_GT(log->head().size, receipt.seq());
  const Verdict verdict = a_log.verdict();
  EXPECT_TRUE(verdict.sound()) << test::joined(verdict.problems);
}

}  // namespace
}  // namespace sekisho::audit
