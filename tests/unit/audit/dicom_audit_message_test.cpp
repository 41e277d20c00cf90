// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/dicom_audit_message.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "audit/entry/canonical_json.h"
#include "audit/export/xml.h"
#include "core/encoding.h"
#include "unit/audit/an_event.h"

namespace sekisho::audit {
namespace {

using test::a_transfer;
using test::ALog;

const MessageSource kHere{test::kOrigin, "Site <1>"};

/// The files that `jing`, an independent validator, holds against the schema of PS3.15 §A.5.1.
class Schema {
 public:
  void add(const std::string& xml) {
    const auto file = directory_.path() / (std::to_string(files_++) + ".xml");
    std::ofstream(file, std::ios::binary) << xml;
  }
  bool accepts_all() const {
    const std::string command = "jing -c " SEKISHO_SOURCE_DIR "/tests/data/dicom-audit.rnc " +
                                directory_.path().string() + "/*.xml";
    return std::system(command.c_str()) == 0;
  }

 private:
  test::Directory directory_;
  int files_ = 0;
};

class Exporting : public ::testing::Test {
 protected:
  std::vector<std::string> messages(Identifiers identifiers) const {
    ExportReader reader(log_.place(), identifiers);
    std::vector<std::string> all;
    for (const ExportRecord& record : reader.records(0, kMaxJsonNumber, 1000)) {
      all.push_back(to_dicom_xml(make_message(record, kHere)));
    }
    return all;
  }
  std::string last_message(Identifiers identifiers = Identifiers::opened) const {
    return messages(identifiers).back();
  }

