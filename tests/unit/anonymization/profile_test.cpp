// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profiles/profile.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "anonymization/option.h"
#include "anonymization/tables.h"
#include "core/dicom/dictionary.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;
using core::dicom::Vr;

Profile resolved(std::string_view request) {
  auto answer = resolve_profile(request);
  if (const auto* problem = std::get_if<std::string>(&answer)) ADD_FAILURE() << *problem;
  return std::get<Profile>(std::move(answer));
}

std::string refusal(std::string_view request) {
  const auto answer = resolve_profile(request);
  const auto* problem = std::get_if<std::string>(&answer);
  return problem ? *problem : "";
}

const Profile& basic() {
  static const Profile profile = resolved(R"("ps3.15-basic")");
  return profile;
}

/// Every option but full dates, which exclude modified ones.
const Profile& all_options() {
  static const Profile profile = [] {
    std::string names;
    for (const OptionFacts& facts : kOptions) {
      if (facts.option == Option::retain_full_dates) continue;
      names.append(names.empty() ? "\"" : ", \"").append(facts.name) += '"';
    }
    return resolved(R"({"Name": "ps3.15-basic", "Options": [)" + names + "]}");
  }();
  return profile;
}

TEST(ResolveProfile, KnowsProfilesByStringAndByObject) {
  for (std::string_view name : profile_names()) {
    const std::string text(name);
    EXPECT_EQ(resolved('"' + text + '"').name(), name);
    EXPECT_EQ(resolved(R"({"Name": ")" + text + "\"}"), resolved('"' + text + '"'));
  }
  EXPECT_TRUE(resolved(R"("none")").is_identity());
  EXPECT_EQ(resolved(R"("none")"), Profile::none());
}

TEST(ResolveProfile, NamesWhatExistsWhenAskedForWhatDoesNot) {
  for (std::string_view request : {R"("teaching")", R"({"Name": "custom"})", R"("")"}) {
    const std::string text = refusal(request);
    for (std::string_view name : profile_names()) EXPECT_NE(text.find(name), std::string::npos);
  }
}

TEST(ResolveProfile, RefusesWhatItDoesNotKnow) {
  for (std::string_view request :
       {"", "none", "[]", "{}", "17", "{\"Name\": 17}", "{\"Name\": \"none\", \"Name\": \"none\"}",
        "{\"Name\": \"none\", \"Fields\": [\"PatientID\"]}", "{\"Name\": \"none\", \"\": 1}",
        "{\"Name\": \"none\", \"Options\": []}", "\"none\" x",
        "\"none\",\"Fields\":[\"PatientID\"]"}) {
    EXPECT_NE(refusal(request), "") << request;
  }
  const std::string deep(1000, '[');
  EXPECT_NE(refusal("{\"Name\":" + deep), "");
}

TEST(ResolveProfile, RefusesFieldsThatAreNone) {
  for (std::string_view fields : {"[]", "\"PatientID\"", "[\"PatientId\"]", "[1]",
                                  "[\"PatientID\", \"PatientID\"]", "null"}) {
    EXPECT_NE(refusal("{\"Name\": \"patient-fields\", \"Fields\": " + std::string(fields) + "}"),
              "")
        << fields;
  }
}

TEST(ResolveProfile, TakesAllFiveFieldsWhenNoneAreNamed) {
  EXPECT_EQ(resolved(R"("patient-fields")"),
            resolved(R"({"Name": "patient-fields", "Fields": ["PatientSex", "PatientBirthDate",
                         "PatientNameKana", "PatientName", "PatientID"]})"));
}

TEST(ResolveProfile, RefusesOptionsThatAreNone) {
  for (std::string_view options :
       {"\"RetainUids\"", "[\"RetainUIDs\"]", "[1]", "{}", "null",
        "[\"RetainUids\", \"RetainUids\"]", "[\"RetainFullDates\", \"RetainModifiedDates\"]"}) {
    EXPECT_NE(refusal("{\"Name\": \"ps3.15-basic\", \"Options\": " + std::string(options) + "}"),
              "")
        << options;
  }
  EXPECT_EQ(resolved(R"({"Name": "ps3.15-basic", "Options": []})"), basic());
}

TEST(ResolveProfile, RefusesModalitiesThatAreNone) {
  for (std::string_view modalities : {"[]", "\"CT\"", "[\"ct\"]", "[\"\"]", "[\"CT\", \"CT\"]",
                                      "[7]", "[\"TOOLONGFORACODESTR\"]", "null"}) {
    EXPECT_NE(refusal("{\"Name\": \"minimum-disclosure\", \"Modalities\": " +
                      std::string(modalities) + "}"),
              "")
        << modalities;
  }
}

