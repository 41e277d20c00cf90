// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/denials.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/dicomweb/recipient_desk.h"

namespace sekisho::disclosure {
namespace {

using tests::RecipientDesk;

class DenialsTest : public testing::Test, public RecipientDesk {
 protected:
  auto denials() {
    auto all = entries();
    std::erase_if(all, [](const Json::Value& entry) { return entry["event"] != "denial"; });
    return all;
  }
};

TEST_F(DenialsTest, OfAReaderWhoGuessesUidsDoNotFillTheLog) {
  put(tests::instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto given = share(tests::masked());
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(get(given, "/studies/1.2." + std::to_string(i + 10)).status(), 404);
  }
  EXPECT_EQ(denials().size(), DenialLedger::kSingly);
  now += std::chrono::minutes(1);
  EXPECT_EQ(get(given, "/studies/1.2.9").status(), 404);
  last_entry();  // what was counted is written behind
  const auto all = denials();
  const auto repeated = std::ranges::find_if(
      all, [](const Json::Value& entry) { return entry["detail"] == "repeated"; });
  ASSERT_NE(repeated, all.end());
  EXPECT_EQ((*repeated)["instances"].asInt(), 80);
}

TEST_F(DenialsTest, OfAReaderWhoSendsWhatIsNoDicomDoNotFillTheLog) {
  put(tests::instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto given = share(tests::masked(), sharing::StudyScope{{tests::study_key("P1", "1.2.3")}},
                           {.view = true, .give_back = true});
  for (int i = 0; i < 30; ++i) {
    post(given, "/studies", R"(multipart/related; type="application/dicom"; boundary=x)",
         "--x\r\nContent-Type: application/dicom\r\n\r\nno\r\n--x--\r\n");
  }
  EXPECT_EQ(denials().size(), DenialLedger::kSingly);
}

}  // namespace
}  // namespace sekisho::disclosure
