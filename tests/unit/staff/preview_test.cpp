// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_fixture.h"
#include "support/dicom_builder.h"
#include "support/sample_files.h"

namespace sekisho::staff {
namespace {

using tests::DatasetBuilder;
using tests::Tag;
using tests::Vr;

constexpr std::string_view kCt = "1.2.840.10008.5.1.4.1.1.2";
constexpr std::string_view kPdf = "1.2.840.10008.5.1.4.1.1.104.1";
constexpr std::string_view kJpegXl = "1.2.840.10008.1.2.4.110";
constexpr std::string_view kComprehensiveSr = "1.2.840.10008.5.1.4.1.1.88.33";

struct Facts {
  std::string_view burned_in = "NO";
  std::string_view comment{};
  std::string_view description = "HEAD";
  std::string_view sop_class = kCt;
  std::string_view transfer_syntax = core::dicom::kExplicitVrLittleEndian;
  std::string_view body_part = "HEAD";
  bool graphics = false;  ///< an icon and an overlay
};

void add_graphics(DatasetBuilder& file) {
  file.begin_sequence(Tag{0x0088, 0x0200})
      .begin_item()
      .us(Tag{0x0028, 0x0010}, 1)
      .end_item()
      .end_sequence()
      .us(Tag{0x6000, 0x0010}, 2)
      .us(Tag{0x6000, 0x0011}, 2)
      .text(Tag{0x6000, 0x0040}, Vr::CS, "G")
      .us(Tag{0x6000, 0x0100}, 1)
      .us(Tag{0x6000, 0x0102}, 0)
      .bytes(Tag{0x6000, 0x3000}, Vr::OW, tests::Bytes(2));
}

/// An original CT of YAMADA^TARO with a private block, a reference in a sequence and four pixels.
tests::Bytes a_ct(std::string_view instance, const Facts& facts = {}) {
  DatasetBuilder file(facts.transfer_syntax);
  file.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 192")
      .text(Tag{0x0008, 0x0008}, Vr::CS, "ORIGINAL\\PRIMARY\\AXIAL")
      .text(Tag{0x0008, 0x0016}, Vr::UI, facts.sop_class)
      .text(Tag{0x0008, 0x0018}, Vr::UI, instance)
      .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .text(Tag{0x0008, 0x0080}, Vr::LO, "Minato Hospital")
      .text(Tag{0x0008, 0x1030}, Vr::LO, facts.description)
      .begin_sequence(Tag{0x0008, 0x1140})
      .begin_item()
      .text(Tag{0x0008, 0x1150}, Vr::UI, kCt)
      .text(Tag{0x0008, 0x1155}, Vr::UI, "1.2.3.4.5")
      .end_item()
      .end_sequence()
      .text(Tag{0x0009, 0x0010}, Vr::LO, "ACME 1.0")
      .text(Tag{0x0009, 0x1001}, Vr::LO, "a private value")
      .text(Tag{0x0010, 0x0010}, Vr::PN, "YAMADA^TARO=山田^太郎")
      .text(Tag{0x0010, 0x0020}, Vr::LO, "P1")
      .text(Tag{0x0018, 0x0015}, Vr::CS, facts.body_part)
      .text(Tag{0x0020, 0x000D}, Vr::UI, "1.1")
      .text(Tag{0x0020, 0x000E}, Vr::UI, "1.1.1");
  if (!facts.comment.empty()) file.text(Tag{0x0020, 0x4000}, Vr::LT, facts.comment);
  file.us(Tag{0x0028, 0x0002}, 1)
      .text(Tag{0x0028, 0x0004}, Vr::CS, "MONOCHROME2")
      .us(Tag{0x0028, 0x0010}, 2)
      .us(Tag{0x0028, 0x0011}, 2);
  for (const std::uint16_t element : {0x0100, 0x0101}) file.us(Tag{0x0028, element}, 16);
  file.us(Tag{0x0028, 0x0102}, 15).us(Tag{0x0028, 0x0103}, 0);
  if (!facts.burned_in.empty()) file.text(Tag{0x0028, 0x0301}, Vr::CS, facts.burned_in);
  if (facts.graphics) add_graphics(file);
  if (facts.transfer_syntax == kJpegXl) {
    file.encapsulated(Tag{0x7FE0, 0x0010}, {tests::Bytes(8)});
  } else {
    file.bytes(Tag{0x7FE0, 0x0010}, Vr::OW, tests::Bytes(8));
  }
  return file.part10(facts.sop_class, instance);
}

class StaffPreview : public StaffApiTest {
 protected:
  StaffPreview() {
    put(a_ct("1.1.1.1"));
    store.put(tests::instance_key("P1", "1.1", "1.1.1", "1.1.1.2"), a_ct("1.1.1.2"));
  }
  void put(tests::Bytes file) {
    store.put(tests::instance_key("P1", "1.1", "1.1.1", "1.1.1.1"), std::move(file));
  }
  Json::Value body(const std::string& profile = "ps3.15-basic") {
    Json::Value body = share_body(recipient);
    body["Profile"] = profile;
    return body;
  }
  Answer preview(const std::string& profile = "ps3.15-basic") {
    return post_json("/shares/preview", body(profile));
  }
  /// The first row of every CT's image is blackened.
  void black_out_every_ct() {
    anonymization::ImageSignature every_ct;
    every_ct.modality = "CT";
    options.pixel_policy.rules.push_back(
        {"banner", every_ct, anonymization::BlackoutRectangles{{{0, 0, 2, 1}}}});
  }
  static Json::Value element(const Answer& answer, const std::string& path) {
    for (const Json::Value& each : answer.json["Instance"]["Elements"]) {
      if (each["Path"] == path) return each;
    }
    return {};
  }
  static std::string codes(const Json::Value& rows) {
    std::string all;
    for (const Json::Value& row : rows) {
      all += row["Code"].asString() + ':' + row["Instances"].asString() + ' ';
    }
    return all;
  }
  std::string recipient = new_recipient();
};

TEST_F(StaffPreview, ShowsBothSidesOfEveryElement) {
  const auto answer = preview();
  ASSERT_EQ(answer.status, 200) << details(answer);
  EXPECT_EQ(answer.json["Instances"], 2);
  EXPECT_EQ(answer.json["Instance"]["SOPInstanceUID"], "1.1.1.1");
  EXPECT_EQ(answer.json["Instance"]["ElementsLeftOut"], 0);
  const auto name = element(answer, "00100010");
  EXPECT_EQ(name["Keyword"], "PatientName");
  EXPECT_EQ(name["VR"], "PN");
  EXPECT_EQ(name["Before"], "YAMADA^TARO=山田^太郎");
  EXPECT_TRUE(name.isMember("After"));
  EXPECT_NE(name["After"], name["Before"]);
  EXPECT_EQ(name["Action"], "dummy");
  const auto modality = element(answer, "00080060");
  EXPECT_EQ(modality["After"], "CT");
  EXPECT_EQ(modality["Action"], "keep-listed");
  EXPECT_EQ(element(answer, "00280010")["Before"], "2");
  EXPECT_EQ(element(answer, "7FE00010")["After"], element(answer, "7FE00010")["Before"]);
}

TEST_F(StaffPreview, ShowsWhatGoes) {
  const auto answer = preview();
  const auto description = element(answer, "00081030");
  EXPECT_EQ(description["Before"], "HEAD");
  EXPECT_FALSE(description.isMember("After"));
  EXPECT_EQ(description["Action"], "remove");
  EXPECT_NE(description["Source"].asString().find("Table E.1-1"), std::string::npos);
  const auto secret = element(answer, "00091001");
  EXPECT_EQ(secret["Before"], "a private value");
  EXPECT_FALSE(secret.isMember("After"));
}

TEST_F(StaffPreview, ShowsElementsOfItemsByTheirPath) {
  const auto uid = element(preview(), "00081140[0].00081155");
  EXPECT_EQ(uid["Before"], "1.2.3.4.5");
  EXPECT_EQ(uid["Action"], "remap-uid");
  EXPECT_EQ(uid["After"].asString().substr(0, 5), "2.25.");
}

TEST_F(StaffPreview, ShowsTheStatementThatMaskingAdds) {
  const auto removed = element(preview(), "00120062");
  EXPECT_EQ(removed["After"], "YES");
  EXPECT_FALSE(removed.isMember("Before"));
}

TEST_F(StaffPreview, MatchesItemsOfReportsBehindOneThatGoes) {
  DatasetBuilder file;
  const auto text_item = [&](std::string_view code, std::string_view text) {
    file.begin_item()
        .text(Tag{0x0040, 0xA040}, Vr::CS, "TEXT")
        .begin_sequence(Tag{0x0040, 0xA043})
        .begin_item()
        .text(Tag{0x0008, 0x0100}, Vr::SH, code)
        .text(Tag{0x0008, 0x0102}, Vr::SH, "DCM")
        .end_item()
        .end_sequence()
        .text(Tag{0x0040, 0xA160}, Vr::UT, text)
        .end_item();
  };
  file.text(Tag{0x0008, 0x0016}, Vr::UI, kComprehensiveSr)
      .text(Tag{0x0008, 0x0018}, Vr::UI, "1.1.1.1")
      .text(Tag{0x0008, 0x0060}, Vr::CS, "SR")
      .begin_sequence(Tag{0x0040, 0xA730});
  text_item("121106", "a comment");    // Comment: X
  text_item("112347", "a component");  // Component ID: D
  file.end_sequence();
  put(file.part10(kComprehensiveSr, "1.1.1.1"));
  Json::Value asked = body();
  asked["Profile"] = Json::Value();
  asked["Profile"]["Name"] = "ps3.15-basic";
  asked["Profile"]["Options"].append("CleanStructuredContent");
  const auto answer = post_json("/shares/preview", asked);
  ASSERT_EQ(answer.status, 200) << details(answer);
  const auto comment = element(answer, "0040A730[0].0040A160");
  EXPECT_EQ(comment["Before"], "a comment");
  EXPECT_EQ(comment["Action"], "remove");
  EXPECT_EQ(comment["Source"], "PS3.15 Table E.3.4-1");
  EXPECT_FALSE(comment.isMember("After"));
  const auto component = element(answer, "0040A730[1].0040A160");
  EXPECT_EQ(component["Before"], "a component");
  EXPECT_EQ(component["Action"], "dummy");
  EXPECT_TRUE(component.isMember("After"));
  EXPECT_EQ(element(answer, "0040A730[1].0040A043[0].00080100")["After"], "112347");
}

TEST_F(StaffPreview, TakesTheInstanceThatIsAskedFor) {
  Json::Value asked = body();
  asked["Instance"] = "1.1.1.2";
  EXPECT_EQ(post_json("/shares/preview", asked).json["Instance"]["SOPInstanceUID"], "1.1.1.2");
  asked["Instance"] = "1.5.1.1";
  EXPECT_EQ(post_json("/shares/preview", asked).status, 404);
  asked["Instance"] = "x/y";
  EXPECT_EQ(post_json("/shares/preview", asked).status, 400);
}

TEST_F(StaffPreview, CountsWhatIsWithheldAndSaysWhy) {
  put(a_ct("1.1.1.1", {.burned_in = "YES"}));
  const auto answer = preview();
  EXPECT_EQ(codes(answer.json["Withheld"]), "burned-in-annotation:1 ");
  EXPECT_EQ(answer.json["Withheld"][0]["Remedy"], "approval");
  EXPECT_EQ(answer.json["Instance"]["Withheld"]["Code"], "burned-in-annotation");
  EXPECT_FALSE(element(answer, "7FE00010").isMember("After"));
  EXPECT_TRUE(answer.json["Risks"].empty()) << "what is withheld is no risk";
}

TEST_F(StaffPreview, NamesTheSeriesThatMayBeApproved) {
  put(a_ct("1.1.1.1", {.burned_in = "YES"}));
  store.put(tests::instance_key("P1", "1.1", "1.1.2", "1.1.2.1"),
            a_ct("1.1.2.1", {.burned_in = "YES"}));
  store.put(tests::instance_key("P1", "1.1", "1.1.2", "1.1.2.2"),
            a_ct("1.1.2.2", {.burned_in = "YES"}));
  const auto withheld = preview().json["Withheld"];
  ASSERT_EQ(withheld.size(), 1U);
  EXPECT_EQ(withheld[0]["Instances"], 3);
  ASSERT_EQ(withheld[0]["Series"].size(), 2U);
  EXPECT_EQ(withheld[0]["Series"][0]["SeriesInstanceUID"], "1.1.1");
  EXPECT_EQ(withheld[0]["Series"][0]["Instances"], 1);
  const Json::Value& other = withheld[0]["Series"][1];
  EXPECT_EQ(other["Instances"], 2);
  EXPECT_EQ(other["StudyInstanceUID"], "1.1");
  Json::Value approval;
  approval["PatientID"] = other["PatientID"];
  approval["SeriesInstanceUID"] = other["SeriesInstanceUID"];
  const std::string share = new_share(recipient);
  EXPECT_EQ(post_json("/shares/" + share + "/series/approve", approval).status, 200);
}

TEST_F(StaffPreview, NeverCallsReleasedWhatTheBlackoutCannotClean) {
  black_out_every_ct();
  put(a_ct("1.1.1.1", {.burned_in = "YES", .transfer_syntax = kJpegXl}));
  const auto answer = preview();
  EXPECT_EQ(codes(answer.json["Withheld"]), "pixels-unsupported:1 ");
  EXPECT_EQ(answer.json["Withheld"][0]["Remedy"], "none");
  EXPECT_EQ(answer.json["Instance"]["Withheld"]["Code"], "pixels-unsupported");
  EXPECT_FALSE(element(answer, "7FE00010").isMember("After"));
  EXPECT_EQ(element(answer, "00080060")["After"], "CT") << "the header is shown all the same";
}

TEST_F(StaffPreview, ShowsTheHeaderOfACleanedImageAsItLeaves) {
  black_out_every_ct();
  put(a_ct("1.1.1.1", {.burned_in = "YES"}));
  const auto answer = preview();
  EXPECT_EQ(codes(answer.json["Withheld"]), "");
  EXPECT_FALSE(answer.json["Instance"].isMember("Withheld"));
  EXPECT_EQ(element(answer, "00280301")["After"], "NO");
  EXPECT_EQ(element(answer, "7FE00010")["After"], "<1 rectangles blacked out>");
}

TEST_F(StaffPreview, CallsAFileThatCannotBeReadWithheld) {
  put({});
  const auto answer = preview();
  EXPECT_EQ(codes(answer.json["Withheld"]), "file-malformed:1 ");
  EXPECT_EQ(answer.json["Instance"]["Withheld"]["Code"], "file-malformed");
}

TEST_F(StaffPreview, CountsWhatTheArchiveHasUnderNoUsableName) {
  store.lose_names(tests::instance_key("P1", "1.1", "1.1.1", "1.1.1.1").series.study, 3);
  const auto answer = preview();
  EXPECT_EQ(answer.json["Instances"], 5);
  EXPECT_EQ(codes(answer.json["Withheld"]), "uid-unusable:3 ");
  EXPECT_EQ(answer.json["Withheld"][0]["Remedy"], "repair");
}

TEST_F(StaffPreview, FindsNoRiskInAnOrdinaryCtUnderTheBasicProfile) {
  put(a_ct("1.1.1.1", {.comment = "seen by Dr. Yamada", .description = "YAMADA HEAD"}));
  const auto answer = preview();
  EXPECT_EQ(codes(answer.json["Risks"]), "");
  EXPECT_FALSE(answer.json.isMember("Acknowledgement"));
  EXPECT_EQ(post_json("/shares", body()).status, 201);
}

TEST_F(StaffPreview, FindsTextThatStaysAndTheNameInIt) {
  put(a_ct("1.1.1.1", {.description = "head of Yamada"}));
  const auto answer = preview("patient-fields");
  EXPECT_NE(codes(answer.json["Risks"])
                .find("free-text-kept:2 identifiers-kept:2 patient-name-in-text:1"),
            std::string::npos)
      << codes(answer.json["Risks"]);
  EXPECT_NE(to_text(answer.json["Risks"]).find("StudyDescription"), std::string::npos);
  EXPECT_EQ(to_text(answer.json["Risks"]).find("head of"), std::string::npos);
}

TEST_F(StaffPreview, FindsANameInJapaneseTextButNoPartOfAnotherWord) {
  put(a_ct("1.1.1.1", {.description = "山田様 頭部"}));
  EXPECT_NE(codes(preview("patient-fields").json["Risks"]).find("patient-name-in-text:1"),
            std::string::npos);
  put(a_ct("1.1.1.1", {.description = "TAROT"}));
  EXPECT_EQ(codes(preview("patient-fields").json["Risks"]).find("patient-name"), std::string::npos);
}

TEST_F(StaffPreview, FindsANameThatStandsInACode) {
  put(a_ct("1.1.1.1", {.body_part = "YAMADA"}));
  const auto risks = preview("patient-fields").json["Risks"];
  EXPECT_NE(codes(risks).find("patient-name-in-text:1"), std::string::npos) << codes(risks);
  EXPECT_NE(to_text(risks).find("BodyPartExamined"), std::string::npos);
  EXPECT_EQ(codes(preview().json["Risks"]), "") << "a code that is on no list does not leave";
}

TEST_F(StaffPreview, TakesACodeThatIsOnNoListForText) {
  options.profiles =
      std::get<anonymization::ProfileCatalogue>(anonymization::ProfileCatalogue::read(
          R"({"local":{"Base":"ps3.15-basic","Rules":[
            {"Element":"BodyPartExamined","Action":"Keep"}]}})"));
  put(a_ct("1.1.1.1", {.body_part = "CHEST"}));
  EXPECT_EQ(codes(preview("local").json["Risks"]), "");
  put(a_ct("1.1.1.1", {.body_part = "BED 7"}));
  const auto risks = preview("local").json["Risks"];
  EXPECT_EQ(codes(risks), "free-text-kept:1 ");
  EXPECT_EQ(to_text(risks[0]["Attributes"]), R"(["BodyPartExamined"])");
}

