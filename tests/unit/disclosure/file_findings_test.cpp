// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/file_findings.h"

#include <gtest/gtest.h>

namespace sekisho::disclosure {
namespace {

TEST(FileFindings, TheLastWordCounts) {
  FileFindings findings;
  EXPECT_EQ(findings.find("a"), std::nullopt);
  findings.keep("a", Fitness::unfit);
  EXPECT_EQ(findings.find("a"), Fitness::unfit);
  EXPECT_EQ(findings.find("b"), std::nullopt);
  findings.keep("a", Fitness::fit);
  EXPECT_EQ(findings.find("a"), Fitness::fit);
}

TEST(FileFindings, AreForgottenBeforeTheyFillTheMemory) {
  FileFindings findings;
  findings.keep("first", Fitness::unfit);
  int kept = 1;
  for (; findings.find("first") && kept < 1'000'000; ++kept) {
    findings.keep(std::to_string(kept), Fitness::fit);
  }
  EXPECT_GE(kept, 10'000);
  EXPECT_LE(kept, 200'000);
}

}  // namespace
}  // namespace sekisho::disclosure