  ALog log_;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::string detail(std::string_view type, std::string_view value) {
  return "type=\"" + std::string(type) + "\" value=\"" + core::to_base64(core::as_bytes(value)) +
         '"';
}

TEST_F(Exporting, FollowsTheSchemaForEveryEvent) {
  test::append_every_event(log_);
  Schema schema;
  for (const auto identifiers : {Identifiers::opened, Identifiers::hashed}) {
    const auto all = messages(identifiers);
    EXPECT_EQ(all.size(), kEventCodes);
    for (const std::string& message : all) schema.add(message);
  }
  schema.add(to_dicom_xml(make_checkpoint_message("note\n", test::a_time(), kHere)));
  EXPECT_TRUE(schema.accepts_all());
}

TEST_F(Exporting, IsRefusedByTheSchemaWhereAPartIsMissing) {
  const std::string message = last_message();
  for (const std::string part : {" UserIsRequestor=\"true\"", " csd-code=\"4\"",
                                 "<ParticipantObjectName>log.open</ParticipantObjectName>"}) {
    std::string bad = message;
    ASSERT_TRUE(contains(bad, part));
    bad.erase(bad.find(part), part.size());
    Schema schema;
    schema.add(bad);
    EXPECT_FALSE(schema.accepts_all()) << part;
  }
}

/// The codes that the catalogue in docs/formats/audit.md promises for an event.
std::vector<std::string> catalogue_codes(std::string_view event) {
  std::istringstream page(test::read_file(SEKISHO_SOURCE_DIR "/docs/formats/audit.md"));
  for (std::string line; std::getline(page, line);) {
    const std::size_t bar = line.find('|', 1);
    if (bar == std::string::npos ||
        line.substr(0, bar).find('`' + std::string(event) + '`') == std::string::npos) {
      continue;
    }
    std::istringstream cell(line.substr(bar + 1, line.find('|', bar + 1) - bar - 1));
    std::vector<std::string> codes;
    for (std::string code; std::getline(cell >> std::ws, code, ',');) {
      codes.push_back(code.substr(0, 6));
    }
    return codes;
  }
  return {};
}

TEST_F(Exporting, CodesEveryEventAsTheCatalogueSays) {
  test::append_every_event(log_);
  const auto all = messages(Identifiers::opened);
  for (std::size_t code = 0; code < kEventCodes; ++code) {
    const std::string_view event = event_name(static_cast<EventCode>(code));
    const auto codes = catalogue_codes(event);
    ASSERT_FALSE(codes.empty()) << event;
    EXPECT_TRUE(contains(all[code], "<EventID csd-code=\"" + codes[0] + '"')) << event;
    const std::string type = "<EventTypeCode csd-code=\"" + (codes.size() > 1 ? codes[1] : "");
    EXPECT_EQ(contains(all[code], type), codes.size() > 1) << event;
  }
}

TEST_F(Exporting, NamesWhoGaveWhatToWhom) {
  log_.open()->append(a_transfer("P1001", "1.2.3"));
  const std::string message = last_message();
  EXPECT_TRUE(contains(message, R"(<ActiveParticipant UserID="audit.test.example/log" )"
                                R"(UserName="Sekisho" UserIsRequestor="false" )"
                                R"(NetworkAccessPointID="audit.test.example" )"
                                R"(NetworkAccessPointTypeCode="1"><RoleIDCode csd-code="110153")"))
      << message;
  EXPECT_TRUE(contains(message, R"(<ActiveParticipant UserID="a1b2c3d4e5f60718293a4b5c6d7e8f90" )"
                                R"(UserName="山田クリニック" UserIsRequestor="true" )"
                                R"(NetworkAccessPointID="10.20.0.17" )"
                                R"(NetworkAccessPointTypeCode="2"><RoleIDCode csd-code="110152")"))
      << message;
  EXPECT_TRUE(contains(message, R"(ParticipantObjectID="1.2.3" ParticipantObjectTypeCode="2")"));
  EXPECT_TRUE(contains(message, R"(ParticipantObjectID="P1001" ParticipantObjectTypeCode="1")"));
  EXPECT_TRUE(contains(message, R"(<SOPClass NumberOfInstances="1"><Instance UID="1.2.3.1.1"/>)"));
  EXPECT_TRUE(contains(message, detail("SeriesInstanceUID", "1.2.3.1")));
  EXPECT_TRUE(contains(message, detail("intended_use", "TREAT")));
}

TEST_F(Exporting, NamesOfWhomAnActOfStaffWas) {
  Event event = a_transfer();
  event.code = EventCode::token_create;
  event.objects.clear();
  event.actor = "dr.sato";
  log_.open()->append(event);
  const std::string message = last_message();
  EXPECT_TRUE(contains(message, R"(<ActiveParticipant UserID="dr.sato" UserIsRequestor="true")"));
  EXPECT_TRUE(contains(message,
                       R"(ParticipantObjectID="a1b2c3d4e5f60718293a4b5c6d7e8f90" )"
                       R"(ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="11")"))
      << message;
  const std::string hashed = last_message(Identifiers::hashed);
  EXPECT_FALSE(contains(hashed, "a1b2c3d4"));
  EXPECT_TRUE(contains(hashed, "csd-code=\"recipient-hash\""));
}

TEST_F(Exporting, NamesWhoOfTheStaffWasRefused) {
  Event event;
  event.code = EventCode::denial;
  event.outcome = Outcome::minor_failure;
  event.authentication = "staff";
  event.actor = "dr.sato";
  event.source = "10.1.0.7";
  event.detail = "missing_role";
  log_.open()->append(event);
  const std::string message = last_message();
  EXPECT_TRUE(contains(message, R"(<ActiveParticipant UserID="dr.sato" UserIsRequestor="true" )"
                                R"(NetworkAccessPointID="10.1.0.7")"))
      << message;
}

TEST_F(Exporting, TiesEveryMessageToItsLeaf) {
  const Receipt receipt = log_.open()->append(a_transfer());
  EXPECT_TRUE(contains(last_message(), detail("leaf", core::to_hex(receipt.leaf_hash()))));
  EXPECT_TRUE(contains(last_message(), R"(ParticipantObjectID="audit.test.example/log#1")"));
}

TEST_F(Exporting, TellsOfAnOutcomeWhatItsIntentSaid) {
  {
    const auto log = log_.open();
    Event event = a_transfer("P1001", "1.2.3");
    for (int i = 0; i < 200; ++i) {
      event.objects.push_back({"P1002", "2.2", "2.2.1", "2.2.1." + std::to_string(i)});
    }
    log->append_later(test::an_outcome(log->append(event).seq()));
    log->flush();
  }
  const std::string message = last_message();
  EXPECT_TRUE(contains(message, R"(<EventID csd-code="110104")"));
  EXPECT_TRUE(contains(message, R"(UserName="山田クリニック")"));
  EXPECT_TRUE(contains(message, R"(NetworkAccessPointID="10.20.0.17")"));
  for (const char* id : {"P1001", "P1002", "1.2.3", "2.2"}) {
    EXPECT_EQ(count(message, "ParticipantObjectID=\"" + std::string(id) + '"'), 1U) << id;
  }
  EXPECT_FALSE(contains(message, "<Instance"));
}

/// A transfer, or metadata, of a study of which `count` instances could not be read.
Event an_incomplete(EventCode code, int count) {
  Event event = a_transfer("P1001", "1.2.3");
  event.code = code;
  event.facts = {{"missing", std::to_string(count)}};
  event.objects = {{"P1001", "1.2.3", "", ""}};
  for (int i = 0; i < count; ++i) {
    event.objects.push_back({"P1001", "1.2.3", "1.2.3.1", "1.2.3.1." + std::to_string(i)});
  }
  return event;
}

TEST_F(Exporting, SaysWhichInstancesAnAnswerLackedAndNotThatTheyLeft) {
  {
    const auto log = log_.open();
    Event end = test::an_outcome(log->append(an_incomplete(EventCode::transfer_begin, 200)).seq());
    end.outcome = Outcome::minor_failure;
    end.detail = "incomplete";
    end.facts = {{"missing", "200"}};
    log->append(end);
  }
  std::size_t named = 0;
  const auto all = messages(Identifiers::opened);
  ASSERT_GT(all.size(), 3U) << "so many take more than one entry";
  for (const std::string& message : all) {
    EXPECT_FALSE(contains(message, "<Instance"));
    named += count(message, "type=\"NotSentSOPInstanceUID\"");
  }
  EXPECT_EQ(named, 200U);
  EXPECT_TRUE(contains(all[1], detail("NotSentSOPInstanceUID", "1.2.3.1.0")));
  EXPECT_TRUE(contains(last_message(), R"(EventOutcomeIndicator="4")"));
  EXPECT_TRUE(
      contains(last_message(), "<EventOutcomeDescription>incomplete</EventOutcomeDescription>"));
  EXPECT_TRUE(contains(last_message(), detail("fact.missing", "200")));
}

TEST_F(Exporting, NamesWhoItWasInTheMessageOfEveryPart) {
  Event event = a_transfer();
  event.code = EventCode::query;
  event.objects.clear();
  for (int i = 0; i < 60; ++i) {
    event.objects.push_back({"P" + std::to_string(i), "1.2." + std::to_string(i), "", ""});
  }
  log_.open()->append(event);
  for (const auto identifiers : {Identifiers::opened, Identifiers::hashed}) {
    auto all = messages(identifiers);
    all.erase(all.begin());  // what opens the log
    ASSERT_GT(all.size(), 2U);
    for (const std::string& message : all) {
      EXPECT_FALSE(contains(message, "unknown")) << message;
      EXPECT_TRUE(contains(message, R"(NetworkAccessPointID="10.20.0.17")"));
      EXPECT_TRUE(contains(message, detail("share", event.share_id)));
      EXPECT_TRUE(contains(message, detail("request", "r-1")));
      EXPECT_EQ(contains(message, "山田クリニック"), identifiers == Identifiers::opened);
    }
  }
}

/// PS3.15 §A.5.3.10.
TEST_F(Exporting, CarriesTheQueryOfAQueryWhereIdentifiersAreTold) {
  Event event = a_transfer();
  event.code = EventCode::query;
  event.detail = "search";
  event.query = "/studies?PatientName=YAMADA%5EHANAKO&limit=10";
  log_.open()->append(event);
  const std::string query = "<ParticipantObjectQuery>";
  EXPECT_TRUE(contains(last_message(), query + core::to_base64(core::as_bytes(event.query))));
  const std::string hashed = last_message(Identifiers::hashed);
  EXPECT_FALSE(contains(hashed, core::to_base64(core::as_bytes(event.query)))) << hashed;
  log_.tamper("UPDATE audit_key SET wrapped = NULL WHERE kind = 1");
  EXPECT_FALSE(contains(last_message(), core::to_base64(core::as_bytes(event.query))));
  Schema schema;
  schema.add(last_message());
  schema.add(hashed);
  EXPECT_TRUE(schema.accepts_all());
}

TEST_F(Exporting, SaysThatMetadataWereIncomplete) {
  Event query = an_incomplete(EventCode::query, 1);
  query.detail = "metadata";
  query.outcome = Outcome::minor_failure;
  log_.open()->append(query);
  EXPECT_TRUE(
      contains(last_message(), "<EventOutcomeDescription>incomplete</EventOutcomeDescription>"));
  Schema schema;
  schema.add(last_message());
  EXPECT_TRUE(schema.accepts_all());
}

TEST_F(Exporting, KeepsEveryMessageBelow64Kilobytes) {
  {
    const auto log = log_.open();
    Event event = test::an_unpleasant_event(EventCode::transfer_begin);
    event.intended_use = event.user_agent = event.recipient_name = event.actor =
        std::string(256, '"');
    for (int i = 0; i < 500; ++i) {
      const std::string number = std::to_string(i);
      event.objects.push_back({"P" + number, "1." + number, "1.1." + number, "1.1.1." + number});
    }
    log->append_later(test::an_outcome(log->append(event).seq()));
    log->flush();
  }
  for (const auto identifiers : {Identifiers::opened, Identifiers::hashed}) {
    for (const std::string& message : messages(identifiers)) EXPECT_LT(message.size(), 60'000U);
    EXPECT_TRUE(contains(last_message(identifiers), "type=\"parts_left_out\""));
  }
}

TEST_F(Exporting, ShowsHashesAloneWhereItIsTold) {
  {
    const auto log = log_.open();
    Event event = a_transfer("P1001", "1.2.392.1");
    event.actor = "dr.sato";
    log->append_later(test::an_outcome(log->append(event).seq()));
    log->flush();
  }
  for (const std::string& message : messages(Identifiers::hashed)) {
    for (const char* secret : {"P1001", "1.2.392.1", "山田", "curl", "dr.sato", "a1b2c3d4e5f6"}) {
      EXPECT_FALSE(contains(message, secret)) << secret;
      EXPECT_FALSE(contains(message, core::to_base64(core::as_bytes(secret)))) << secret;
    }
  }
  const IndexKey index(read_secret_key(log_.place().index_key));
  const Subject patient = index.subject(SubjectKind::patient, "P1001");
  EXPECT_TRUE(contains(last_message(Identifiers::hashed),
                       "ParticipantObjectID=\"" + core::to_hex(patient.hash)));
  EXPECT_TRUE(contains(last_message(Identifiers::hashed), "csd-code=\"patient-hash\""));
}

TEST_F(Exporting, ShowsHashesOfWhomWasShredded) {
  log_.open()->append(a_transfer("P1001"));
  log_.tamper("UPDATE audit_key SET wrapped = NULL WHERE kind = 1");
  const std::string message = last_message();
  EXPECT_FALSE(contains(message, "P1001"));
  EXPECT_TRUE(contains(message, "csd-code=\"patient-hash\""));
  EXPECT_TRUE(contains(message, R"(UserName="山田クリニック")"));
}

TEST(Xml, CarriesWhatXmlCannot) {
  std::string out;
  append_xml(out, "a<b>&\"'\t\r\n\x01\x7F\xFF\xED\xA0\x80\xEF\xBF\xBE山\xF0\x9F\x98\x80");
  EXPECT_EQ(out,
            "a&lt;b&gt;&amp;&quot;&#39;&#9;&#13;&#10;\uFFFD\x7F\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"
            "山😀");
}

TEST(Xml, NestsElements) {
  std::string out;
  {
    XmlElement root(out, "a");
    root.attribute("x", "1");
    root.child("b");
    root.child("c").text("t");
  }
  EXPECT_EQ(out, R"(<a x="1"><b/><c>t</c></a>)");
}

}  // namespace
}  // namespace sekisho::audit