TEST_F(StaffPreview, AsksBeforeAProfileOfTheHospitalLetsThePatientsNameOut) {
  options.profiles =
      std::get<anonymization::ProfileCatalogue>(anonymization::ProfileCatalogue::read(
          R"({"tumour-board":{"Base":"ps3.15-basic","Rules":[
            {"Element":"PatientName","Action":"Keep"},
            {"Element":"PatientAddress","Action":"Keep"},
            {"Element":"InstitutionName","Action":"Keep"}]},
          "harmless":{"Base":"ps3.15-basic","Rules":[
            {"Element":"PatientName","Action":"Replace","Text":"Case"}]}})"));
  const auto risks = preview("tumour-board").json["Risks"];
  EXPECT_EQ(codes(risks), "identifiers-kept:2 ");
  EXPECT_EQ(to_text(risks[0]["Attributes"]), R"(["InstitutionName","PatientName"])")
      << "those that the files have";
  EXPECT_EQ(post_json("/shares", body("tumour-board")).status, 409);
  EXPECT_EQ(codes(preview("harmless").json["Risks"]), "");
}

TEST_F(StaffPreview, AsksBeforeMinimumDisclosureTellsWhoThePatientIs) {
  const auto risks = preview("minimum-disclosure").json["Risks"];
  EXPECT_EQ(codes(risks), "identifiers-kept:2 ");
  EXPECT_NE(to_text(risks[0]["Attributes"]).find("PatientName"), std::string::npos);
  Json::Value asked = body("minimum-disclosure");
  EXPECT_EQ(post_json("/shares", asked).status, 409);
  asked["Acknowledgement"] = preview("minimum-disclosure").json["Acknowledgement"];
  EXPECT_EQ(post_json("/shares", asked).status, 201);
}