TEST(Profile, ComesBackFromItsJsonAsItWas) {
  const auto all = Profile::from_json(all_options().to_json());
  ASSERT_TRUE(all);
  EXPECT_EQ(*all, all_options());
  EXPECT_EQ(all->to_json(), all_options().to_json());
  EXPECT_FALSE(all->private_rules().empty());
  EXPECT_FALSE(all->content_rules().empty());
  EXPECT_TRUE(all->cleans_pixels());
  for (std::string_view request :
       {R"("none")", R"("patient-fields")", R"("minimum-disclosure")", R"("ps3.15-basic")",
        R"({"Name": "minimum-disclosure", "Modalities": ["CT", "XA"]})",
        R"({"Name": "patient-fields", "Fields": ["PatientNameKana"]})"}) {
    const Profile profile = resolved(request);
    const auto back = Profile::from_json(profile.to_json());
    ASSERT_TRUE(back) << request;
    EXPECT_EQ(*back, profile);
    EXPECT_EQ(back->to_json(), profile.to_json());
  }
}

TEST(Profile, IsStoredInLessThan48Kilobytes) {
  EXPECT_LT(basic().to_json().size(), 32U * 1024);
  EXPECT_LT(all_options().to_json().size(), 48U * 1024);
  EXPECT_LT(resolved(R"("patient-fields")").to_json().size(), 32U * 1024);
}

TEST(Profile, IsNotReadFromAnythingElse) {
  const std::string json = basic().to_json();
  const auto changed = [&](std::string_view from, std::string_view to) {
    std::string text = json;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  EXPECT_TRUE(Profile::from_json(json));
  EXPECT_FALSE(Profile::from_json(""));
  EXPECT_FALSE(Profile::from_json("{}"));
  EXPECT_FALSE(Profile::from_json(json + "x"));
  EXPECT_FALSE(Profile::from_json(json.substr(0, json.size() / 2)));
  EXPECT_FALSE(Profile::from_json(R"({"Format":2,"Name":"none","Rules":{}})"));
  EXPECT_FALSE(Profile::from_json(R"({"Format":2,"Name":"ps3.15-basic"})"));
  EXPECT_FALSE(Profile::from_json(changed("\"Format\":2", "\"Format\":1")));
  EXPECT_FALSE(Profile::from_json(changed("\"Rules\"", "\"Rulez\"")));
  EXPECT_FALSE(Profile::from_json(changed("\"keep\"", "\"kept\"")));
  EXPECT_FALSE(Profile::from_json(changed("\"keep\":\"", "\"keep\":\"00G0:0010,")));
  EXPECT_FALSE(Profile::from_json(changed("\"keep\":\"", "\"keep\":\"0008:0020-0010,")));
  // Kept and pseudonymised: which is it?
  EXPECT_FALSE(Profile::from_json(changed("\"keep\":\"", "\"keep\":\"0010:0020,")));
}

TEST(Profile, WithoutAnyRuleRemovesEverything) {
  const auto profile = Profile::from_json(
      R"({"Format":2,"Name":"nothing","IdentityRemoved":true,"Method":["m"],"MethodCodes":[],)"
      R"("TemporalInformation":"REMOVED","Rules":{}})");
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->action_for(Tag{0x0028, 0x0010}), Action::remove);
}

TEST(BasicProfile, FollowsTheTable) {
  // One row for each way the Basic column is written.
  EXPECT_EQ(basic().action_for(Tag{0x0008, 0x0014}), Action::remap_uid);  // InstanceCreatorUID, U
  EXPECT_EQ(basic().action_for(Tag{0x0010, 0x1010}), Action::remove);     // PatientAge, X
  EXPECT_EQ(basic().action_for(Tag{0x0008, 0x0020}), Action::empty);      // StudyDate, Z
  EXPECT_EQ(basic().action_for(Tag{0x3006, 0x0002}), Action::dummy);      // StructureSetLabel, D
  EXPECT_EQ(basic().action_for(Tag{0x0008, 0x0022}), Action::empty);      // AcquisitionDate, X/Z
  EXPECT_EQ(basic().action_for(Tag{0x0008, 0x0021}), Action::dummy);      // SeriesDate, X/D
  EXPECT_EQ(basic().action_for(Tag{0x0008, 0x0023}), Action::dummy);      // ContentDate, Z/D
  EXPECT_EQ(basic().action_for(Tag{0x0008, 0x0080}), Action::dummy);      // InstitutionName, X/Z/D
  EXPECT_EQ(basic().action_for(Tag{0x0008, 0x1140}), Action::keep);       // X/Z/U*: entered
}

