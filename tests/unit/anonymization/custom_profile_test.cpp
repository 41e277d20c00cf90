// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "anonymization/profiles/profile_catalogue.h"
#include "core/dicom/dictionary.h"
#include "mask_support.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;
using core::dicom::Vr;
using tests::basic;
using tests::profile_of;

std::vector<std::string> problems_of(std::string_view profiles) {
  const auto answer = ProfileCatalogue::read(profiles);
  const auto* problems = std::get_if<std::vector<std::string>>(&answer);
  return problems ? *problems : std::vector<std::string>();
}

/// A profile "mine" with these rules.
std::string mine(std::string_view rules, std::string_view base = R"("ps3.15-basic")") {
  return R"({"mine": {"Base": )" + std::string(base) + R"(, "Rules": )" + std::string(rules) + "}}";
}

Profile custom(std::string_view rules, std::string_view base = R"("ps3.15-basic")") {
  for (const std::string& problem : problems_of(mine(rules, base))) ADD_FAILURE() << problem;
  const auto catalogue = std::get<ProfileCatalogue>(ProfileCatalogue::read(mine(rules, base)));
  return std::get<Profile>(catalogue.resolve(R"("mine")"));
}

/// The only problem that these rules have.
std::string problem_of(std::string_view rules, std::string_view base = R"("ps3.15-basic")") {
  const auto problems = problems_of(mine(rules, base));
  EXPECT_EQ(problems.size(), 1U) << rules;
  return problems.empty() ? "" : problems[0];
}

TEST(CustomProfile, ChangesWhatItsRulesNameAndNothingElse) {
  const Profile profile = custom(R"([
      {"Element": "StudyDescription", "Action": "Replace", "Text": "Teaching case"},
      {"Element": "00080080", "Action": "Keep"},
      {"Element": "0008,0070", "Action": "Remove"},
      {"Element": "PatientName", "Action": "Empty"},
      {"Element": "StudyID", "Action": "Pseudonymise"},
      {"Element": "IrradiationEventUID", "Action": "Pseudonymise"},
      {"Element": "StudyDate", "Action": "Shift"}])");
  EXPECT_EQ(profile.name(), "mine");
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x1030}), Action::replace);
  EXPECT_EQ(profile.replacement(Tag{0x0008, 0x1030}), "Teaching case");
  EXPECT_EQ(profile.replacement(Tag{0x0008, 0x103E}), "");
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x0080}), Action::keep);
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x0070}), Action::remove);
  EXPECT_EQ(profile.action_for(Tag{0x0010, 0x0010}), Action::empty);
  EXPECT_EQ(profile.action_for(Tag{0x0020, 0x0010}), Action::pseudonymise);
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x3010}), Action::remap_uid);
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x0020}), Action::shift_date);
  int changed = 0;
  for (const auto& entry : core::dicom::dictionary()) {
    changed += profile.action_for(entry.tag) != basic().action_for(entry.tag) ? 1 : 0;
  }
  EXPECT_EQ(changed, 6);  // IrradiationEventUID was remapped before
  const auto stored = Profile::from_json(profile.to_json());
  ASSERT_TRUE(stored);
  EXPECT_EQ(*stored, profile);
  EXPECT_EQ(stored->replacement(Tag{0x0008, 0x1030}), "Teaching case");
}

TEST(CustomProfile, BuildsOnABaseWithOptions) {
  const Profile profile =
      custom(R"([{"Element": "StationName", "Action": "Remove"}])",
             R"({"Name": "ps3.15-basic", "Options": ["RetainDeviceIdentity"]})");
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x1010}), Action::remove);
  EXPECT_EQ(profile.action_for(Tag{0x0018, 0x1000}), Action::keep);
  EXPECT_EQ(
      profile.statement().method,
      (std::vector<std::string>{"Sekisho mine", "based on ps3.15-basic", "RetainDeviceIdentity"}));
}