TEST_F(StaffPreview, AsksAnewBeforeAShareWithRisksIsMadeAgain) {
  Json::Value asked = body("minimum-disclosure");
  asked["Acknowledgement"] = preview("minimum-disclosure").json["Acknowledgement"];
  const std::string path =
      "/shares/" + post_json("/shares", asked).json["ID"].asString() + "/reissue";
  const auto refused = post(path);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(codes(refused.json["Risks"]), "identifiers-kept:2 ");
  Json::Value again;
  again["Acknowledgement"] = refused.json["Acknowledgement"];
  EXPECT_EQ(post_json(path, again).status, 201);
  EXPECT_EQ(last_entry()["facts"]["risks"], "identifiers-kept");
}

/// A share of an image that is withheld, and what approves its series.
class StaffApproval : public StaffPreview {
 protected:
  std::string share_of(const std::string& profile) {
    Json::Value asked = body(profile);
    const auto seen = preview(profile).json;
    if (seen.isMember("Acknowledgement")) asked["Acknowledgement"] = seen["Acknowledgement"];
    return post_json("/shares", asked).json["ID"].asString();
  }
  Answer approve(const std::string& share, const std::string& acknowledgement = {}) {
    Json::Value asked;
    asked["SeriesInstanceUID"] = "1.1.1";
    if (!acknowledgement.empty()) asked["Acknowledgement"] = acknowledgement;
    return post_json("/shares/" + share + "/series/approve", asked);
  }
  void withhold_all() {
    for (const char* instance : {"1.1.1.1", "1.1.1.2"}) {
      store.put(tests::instance_key("P1", "1.1", "1.1.1", instance),
                a_ct(instance, {.burned_in = "YES", .comment = "seen by Dr. Yamada"}));
    }
  }
};

