// SPDX-License-Identifier: GPL-3.0-or-later
// What objects say of how they were masked: no more than was done, no less than was said before.
#include "anonymization/masking/earlier_statement.h"
#include "anonymization/masking/masking_statement.h"
#include "two_maskers.h"

namespace sekisho::anonymization::tests {
namespace {

/// As text, "CODE CODE …".
std::string codes_in(const Bytes& part10) {
  std::string all;
  for (const std::string& code : earlier_statement(checked(part10).replay_header()).codes) {
    all.append(all.empty() ? "" : " ").append(code);
  }
  return all;
}

struct Earlier {
  std::string_view removed = "YES";
  std::string_view method{};
  std::vector<std::pair<std::string_view, std::string_view>> codes{};  ///< scheme, code
  std::string_view temporal{};
};

Bytes an_image(const Earlier& earlier) {
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(Tag{0x0008, 0x0020}, Vr::DA, "20240117")
      .text(kIdentityRemoved, Vr::CS, earlier.removed)
      .text(kMethod, Vr::LO, earlier.method)
      .begin_sequence(kMethodCodes);
  for (const auto& [scheme, code] : earlier.codes) {
    builder.begin_item()
        .text(Tag{0x0008, 0x0100}, Vr::SH, code)
        .text(Tag{0x0008, 0x0102}, Vr::SH, scheme)
        .text(Tag{0x0008, 0x0104}, Vr::LO, "YAMADA TARO")
        .end_item();
  }
  return builder.end_sequence()
      .text(kTemporalInformation, Vr::CS, earlier.temporal)
      .part10(kCtImageStorage, kInstance);
}

TEST(Statement, JoinsTheStepsOfEarlierSystems) {
  const Bytes masked = masked_alike(
      basic(), an_image({.codes = {{"DCM", "113107"}, {"DCM", "113105"}, {"DCM", "113102"}}}));
  EXPECT_EQ(codes_in(masked), "113107 113105 113102 113100");
  EXPECT_TRUE(contains(masked, "Clean Recognizable Visual Features Option"));
  EXPECT_FALSE(contains(masked, "YAMADA"));
}

TEST(Statement, PassesOnNoCodeThatTheListDoesNotHave) {
  const Bytes masked = masked_alike(basic(), an_image({.codes = {{"DCM", "113199"},
                                                                 {"99HOSP", "113101"},
                                                                 {"DCM", "YAMADA"},
                                                                 {"DCM", "113101"}}}));
  EXPECT_EQ(codes_in(masked), "113101 113100");
}

TEST(Statement, PassesOnNoTextThatMayNameSomebody) {
  const Bytes masked = masked_alike(
      basic(), an_image({.method = "by Dr YAMADA\\RetainUids\\mri_reface 0.3.3\\Sekisho YAMADA"}));
  EXPECT_EQ(
      value_in(masked, kMethod),
      "Earlier de-identification\\RetainUids\\Sekisho ps3.15-basic\\PS3.15 2026d Table E.1-1");
}

TEST(Statement, LeavesAnObjectAnonymousThatWasAnonymousBefore) {
  EXPECT_EQ(value_in(masked_alike(all_fields(), an_image({})), kIdentityRemoved), "YES");
  for (const std::string_view before : {"NO", "", "yes", "YES\\NO"}) {
    EXPECT_EQ(value_in(masked_alike(all_fields(), an_image({.removed = before})), kIdentityRemoved),
              "NO")
        << before;
  }
}

TEST(Statement, SaysTheGreaterChangeOfDates) {
  const Profile full = profile_of(R"({"Name": "ps3.15-basic", "Options": ["RetainFullDates"]})");
  const Profile shifted =
      profile_of(R"({"Name": "ps3.15-basic", "Options": ["RetainModifiedDates"]})");
  const auto said = [](const Profile& profile, std::string_view before) {
    return value_in(masked_alike(profile, an_image({.temporal = before})), kTemporalInformation);
  };
  for (const Profile& keeps : {full, all_fields()}) {
    EXPECT_EQ(said(keeps, "MODIFIED"), "MODIFIED");
    EXPECT_EQ(said(keeps, "REMOVED"), "REMOVED");
    EXPECT_EQ(said(keeps, "UNMODIFIED"), "UNMODIFIED");
    EXPECT_EQ(said(keeps, "YAMADA"), "UNMODIFIED");
  }
  EXPECT_EQ(said(shifted, "UNMODIFIED"), "MODIFIED");
  EXPECT_EQ(said(basic(), "MODIFIED"), "REMOVED");
}

TEST(Statement, ClaimsCleanPixelsOnlyWhereTheyAre) {
  const Profile promises =
      profile_of(R"({"Name": "ps3.15-basic", "Options": ["CleanPixelData", "RetainUids"]})");
  const CheckedFile file = checked(an_image({.removed = "NO"}));
  const Bytes unclean = bytes_of(mask(file, promises, a_share()));
  EXPECT_EQ(codes_in(unclean), "113100 113110");
  EXPECT_FALSE(contains(unclean, "CleanPixelData"));
  EXPECT_EQ(value_in(unclean, kBurnedInAnnotation), "absent");
  for (const Profile& profile : {promises, basic()}) {
    const Bytes clean =
        bytes_of(mask(file, profile, a_share(), Author::hospital, {}, PixelClaim::clean));
    EXPECT_TRUE(contains(clean, "Clean Pixel Data Option"));
    EXPECT_EQ(value_in(clean, kBurnedInAnnotation), "NO");
  }
}

}  // namespace
}  // namespace sekisho::anonymization::tests
