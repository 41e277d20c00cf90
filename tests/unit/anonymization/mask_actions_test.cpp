// SPDX-License-Identifier: GPL-3.0-or-later
// The actions that options and custom profiles bring: each rule alone, on a small data set.
#include <gtest/gtest.h>

#include "anonymization/profiles/profile_maker.h"
#include "unit/anonymization/two_maskers.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr Tag kInstanceUid{0x0008, 0x0018};
constexpr Tag kStudyDate{0x0008, 0x0020};
constexpr Tag kAcquisitionDateTime{0x0008, 0x002A};
constexpr Tag kPatientId{0x0010, 0x0020};
constexpr Tag kPatientAge{0x0010, 0x1010};
constexpr Tag kContentSequence{0x0040, 0xA730};

/// What every profile here keeps, so that mask() takes the file.
const std::vector<Rule> kSkeleton = {
    {Tag{0x0008, 0x0016}, Action::keep},
    {kInstanceUid, Action::remap_uid},
    {kPatientId, Action::pseudonymise},
};

Profile profile_with(std::vector<Rule> rules, ProfileParts parts = {}) {
  parts.name = "test";
  parts.statement.method = {"test"};
  parts.rules = kSkeleton;
  for (const Rule& rule : rules) {
    std::erase_if(parts.rules, [&](const Rule& known) { return known.tag == rule.tag; });
    parts.rules.push_back(rule);
  }
  return ProfileMaker::make(std::move(parts)).value();
}

DatasetBuilder begin() {
  DatasetBuilder dataset;
  dataset.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 192")
      .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(kInstanceUid, Vr::UI, kInstance);
  return dataset;
}

Bytes masked_by(const Profile& profile, const DatasetBuilder& dataset) {
  return masked_alike(profile, dataset.part10(kCtImageStorage, kInstance));
}

TEST(ShiftDate, MovesAllDatesOfAPatientAlike) {
  const Profile profile =
      profile_with({{kStudyDate, Action::shift_date}, {kAcquisitionDateTime, Action::shift_date}});
  const auto shift = a_share().date_shift("PAT-17");
  EXPECT_LE(shift, std::chrono::days(-365));
  const Bytes masked = masked_by(profile, begin()
                                              .text(kStudyDate, Vr::DA, "20240117")
                                              .text(kAcquisitionDateTime, Vr::DT, "20240118093000")
                                              .text(kPatientId, Vr::LO, "PAT-17"));
  const std::chrono::sys_days study{std::chrono::year(2024) / 1 / 17};
  const std::chrono::year_month_day shown{study + shift};
  EXPECT_EQ(value_in(masked, kStudyDate).substr(0, 4), std::to_string(int(shown.year())));
  EXPECT_EQ(value_in(masked, kAcquisitionDateTime).substr(8), "093000");
  EXPECT_FALSE(contains(masked, "20240117"));
}

TEST(ShiftDate, DiffersBetweenPatientsAndShares) {
  EXPECT_NE(a_share().date_shift("PAT-17"), a_share().date_shift("PAT-18"));
  EXPECT_NE(a_share().date_shift("PAT-17"), another_share().date_shift("PAT-17"));
}

TEST(ShiftDate, EmptiesWhatIsNoDate) {
  const Profile profile = profile_with({{kStudyDate, Action::shift_date}});
  EXPECT_EQ(value_in(masked_by(profile, begin().text(kStudyDate, Vr::DA, "2024SATO")), kStudyDate),
            "");
}

TEST(ShiftDate, EmptiesDatesThatAReaderCouldNotTellToBeShifted) {
  const Profile profile =
      profile_with({{kInstanceUid, Action::keep}, {kStudyDate, Action::shift_date}});
  const auto dataset = begin().text(kStudyDate, Vr::DA, "20240117");
  EXPECT_EQ(value_in(masked_by(profile, dataset), kStudyDate), "");
}

TEST(CapAge, HidesTheVeryOld) {
  const Profile profile = profile_with({{kPatientAge, Action::cap_age}});
  const auto age = [&](std::string_view text) {
    return value_in(masked_by(profile, begin().text(kPatientAge, Vr::AS, text)), kPatientAge);
  };
  EXPECT_EQ(age("045Y"), "045Y");
  EXPECT_EQ(age("104Y"), "090Y");
  EXPECT_EQ(age("old"), "");
}