TEST_F(StaffApproval, ShowsWhatItLetsGoAndTakesAnAcknowledgement) {
  withhold_all();
  EXPECT_EQ(codes(preview("patient-fields").json["Risks"]), "") << "all of it is withheld";
  const std::string share = share_of("patient-fields");
  const auto refused = approve(share);
  ASSERT_EQ(refused.status, 409);
  EXPECT_NE(codes(refused.json["Risks"]).find("free-text-kept:2 identifiers-kept:2"),
            std::string::npos)
      << codes(refused.json["Risks"]);
  EXPECT_NE(codes(refused.json["Risks"]).find("patient-name-in-text:2"), std::string::npos);
  EXPECT_EQ(to_text(refused.json["Risks"]).find("Dr."), std::string::npos) << "no values";
  EXPECT_EQ(approve(share, "another").status, 409);
  EXPECT_FALSE(get("/shares/" + share).json.isMember("ApprovedSeries"));
  EXPECT_EQ(approve(share, refused.json["Acknowledgement"].asString()).status, 200);
  EXPECT_NE(last_entry()["facts"]["risks"].asString().find("patient-name-in-text"),
            std::string::npos);
}

TEST_F(StaffApproval, IsAcknowledgedForOneShareAlone) {
  withhold_all();
  const std::string text = approve(share_of("patient-fields")).json["Acknowledgement"].asString();
  EXPECT_EQ(approve(share_of("patient-fields"), text).status, 409);
}