TEST(BasicProfile, NamesNoRowOfTheTableToBeKept) {
  for (const ConfidentialityRow& row : confidentiality_rows()) {
    const bool is_reference =
        row.action == BasicAction::remove_empty_or_remap_uid || row.tag == Tag{0x0008, 0x1111};
    if (is_reference) continue;  // entered
    EXPECT_NE(basic().action_for(row.tag), Action::keep) << row.tag.hex();
  }
}

TEST(BasicProfile, IsNeverLaxerThanTheTable) {
  for (const ConfidentialityRow& row : confidentiality_rows()) {
    const Action action = basic().action_for(row.tag);
    if (row.action == BasicAction::remove) {
      // A constant where the table removes an element of Type 1.
      EXPECT_TRUE(action == Action::remove || action == Action::dummy) << row.tag.hex();
    }
    if (row.action == BasicAction::remap_uid) {
      EXPECT_TRUE(action == Action::remap_uid || action == Action::remove) << row.tag.hex();
    }
  }
}

TEST(BasicProfile, KeepsNoNameDateOrFreeTextOutsideItsTables) {
  for (const auto& entry : core::dicom::dictionary()) {
    const Action action = basic().action_for(entry.tag);
    if (action != Action::keep) continue;
    EXPECT_NE(entry.vr, Vr::PN) << entry.keyword;
    EXPECT_NE(entry.vr, Vr::DA) << entry.keyword;
    EXPECT_NE(entry.vr, Vr::DT) << entry.keyword;
    EXPECT_NE(entry.vr, Vr::TM) << entry.keyword;
    EXPECT_NE(entry.vr, Vr::UN) << entry.keyword;
    const auto row = std::ranges::lower_bound(decision_rows(), entry.tag, {}, &DecisionRow::tag);
    const std::string_view reason = reason_of(*row).name;
    if (entry.vr == Vr::UI) {
      EXPECT_EQ(reason, "class-uid") << entry.keyword;
    } else if (core::dicom::depends_on_character_set(entry.vr)) {
      const bool is_harmless = reason == "equipment" || reason == "image";
      EXPECT_TRUE(is_harmless) << entry.keyword;
    }
  }
}

TEST(BasicProfile, RemovesGroupsWhole) {
  for (std::uint16_t group : {0x0000, 0x0002, 0x0004, 0x0014, 0x0038, 0x0400, 0x2000, 0x4010,
                              0x5000, 0x5002, 0x501E, 0x6000, 0x6002, 0x60FE, 0xFFFA, 0xFFFC}) {
    for (std::uint32_t element = 0; element <= 0xFFFF; ++element) {
      const Tag tag{group, static_cast<std::uint16_t>(element)};
      ASSERT_EQ(basic().action_for(tag), Action::remove) << tag.hex();
    }
  }
}

TEST(BasicProfile, RemovesWhatNobodyKnows) {
  EXPECT_EQ(basic().action_for(Tag{0x0009, 0x0010}), Action::remove);
  EXPECT_EQ(basic().action_for(Tag{0x0028, 0x0000}), Action::remove);
  EXPECT_EQ(basic().action_for(Tag{0x0028, 0xFF00}), Action::remove);
  EXPECT_EQ(basic().action_for(Tag{0x7FE0, 0x1111}), Action::remove);
}

TEST(BasicProfile, KeepsWhatAnImageIsMadeOf) {
  for (std::string_view keyword :
       {"SOPClassUID", "Manufacturer", "Rows", "Columns", "PixelSpacing", "ImagePositionPatient",
        "ImageOrientationPatient", "RescaleSlope", "RescaleType", "WindowCenter", "SliceThickness",
        "ConvolutionKernel", "ReferencedSOPClassUID", "InstanceNumber", "PixelData",
        "FloatPixelData", "ExtendedOffsetTable", "SharedFunctionalGroupsSequence"}) {
    const auto* entry = core::dicom::find_keyword(keyword);
    ASSERT_TRUE(entry) << keyword;
    EXPECT_EQ(basic().action_for(entry->tag), Action::keep) << keyword;
  }
}

