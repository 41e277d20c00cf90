// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/verdicts.h"

#include "mask_support.h"
#include "support/temporary_directory.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr std::string_view kProgram = "sekisho 1";

/// The top of every ultrasound image of so many rows.
PixelPolicy black_out(std::uint32_t rows_of_image, std::uint32_t rows_of_banner) {
  ImageSignature ultrasound;
  ultrasound.modality = "US";
  ultrasound.rows = rows_of_image;
  return {{{"banner", ultrasound, BlackoutRectangles{{{0, 0, 4, rows_of_banner}}}}}};
}

class VerdictsTest : public testing::Test {
 protected:
  Verdicts verdicts(const PixelPolicy& policy = {}, std::string_view program = kProgram) {
    return {cache_, policy, program};
  }

  const Verdicts::Terms terms{Verdicts::digest_of(basic())};

 private:
  sekisho::tests::TemporaryDirectory directory_;
  core::CacheFile cache_{directory_.path() / "cache.db", 1 << 24};
};

TEST_F(VerdictsTest, ComeBackAsTheyWere) {
  EXPECT_FALSE(verdicts().find("a", terms));
  verdicts().keep("a", terms, {});
  verdicts().keep("b", terms, {{}, "free-text-kept StudyDescription\n"});
  verdicts().keep("c", terms, {{}, ""});
  const auto plain = verdicts().find("a", terms);
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->withheld || plain->remarks);
  EXPECT_EQ(verdicts().find("b", terms)->remarks, "free-text-kept StudyDescription\n");
  EXPECT_EQ(verdicts().find("c", terms)->remarks, "");
  for (int i = 0; i <= static_cast<int>(WithholdReason::uid_unusable); ++i) {
    const auto reason = static_cast<WithholdReason>(i);
    verdicts().keep("d", terms, {reason, {}});
    EXPECT_EQ(verdicts().find("d", terms)->withheld, reason);
  }
}

TEST_F(VerdictsTest, HoldForTheVeryBytesProfileApprovalAndAuthor) {
  verdicts().keep("a", terms, {});
  EXPECT_FALSE(verdicts().find("b", terms));
  Verdicts::Terms other = terms;
  other.profile = Verdicts::digest_of(Profile::none());
  EXPECT_FALSE(verdicts().find("a", other));
  other = terms;
  other.approval = Approval::by_staff;
  EXPECT_FALSE(verdicts().find("a", other));
  other = terms;
  other.author = Author::recipient;
  EXPECT_FALSE(verdicts().find("a", other));
}

TEST_F(VerdictsTest, EndWithThePixelPolicyAndTheProgram) {
  const PixelPolicy policy = black_out(4, 1);
  verdicts(policy).keep("a", terms, {});
  EXPECT_TRUE(verdicts(policy).find("a", terms));
  EXPECT_FALSE(verdicts(black_out(4, 2)).find("a", terms));
  EXPECT_FALSE(verdicts(black_out(5, 1)).find("a", terms));
  EXPECT_FALSE(verdicts().find("a", terms));
  EXPECT_FALSE(verdicts(policy, "sekisho 2").find("a", terms));
}

}  // namespace
}  // namespace sekisho::anonymization::tests