TEST_F(StaffApproval, AsksNothingWhereOnlyThePixelsWereInDoubt) {
  withhold_all();
  EXPECT_EQ(approve(share_of("ps3.15-basic")).status, 200);
}

TEST_F(StaffPreview, CallsNothingARiskThatAnOptionOfTheStandardRetains) {
  Json::Value asked = body();
  asked["Profile"] = Json::Value();
  asked["Profile"]["Name"] = "ps3.15-basic";
  for (const char* option : {"RetainUids", "RetainInstitutionIdentity", "RetainFullDates"}) {
    asked["Profile"]["Options"].append(option);
  }
  EXPECT_EQ(codes(post_json("/shares/preview", asked).json["Risks"]), "");
}

TEST_F(StaffPreview, FindsWhatIsDrawnBesideThePixels) {
  put(a_ct("1.1.1.1", {.graphics = true}));
  const auto answer = preview("patient-fields");
  EXPECT_NE(codes(answer.json["Risks"]).find("graphics-kept:1 "), std::string::npos);
  for (const Json::Value& risk : answer.json["Risks"]) {
    if (risk["Code"] != "graphics-kept") continue;
    EXPECT_EQ(to_text(risk["Attributes"]), R"(["IconImageSequence","OverlayData"])");
  }
  EXPECT_EQ(codes(preview().json["Risks"]), "");
}