TEST(BasicProfile, KeepsOfCodesWhatIsListed) {
  for (const auto& entry : core::dicom::dictionary()) {
    if (entry.vr == Vr::CS) {
      EXPECT_NE(basic().action_for(entry.tag), Action::keep) << entry.keyword;
    }
  }
  for (std::string_view keyword :
       {"Modality", "PhotometricInterpretation", "SpecificCharacterSet", "ImageType",
        "BodyPartExamined", "ViewPosition", "ScanOptions", "PatientOrientation"}) {
    EXPECT_EQ(basic().action_for(core::dicom::find_keyword(keyword)->tag), Action::keep_listed)
        << keyword;
  }
  for (std::string_view keyword : {"CodeValue", "CodingSchemeDesignator", "CodeMeaning",
                                   "LongCodeValue", "URNCodeValue", "CodingSchemeVersion"}) {
    EXPECT_EQ(basic().action_for(core::dicom::find_keyword(keyword)->tag), Action::keep_coded)
        << keyword;
  }
}

TEST(BasicProfile, SaysHowItMasks) {
  EXPECT_TRUE(basic().statement().identity_removed);
  EXPECT_EQ(basic().statement().method_codes, std::vector<std::string>{"113100"});
  for (const std::string& text : basic().statement().method) EXPECT_LE(text.size(), 64U);
}

TEST(PatientFields, MaskTheNamedFieldsAndKeepTheOthers) {
  const Profile id = resolved(R"({"Name": "patient-fields", "Fields": ["PatientID"]})");
  EXPECT_EQ(id.action_for(Tag{0x0010, 0x0020}), Action::pseudonymise);
  EXPECT_EQ(id.action_for(Tag{0x0010, 0x1000}), Action::remove);
  EXPECT_EQ(id.action_for(Tag{0x0010, 0x0010}), Action::keep);
  EXPECT_EQ(id.action_for(Tag{0x0010, 0x0030}), Action::keep);
  EXPECT_FALSE(id.remaps_uids());
  const Profile rest =
      resolved(R"({"Name": "patient-fields", "Fields": ["PatientSex", "PatientBirthDate"]})");
  EXPECT_EQ(rest.action_for(Tag{0x0010, 0x0020}), Action::keep);
  EXPECT_EQ(rest.action_for(Tag{0x0010, 0x0040}), Action::empty);
  EXPECT_EQ(rest.action_for(Tag{0x0010, 0x0030}), Action::empty);
  EXPECT_EQ(rest.action_for(Tag{0x0010, 0x21C0}), Action::remove);
}

TEST(PatientFields, TakeKanaOutOfEveryPersonName) {
  const Profile kana = resolved(R"({"Name": "patient-fields", "Fields": ["PatientNameKana"]})");
  EXPECT_EQ(kana.action_for(Tag{0x0010, 0x0010}), Action::drop_phonetic);
  EXPECT_EQ(kana.action_for(Tag{0x0008, 0x0090}), Action::drop_phonetic);
  EXPECT_EQ(kana.action_for(Tag{0x0010, 0x1001}), Action::remove);
  const Profile both =
      resolved(R"({"Name": "patient-fields", "Fields": ["PatientNameKana", "PatientName"]})");
  EXPECT_EQ(both.action_for(Tag{0x0010, 0x0010}), Action::dummy);
}

TEST(PatientFields, NeverKeepCopiesOutOfSight) {
  const Profile sex = resolved(R"({"Name": "patient-fields", "Fields": ["PatientSex"]})");
  for (Tag tag : {Tag{0x0009, 0x0010}, Tag{0x0400, 0x0561}, Tag{0x0400, 0x0500},
                  Tag{0xFFFA, 0xFFFA}, Tag{0xFFFC, 0xFFFC}, Tag{0x0008, 0x9998}}) {
    EXPECT_EQ(sex.action_for(tag), Action::remove) << tag.hex();
  }
  EXPECT_EQ(sex.action_for(Tag{0x0042, 0x0011}), Action::dummy);
  EXPECT_EQ(sex.action_for(Tag{0x0040, 0xA730}), Action::dummy);
}

TEST(PatientFields, KeepOverlaysUnderEveryGroupOfTheirs) {
  const Profile fields = resolved(R"("patient-fields")");
  EXPECT_EQ(fields.action_for(Tag{0x6000, 0x3000}), Action::keep);
  EXPECT_EQ(fields.action_for(Tag{0x601E, 0x3000}), Action::keep);
  EXPECT_EQ(fields.action_for(Tag{0x6001, 0x3000}), Action::remove);
  EXPECT_EQ(fields.action_for(Tag{0x6100, 0x3000}), Action::remove);
}

TEST(PatientFields, DoNotClaimToRemoveTheIdentity) {
  const Statement statement = resolved(R"("patient-fields")").statement();
  EXPECT_FALSE(statement.identity_removed);
  EXPECT_TRUE(statement.method_codes.empty());
  EXPECT_EQ(statement.temporal_information, "UNMODIFIED");
}

}  // namespace
}  // namespace sekisho::anonymization