TEST(CustomProfile, KeepsPrivateElementsByCreator) {
  const Profile profile = custom(R"([
      {"PrivateCreator": "ACME 1.1", "Element": "0019,xx23", "VR": "DS", "Action": "Keep"},
      {"PrivateCreator": "ACME 1.1", "Element": "0019,xx24", "VR": "UI", "Action": "Pseudonymise"},
      {"PrivateCreator": "ELSCINT1", "Action": "Remove"},
      {"PrivateCreator": "GEMS_ACQU_01", "Element": "0019,xx23", "Action": "Remove"}])",
                                 R"({"Name": "ps3.15-basic", "Options": ["RetainSafePrivate"]})");
  const PrivateRule* kept = profile.private_rule("ACME 1.1", Tag{0x0019, 0x1023});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->vr, Vr::DS);
  ASSERT_TRUE(profile.private_rule("ACME 1.1", Tag{0x0019, 0x1024}));
  EXPECT_EQ(profile.private_rule("ACME 1.1", Tag{0x0019, 0x1024})->action, Action::remap_uid);
  EXPECT_FALSE(profile.private_rule("ELSCINT1", Tag{0x00E1, 0x1021}));
  EXPECT_FALSE(profile.private_rule("GEMS_ACQU_01", Tag{0x0019, 0x1023}));
  EXPECT_TRUE(profile.private_rule("GEMS_ACQU_01", Tag{0x0019, 0x1024}));
}

TEST(CustomProfile, ClaimsNoProfileOfTheStandardOnceItRetainsMore) {
  const Profile stricter = custom(R"([{"Element": "Manufacturer", "Action": "Remove"}])");
  EXPECT_TRUE(stricter.statement().identity_removed);
  EXPECT_EQ(stricter.statement().method_codes, std::vector<std::string>{"113100"});
  for (std::string_view rules :
       {R"([{"Element": "PatientName", "Action": "Keep"}])",
        R"([{"Element": "StudyDate", "Action": "Shift"}])",
        R"([{"PrivateCreator": "A", "Element": "0019,xx01", "VR": "LO", "Action": "Keep"}])"}) {
    const Profile laxer = custom(rules);
    EXPECT_FALSE(laxer.statement().identity_removed) << rules;
    EXPECT_TRUE(laxer.statement().method_codes.empty()) << rules;
  }
  EXPECT_EQ(
      custom(R"([{"Element": "StudyDate", "Action": "Shift"}])").statement().temporal_information,
      "MODIFIED");
  EXPECT_EQ(
      custom(R"([{"Element": "StudyDate", "Action": "Keep"}])").statement().temporal_information,
      "UNMODIFIED");
}

TEST(CustomProfile, ShiftsNoDateBesideOneThatStays) {
  EXPECT_NE(problem_of(R"([{"Element": "StudyDate", "Action": "Shift"},
                           {"Element": "SeriesDate", "Action": "Keep"}])")
                .find("would tell by how many days"),
            std::string::npos);
  problem_of(R"([{"Element": "StudyDate", "Action": "Shift"}])", R"("patient-fields")");
  problem_of(R"([{"Element": "PatientBirthDate", "Action": "Keep"}])",
             R"({"Name": "ps3.15-basic", "Options": ["RetainModifiedDates"]})");
  problem_of(R"([{"Element": "ContextGroupVersion", "Action": "Shift"}])");
}

TEST(CustomProfile, TellsNoShiftByAPrivateDateThatStays) {
  constexpr std::string_view kPrivateDate =
      R"([{"PrivateCreator": "ACME 1.1", "Element": "0019,xx23", "VR": "DT", "Action": "Keep"}])";
  constexpr std::string_view kShifting =
      R"({"Name": "ps3.15-basic", "Options": ["RetainModifiedDates"]})";
  EXPECT_NE(problem_of(kPrivateDate, kShifting).find("keep private ones"), std::string::npos);
  EXPECT_NE(problem_of(R"([{"Element": "StudyDate", "Action": "Shift"},
      {"PrivateCreator": "ACME 1.1", "Element": "0019,xx23", "VR": "DA", "Action": "Keep"}])")
                .find("would tell by how many days"),
            std::string::npos);
  custom(
      R"([{"PrivateCreator": "ACME 1.1", "Element": "0019,xx23", "VR": "DS", "Action": "Keep"}])",
      kShifting);
  EXPECT_EQ(custom(kPrivateDate).statement().temporal_information, "UNMODIFIED");
}

TEST(CustomProfile, TouchesNothingThatObjectsAreFoundOrReadBy) {
  for (std::string_view keyword :
       {"SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "SOPClassUID", "PixelData",
        "Rows", "SpecificCharacterSet", "PatientIdentityRemoved", "DeidentificationMethod",
        "BurnedInAnnotation", "LongitudinalTemporalInformationModified"}) {
    problem_of(R"([{"Element": ")" + std::string(keyword) + R"(", "Action": "Empty"}])");
  }
  for (std::string_view keyword :
       {"OriginalAttributesSequence", "OverlayData", "DigitalSignaturesSequence"}) {
    problem_of(R"([{"Element": ")" + std::string(keyword) + R"(", "Action": "Keep"}])");
  }
}