TEST_F(StaffPreview, FindsWhatAProfileThatMasksNothingLetsOut) {
  put(a_ct("1.1.1.1", {.burned_in = "YES"}));
  store.put(tests::instance_key("P1", "1.1", "1.1.1", "1.1.1.2"),
            a_ct("1.1.1.2", {.sop_class = kPdf}));
  EXPECT_EQ(codes(preview("none").json["Risks"]),
            "burned-in-annotation:1 encapsulated-document:1 free-text-kept:2 nothing-masked:2 "
            "private-elements-kept:2 ");
}

TEST_F(StaffPreview, FindsBurnedInTextThatARuleReleases) {
  put(a_ct("1.1.1.1", {.burned_in = "YES"}));
  anonymization::ImageSignature every_ct;
  every_ct.modality = "CT";
  options.pixel_policy.rules.push_back({"all", every_ct, anonymization::ReleaseAsStored{}});
  EXPECT_EQ(codes(preview().json["Risks"]), "burned-in-annotation:1 ");
}

/// With a cache, as the plugin has one.
class StaffPreviewAgain : public StaffPreview {
 protected:
  std::string revision_of(int number) {
    const core::StudyKey study = tests::instance_key("P1", "1.1", "1.1.1", "1.1.1.1").series.study;
    return store.list(study, now)
        ->series.at(0)
        .instances.at(static_cast<std::size_t>(number))
        .revision;
  }
  Answer look(const std::string& profile) {
    Request request = request_of(Verb::post, "/shares/preview", to_text(body(profile)));
    auto json = parse_json_object(api_with_cache.answer(request).body);
    return {200, std::get<Json::Value>(json)};
  }
  static anonymization::Verdicts::Terms terms() {
    return {anonymization::Verdicts::digest_of(
        std::get<anonymization::Profile>(anonymization::resolve_profile("\"patient-fields\"")))};
  }