TEST(Replace, PutsTheProfilesText) {
  constexpr Tag kInstitution{0x0008, 0x0080};
  ProfileParts parts;
  parts.replacements = {{kInstitution, "A hospital"}};
  const Profile profile = profile_with({{kInstitution, Action::replace}}, parts);
  const auto dataset = begin().text(kInstitution, Vr::LO, "Shirakaba");
  EXPECT_EQ(value_in(masked_by(profile, dataset), kInstitution), "A hospital");
}

Profile keeping_private() {
  ProfileParts parts;
  parts.private_rules = {
      {"SAFE MAKER", Tag{0x0019, 0x0023}, Vr::DS, Action::keep},
      {"SAFE MAKER", Tag{0x0019, 0x0024}, Vr::UI, Action::remap_uid},
      {"SAFE MAKER", Tag{0x0019, 0x0025}, Vr::SQ, Action::keep},
  };
  return profile_with({}, parts);
}

TEST(PrivateRules, KeepWhatTheCreatorIsKnownFor) {
  const Bytes masked =
      masked_by(keeping_private(), begin()
                                       .text(Tag{0x0019, 0x0010}, Vr::LO, "OTHER")
                                       .text(Tag{0x0019, 0x0011}, Vr::LO, "SAFE MAKER")
                                       .text(Tag{0x0019, 0x1023}, Vr::DS, "111")
                                       .text(Tag{0x0019, 0x1123}, Vr::DS, "222")
                                       .text(Tag{0x0019, 0x1124}, Vr::UI, "1.2.3.4")
                                       .text(Tag{0x0019, 0x1126}, Vr::DS, "333"));
  EXPECT_EQ(value_in(masked, Tag{0x0019, 0x0010}), "absent");
  EXPECT_EQ(value_in(masked, Tag{0x0019, 0x1023}), "absent");
  EXPECT_EQ(value_in(masked, Tag{0x0019, 0x0011}), "SAFE MAKER");
  EXPECT_EQ(value_in(masked, Tag{0x0019, 0x1123}), "222");
  EXPECT_EQ(value_in(masked, Tag{0x0019, 0x1124}).substr(0, 5), "2.25.");
  EXPECT_EQ(value_in(masked, Tag{0x0019, 0x1126}), "absent");
}

TEST(PrivateRules, DoNotReachIntoAnotherItemsBlocks) {
  const Bytes masked =
      masked_by(keeping_private(), begin()
                                       .text(Tag{0x0019, 0x0011}, Vr::LO, "SAFE MAKER")
                                       .begin_sequence(Tag{0x0019, 0x1125})
                                       .begin_item()
                                       .text(Tag{0x0019, 0x1123}, Vr::DS, "4711")
                                       .end_item()
                                       .begin_item()
                                       .text(Tag{0x0019, 0x0010}, Vr::LO, "SAFE MAKER")
                                       .text(Tag{0x0019, 0x1023}, Vr::DS, "4712")
                                       .end_item()
                                       .end_sequence());
  EXPECT_FALSE(contains(masked, "4711"));
  EXPECT_TRUE(contains(masked, "4712"));
}

TEST(PrivateRules, MistrustACreatorWithoutItsVrOrWithMoreInItsName) {
  EXPECT_FALSE(
      contains(masked_by(keeping_private(), begin()
                                                .text(Tag{0x0019, 0x0010}, Vr::LO, "SAFE MAKER")
                                                .text(Tag{0x0019, 0x1023}, Vr::LO, "Sato^Ichiro")),
               "Sato"));
  EXPECT_FALSE(contains(
      masked_by(keeping_private(), begin()
                                       .text(Tag{0x0019, 0x0010}, Vr::LO, "SAFE MAKER SATO")
                                       .text(Tag{0x0019, 0x1023}, Vr::DS, "123")),
      "SATO"));
}

DatasetBuilder& begin_content(DatasetBuilder& dataset, std::string_view value_type,
                              std::string_view code) {
  return dataset.begin_item()
      .text(Tag{0x0040, 0xA010}, Vr::CS, "CONTAINS")
      .text(Tag{0x0040, 0xA040}, Vr::CS, value_type)
      .begin_sequence(Tag{0x0040, 0xA043})
      .begin_item()
      .text(Tag{0x0008, 0x0100}, Vr::SH, code)
      .text(Tag{0x0008, 0x0102}, Vr::SH, "DCM")
      .text(Tag{0x0008, 0x0104}, Vr::LO, "a concept")
      .end_item()
      .end_sequence();
}

