// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/rules.h"

#include <gtest/gtest.h>

namespace sekisho::returns {
namespace {

const auto kClinic = sharing::RecipientId::random();
constexpr const char* kSr = "1.2.840.10008.5.1.4.1.1.88.33";
constexpr const char* kPdf = "1.2.840.10008.5.1.4.1.1.104.1";

Upload an_upload(const char* sop_class) {
  Upload upload;
  upload.share = sharing::ShareId::random();
  upload.sender.recipient_id = kClinic.text();
  upload.sop_class = sop_class;
  return upload;
}

TEST(Rules, WithoutAnyEverythingHasTheFateOfTheRest) {
  EXPECT_EQ(Rules{}.fate_of(an_upload(kSr)), Fate::release);
  EXPECT_EQ((Rules{{}, Fate::hold}.fate_of(an_upload(kSr))), Fate::hold);
}

TEST(Rules, TheFirstThatFitsCounts) {
  const Rules rules{{{.recipient = kClinic, .sop_class = kPdf, .fate = Fate::hold},
                     {.recipient = kClinic, .fate = Fate::release}},
                    Fate::hold};
  EXPECT_EQ(rules.fate_of(an_upload(kPdf)), Fate::hold);
  EXPECT_EQ(rules.fate_of(an_upload(kSr)), Fate::release);
  Upload stranger = an_upload(kSr);
  stranger.sender.recipient_id = sharing::RecipientId::random().text();
  EXPECT_EQ(rules.fate_of(stranger), Fate::hold);
}

TEST(Rules, ARuleOfAShareIsForThatShareAlone) {
  const Upload upload = an_upload(kSr);
  const Rules rules{{{.share = upload.share, .fate = Fate::hold}}, Fate::release};
  EXPECT_EQ(rules.fate_of(upload), Fate::hold);
  EXPECT_EQ(rules.fate_of(an_upload(kSr)), Fate::release);
}

}  // namespace
}  // namespace sekisho::returns