  core::CacheFile cache{directory.path() / "cache.db", 1 << 24};
  anonymization::Verdicts verdicts{cache, options.pixel_policy, "test"};
  Api api_with_cache{{options, store, names(), recipients, shares, consents, access, log, denials,
                      keeping, looks, *quarantine, place, [this] { return now; },
                      [] { return SystemState(); }, [](const sharing::ShareId&) {}, &verdicts}};
};

TEST_F(StaffPreviewAgain, SaysTheSameWithoutLookingAtTheFilesAgain) {
  put(a_ct("1.1.1.1", {.description = "head of Yamada"}));
  store.put(tests::instance_key("P1", "1.1", "1.1.1", "1.1.1.2"),
            a_ct("1.1.1.2", {.burned_in = "YES"}));
  const Json::Value first = look("patient-fields").json;
  const Json::Value again = look("patient-fields").json;
  EXPECT_NE(codes(first["Risks"]).find("patient-name-in-text:1"), std::string::npos);
  EXPECT_EQ(codes(first["Withheld"]), "burned-in-annotation:1 ");
  EXPECT_EQ(first["Risks"], again["Risks"]);
  EXPECT_EQ(first["Withheld"], again["Withheld"]);
  EXPECT_EQ(first["Acknowledgement"], again["Acknowledgement"]);
  EXPECT_TRUE(verdicts.find(revision_of(0), terms())->remarks);
  EXPECT_TRUE(verdicts.find(revision_of(1), terms())->withheld);
}

TEST_F(StaffPreviewAgain, LooksAtAFileThatWasReplaced) {
  look("patient-fields");
  put(a_ct("1.1.1.1", {.burned_in = "YES"}));
  EXPECT_EQ(codes(look("patient-fields").json["Withheld"]), "burned-in-annotation:1 ");
}

TEST_F(StaffPreviewAgain, AsksOnceForAllFilesOfASeriesThatIsAsItWas) {
  put(a_ct("1.1.1.1", {.description = "head of Yamada"}));
  const Json::Value first = look("patient-fields").json;
  verdicts.keep(revision_of(0), terms(), {anonymization::WithholdReason::waveform, {}});
  const Json::Value again = look("patient-fields").json;
  EXPECT_EQ(first["Risks"], again["Risks"]);
  EXPECT_EQ(codes(again["Withheld"]), "");
  store.put(tests::instance_key("P1", "1.1", "1.1.1", "1.1.1.3"), a_ct("1.1.1.3"));
  EXPECT_EQ(codes(look("patient-fields").json["Withheld"]), "waveform:1 ")
      << "a series with one more is another one: its files are asked for one by one";
}

TEST_F(StaffPreviewAgain, LooksAgainAtASeriesWithAFileThatCouldNotBeRead) {
  put(tests::Bytes(8));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(codes(look("patient-fields").json["Withheld"]), "file-malformed:1 ");
  }
  const std::string both = revision_of(0) + '\n' + revision_of(1) + '\n';
  EXPECT_FALSE(verdicts.find(both, terms()));
}