Profile cleaning_content() {
  ProfileParts parts;
  const std::string any(kAnyConcept);
  parts.content_rules = {
      {any, any, "CONTAINER", Action::keep},     {any, any, "TEXT", Action::dummy},
      {any, any, "PNAME", Action::dummy},        {"DCM", "121071", "TEXT", Action::keep},
      {"DCM", "121033", "NUM", Action::cap_age},
  };
  std::vector<Rule> rules;
  for (Tag kept : {Tag{0x0008, 0x0100}, Tag{0x0008, 0x0102}, Tag{0x0008, 0x0104},
                   Tag{0x0040, 0x08EA}, Tag{0x0040, 0xA010}, Tag{0x0040, 0xA040},
                   Tag{0x0040, 0xA043}, Tag{0x0040, 0xA300}, Tag{0x0040, 0xA30A}}) {
    rules.push_back({kept, Action::keep});
  }
  rules.push_back({kContentSequence, Action::clean_content});
  return profile_with(rules, parts);
}

TEST(CleanContent, GoesByConceptAndValueType) {
  DatasetBuilder dataset = begin();
  dataset.begin_sequence(kContentSequence);
  begin_content(dataset, "TEXT", "121071")
      .text(Tag{0x0040, 0xA160}, Vr::UT, "a finding")
      .end_item();
  begin_content(dataset, "TEXT", "121106")
      .text(Tag{0x0040, 0xA160}, Vr::UT, "Sato said")
      .end_item();
  begin_content(dataset, "PNAME", "121008").text(Tag{0x0040, 0xA123}, Vr::PN, "Ito^Ren").end_item();
  begin_content(dataset, "DATE", "111018").text(Tag{0x0040, 0xA121}, Vr::DA, "20240117").end_item();
  begin_content(dataset, "CONTAINER", "121070").begin_sequence(kContentSequence);
  begin_content(dataset, "TEXT", "121106")
      .text(Tag{0x0040, 0xA160}, Vr::UT, "Mori said")
      .end_item();
  dataset.end_sequence().end_item().end_sequence();
  const Bytes masked = masked_by(cleaning_content(), dataset);
  EXPECT_TRUE(contains(masked, "a finding"));
  EXPECT_TRUE(contains(masked, "121106"));
  EXPECT_TRUE(contains(masked, "121070"));
  for (std::string_view gone : {"Sato", "Ito", "20240117", "111018", "Mori"}) {
    EXPECT_FALSE(contains(masked, gone)) << gone;
  }
}

TEST(CleanContent, CapsTheAgeOfTheSubject) {
  const auto with_age = [](std::string_view number, std::string_view unit) {
    DatasetBuilder dataset = begin();
    dataset.begin_sequence(kContentSequence);
    begin_content(dataset, "NUM", "121033")
        .begin_sequence(Tag{0x0040, 0xA300})
        .begin_item()
        .begin_sequence(Tag{0x0040, 0x08EA})
        .begin_item()
        .text(Tag{0x0008, 0x0100}, Vr::SH, unit)
        .text(Tag{0x0008, 0x0102}, Vr::SH, "UCUM")
        .end_item()
        .end_sequence()
        .text(Tag{0x0040, 0xA30A}, Vr::DS, number)
        .end_item()
        .end_sequence()
        .end_item()
        .end_sequence();
    return masked_by(cleaning_content(), dataset);
  };
  EXPECT_TRUE(contains(with_age("47.25", "a"), "47.25"));
  EXPECT_FALSE(contains(with_age("103.25", "a"), "103.25"));
  EXPECT_TRUE(contains(with_age("103.25", "a"), "121033"));
  EXPECT_FALSE(contains(with_age("47.25", "mm"), "121033"));
}

TEST(PixelData, InAnItemIsAnIconAndGoes) {
  const Profile profile =
      profile_with({{Tag{0x0008, 0x1140}, Action::keep}, {Tag{0x7FE0, 0x0010}, Action::keep}});
  const Bytes icon = {'i', 'c', 'o', 'n', 'i', 'c', 'o', 'n'};
  EXPECT_FALSE(contains(masked_by(profile, begin()
                                               .begin_sequence(Tag{0x0008, 0x1140})
                                               .begin_item()
                                               .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, icon)
                                               .end_item()
                                               .end_sequence()),
                        "icon"));
}

}  // namespace
}  // namespace sekisho::anonymization::tests