TEST(CustomProfile, RefusesEachRuleThatMakesNoSense) {
  for (std::string_view rule : {
           R"(7)",
           R"({"Action": "Keep"})",
           R"({"Element": "StudyDate"})",
           R"({"Element": "StudyDate", "Action": "keep"})",
           R"({"Element": "StudyDat", "Action": "Keep"})",
           R"({"Element": "0009,0010", "Action": "Keep"})",
           R"({"Element": "StudyTime", "Action": "Shift"})",
           R"({"Element": "PatientWeight", "Action": "Pseudonymise"})",
           R"({"Element": "StudyDescription", "Action": "Replace"})",
           R"({"Element": "StudyDescription", "Action": "Replace", "Text": "a\\b"})",
           R"({"Element": "StudyDescription", "Action": "Replace", "Text": "山"})",
           R"({"Element": "StudyDate", "Action": "Replace", "Text": "20001301"})",
           R"({"Element": "StudyTime", "Action": "Replace", "Text": "240000"})",
           R"({"Element": "PatientSex", "Action": "Replace", "Text": "male"})",
           R"({"Element": "PatientAge", "Action": "Replace", "Text": "45"})",
           R"({"Element": "PatientWeight", "Action": "Replace", "Text": "heavy"})",
           R"({"Element": "StudyID", "Action": "Replace", "Text": "seventeen letters"})",
           R"({"Element": "Rows", "Action": "Replace", "Text": "1"})",
           R"({"Element": "RequestAttributesSequence", "Action": "Replace", "Text": "1"})",
           R"({"Element": "StudyDate", "Action": "Keep", "Text": "1"})",
           R"({"Element": "StudyDate", "Action": "Keep", "VR": "DA"})",
           R"({"PrivateCreator": "", "Action": "Remove"})",
           R"({"PrivateCreator": "A", "Action": "Keep", "VR": "DS"})",
           R"({"PrivateCreator": "A", "Element": "0019,1023", "Action": "Keep", "VR": "DS"})",
           R"({"PrivateCreator": "A", "Element": "0018,xx23", "Action": "Keep", "VR": "DS"})",
           R"({"PrivateCreator": "A", "Element": "0019,xx23", "Action": "Keep"})",
           R"({"PrivateCreator": "A", "Element": "0019,xx23", "Action": "Keep", "VR": "XX"})",
           R"({"PrivateCreator": "A", "Element": "0019,xx23", "Action": "Shift", "VR": "DA"})",
           R"({"PrivateCreator": "A ", "Element": "0019,xx23", "Action": "Keep", "VR": "DS"})",
       }) {
    EXPECT_EQ(problem_of("[" + std::string(rule) + "]").find("Profiles.mine.Rules[0]"), 0U) << rule;
  }
  problem_of(
      R"([{"Element": "StudyDate", "Action": "Keep"}, {"Element": "00080020", "Action": "Empty"}])");
}

TEST(CustomProfile, ReportsEveryProblemAtOnce) {
  const auto problems = problems_of(R"({
      "Upper": {"Base": "ps3.15-basic", "Rules": [{"Element": "StudyDate", "Action": "Keep"}]},
      "none": {"Base": "ps3.15-basic", "Rules": [{"Element": "StudyDate", "Action": "Keep"}]},
      "a": {"Base": "b", "Title": 7, "Rules": [{"Element": "x", "Action": "y"}, 5], "More": 1},
      "c": []})");
  EXPECT_EQ(problems.size(), 9U);
  for (std::string_view place :
       {"Profiles.Upper", "Profiles.none", "Profiles.a.Base", "Profiles.a.Title", "Profiles.a.More",
        "Profiles.a.Rules[0].Element", "Profiles.a.Rules[0].Action", "Profiles.a.Rules[1]",
        "Profiles.c"}) {
    EXPECT_TRUE(std::ranges::any_of(problems, [&](const std::string& problem) {
      return problem.starts_with(place);
    })) << place;
  }
  EXPECT_EQ(problems_of("[]").size(), 1U);
  EXPECT_EQ(problems_of(R"({"a": {"Base": "none", "Rules": []}})").size(), 2U);
}

TEST(ProfileCatalogue, ResolvesItsOwnAndThoseOfTheConfiguration) {
  const auto catalogue = std::get<ProfileCatalogue>(
      ProfileCatalogue::read(mine(R"([{"Element": "StudyDate", "Action": "Keep"}])")));
  EXPECT_TRUE(catalogue.has("mine"));
  EXPECT_FALSE(ProfileCatalogue().has("mine"));
  EXPECT_EQ(catalogue.descriptions().back().name, "mine");
  EXPECT_EQ(std::get<Profile>(catalogue.resolve(R"("ps3.15-basic")")), basic());
  const auto refused = catalogue.resolve(R"({"Name": "mine", "Options": ["RetainUids"]})");
  EXPECT_TRUE(std::holds_alternative<std::string>(refused));
  const auto unknown = catalogue.resolve(R"("other")");
  EXPECT_NE(std::get<std::string>(unknown).find("mine"), std::string::npos);
}