TEST_F(StaffPreviewAgain, LooksForRisksWhereARecipientsRequestWasContentToKnowThatItLeaves) {
  verdicts.keep(revision_of(0), terms(), {});
  verdicts.keep(revision_of(1), terms(), {anonymization::WithholdReason::waveform, {}});
  const Json::Value seen = look("patient-fields").json;
  EXPECT_EQ(codes(seen["Withheld"]), "waveform:1 ") << "a known verdict counts";
  EXPECT_NE(codes(seen["Risks"]).find("identifiers-kept:1"), std::string::npos);
}

TEST_F(StaffPreview, RisksNeedTheAcknowledgementOfTheirPreview) {
  Json::Value asked = body("none");
  const auto refused = post_json("/shares", asked);
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(details(refused).find("/shares/preview"), std::string::npos);
  EXPECT_NE(codes(refused.json["Risks"]).find("nothing-masked:2"), std::string::npos);
  EXPECT_TRUE(get("/shares").json["Shares"].empty());
  asked["Acknowledgement"] = preview("none").json["Acknowledgement"];
  EXPECT_EQ(post_json("/shares", asked).status, 201);
  EXPECT_NE(last_entry()["facts"]["risks"].asString().find("nothing-masked"), std::string::npos);
}

TEST_F(StaffPreview, AnAcknowledgementHoldsForWhatWasShownAlone) {
  const Json::Value seen = preview("none").json["Acknowledgement"];
  Json::Value other = body("patient-fields");
  other["Acknowledgement"] = seen;
  EXPECT_EQ(post_json("/shares", other).status, 409) << "another profile";
  other = body("none");
  other["Acknowledgement"] = seen;
  other["Recipient"] = new_recipient("Another Clinic");
  EXPECT_EQ(post_json("/shares", other).status, 409) << "another recipient";
  other = body("none");
  other["Acknowledgement"] = seen;
  other["Scope"] = Json::Value();
  other["Scope"]["Level"] = "Patient";
  other["Scope"]["PatientID"] = "P1";
  EXPECT_EQ(post_json("/shares", other).status, 409) << "another scope";
  put(a_ct("1.1.1.1", {.burned_in = "YES"}));
  other = body("none");
  other["Acknowledgement"] = seen;
  EXPECT_EQ(post_json("/shares", other).status, 409) << "another risk";
}

TEST_F(StaffPreview, StandsEveryFileAtHand) {
  const auto files = tests::sample_files();
  if (files.empty()) GTEST_SKIP() << "python3-pydicom is not installed";
  for (const auto& path : files) {
    put(tests::content_of(path));
    for (const char* profile : {"none", "patient-fields", "ps3.15-basic"}) {
      EXPECT_EQ(preview(profile).status, 200) << path << ' ' << profile;
    }
  }
}

TEST_F(StaffPreview, IsOnRecordBeforeItIsShown) {
  EXPECT_EQ(preview().status, 200);
  EXPECT_EQ(last_entry()["event"], "share.preview");
  EXPECT_EQ(last_entry()["facts"]["profile"], "ps3.15-basic");
  break_log();
  EXPECT_THROW(preview(), audit::AuditError);
}

TEST_F(StaffPreview, RefusesWhatTheCreationRefuses) {
  Json::Value asked = body();
  asked["Unknown"] = 1;
  EXPECT_EQ(post_json("/shares/preview", asked).status, 400);
  asked = body();
  asked["Recipient"] = std::string(32, '0');
  EXPECT_EQ(post_json("/shares/preview", asked).status, 404);
  asked = body();
  asked["Scope"]["Uids"][0] = "9.9";
  EXPECT_EQ(post_json("/shares/preview", asked).status, 404);
  EXPECT_EQ(preview("no-such-profile").status, 400);
}

TEST_F(StaffPreview, AndCreationEndWhenOrthancStopsAndNothingIsShared) {
  std::stop_source stopping;
  stopping.request_stop();
  for (const char* path : {"/shares/preview", "/shares"}) {
    Request request = request_of(Verb::post, path, to_text(body()));
    request.stop = stopping.get_token();
    EXPECT_EQ(answer_to(request).status, 503) << path;
  }
  EXPECT_TRUE(get("/shares").json["Shares"].empty());
  EXPECT_EQ(preview().status, 200) << "what does not stop answers";
}

}  // namespace
}  // namespace sekisho::staff