TEST(ProfileCatalogue, ExplainsEveryRule) {
  const auto explained =
      std::get<ExplainedProfile>(ProfileCatalogue().explain(R"("ps3.15-basic")"));
  EXPECT_TRUE(
      std::ranges::is_sorted(explained.rules, {}, [](const auto& r) { return r.rule.tag; }));
  for (const auto& [rule, source] : explained.rules) {
    EXPECT_EQ(explained.profile.action_for(rule.tag), rule.action) << rule.tag.hex();
    EXPECT_FALSE(source.empty());
  }
}

TEST(MinimumDisclosure, KeepsThePatientAndTheImage) {
  const Profile profile = profile_of(R"("minimum-disclosure")");
  for (std::string_view keyword :
       {"PatientID", "PatientName", "PatientBirthDate", "PatientSex", "PixelData", "Rows",
        "PixelSpacing", "ImagePositionPatient", "SOPClassUID", "RescaleSlope", "KVP",
        "SharedFunctionalGroupsSequence", "ViewCodeSequence"}) {
    EXPECT_EQ(profile.action_for(core::dicom::find_keyword(keyword)->tag), Action::keep) << keyword;
  }
  for (std::string_view keyword : {"Modality", "Units", "ViewPosition"}) {
    EXPECT_EQ(profile.action_for(core::dicom::find_keyword(keyword)->tag), Action::keep_listed)
        << keyword;
  }
  EXPECT_TRUE(profile.remaps_uids());
  EXPECT_FALSE(profile.statement().identity_removed);
}

TEST(MinimumDisclosure, IsNeverLaxerThanTheBasicProfileButForThePatient) {
  const Profile profile = profile_of(R"("minimum-disclosure")");
  int dropped = 0;
  for (const auto& entry : core::dicom::dictionary()) {
    const Action action = profile.action_for(entry.tag);
    const Action without = basic().action_for(entry.tag);
    if (action == without) continue;
    if (action == Action::keep) {
      EXPECT_EQ(entry.tag.group(), 0x0010) << entry.keyword;
      continue;
    }
    ++dropped;
    EXPECT_TRUE(action == Action::remove || action == Action::empty) << entry.keyword;
  }
  EXPECT_GT(dropped, 1000);
  for (std::string_view keyword : {"AccessionNumber", "StudyDate", "ReferringPhysicianName"}) {
    EXPECT_EQ(profile.action_for(core::dicom::find_keyword(keyword)->tag), Action::empty)
        << keyword;
  }
  for (std::string_view keyword : {"PatientAge", "PatientWeight", "OtherPatientIDs",
                                   "SourceImageSequence", "StudyDescription", "PatientAddress"}) {
    EXPECT_EQ(profile.action_for(core::dicom::find_keyword(keyword)->tag), Action::remove)
        << keyword;
  }
}

TEST(MinimumDisclosure, AdmitsTheNamedModalities) {
  const Profile usual = profile_of(R"("minimum-disclosure")");
  EXPECT_TRUE(usual.admits_modality("CT"));
  EXPECT_FALSE(usual.admits_modality("US"));
  EXPECT_FALSE(usual.admits_modality(""));
  const Profile named = profile_of(R"({"Name": "minimum-disclosure", "Modalities": ["US"]})");
  EXPECT_TRUE(named.admits_modality("US"));
  EXPECT_FALSE(named.admits_modality("CT"));
  EXPECT_TRUE(basic().admits_modality("anything"));
}

TEST(MinimumDisclosure, MasksFieldsOfThePatientToo) {
  const Profile profile =
      profile_of(R"({"Name": "minimum-disclosure", "Fields": ["PatientNameKana", "PatientID"]})");
  EXPECT_EQ(profile.action_for(Tag{0x0010, 0x0010}), Action::drop_phonetic);
  EXPECT_EQ(profile.action_for(Tag{0x0010, 0x0020}), Action::pseudonymise);
  // Not laxer for the names of others.
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x0090}), Action::empty);
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x1050}), basic().action_for(Tag{0x0008, 0x1050}));
}

}  // namespace
}  // namespace sekisho::anonymization
