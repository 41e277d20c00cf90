// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/fhir_audit_event.h"

#include <gtest/gtest.h>

#include "core/encoding.h"
#include "unit/audit/an_event.h"

namespace sekisho::audit {
namespace {

class Fhir : public ::testing::Test {
 protected:
  std::string of(const Event& event) const {
    log_.open()->append(event);
    ExportReader reader(log_.place(), Identifiers::opened);
    const auto records = reader.records(1, 2, 1);
    return to_fhir_json(make_message(records.at(0), {test::kOrigin, "Kyoto"}));
  }

  test::ALog log_;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(Fhir, TellsOfADisclosureInTheShapesOfBalp) {
  const std::string json = of(test::a_transfer("P1001", "1.2.3"));
  EXPECT_TRUE(json.starts_with(
      R"({"resourceType":"AuditEvent","type":{"system":"http://dicom.nema.org/resources/ontology/DCM",)"
      R"("code":"110102","display":"Begin Transferring DICOM Instances"},"subtype":[{"system":)"
      R"("http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle","code":"disclose"}],)"
      R"("action":"E","recorded":"2026-01-31T12:00:00.000000Z","outcome":"0",)"
      R"("purposeOfEvent":[{"text":"TREAT"}],"agent":[)"))
      << json;
  EXPECT_TRUE(contains(
      json, R"("code":"110152","display":"Destination Role ID"}]},"who":{"identifier":{"value":)"
            R"("a1b2c3d4e5f60718293a4b5c6d7e8f90"},"display":"山田クリニック"},"requestor":true,)"
            R"("network":{"address":"10.20.0.17","type":"2"}})"))
      << json;
  EXPECT_TRUE(contains(json, R"("source":{"site":"Kyoto","observer":{"identifier":{"value":)"
                             R"("audit.test.example/log"},"display":"Sekisho"})"))
      << json;
  EXPECT_TRUE(contains(json, R"({"what":{"type":"Patient","identifier":{"type":{"text":)"
                             R"("Patient Number"},"value":"P1001"}})"))
      << json;
  EXPECT_TRUE(contains(json, R"({"what":{"type":"ImagingStudy","identifier":{"system":)"
                             R"("urn:dicom:uid","value":"urn:oid:1.2.3"}})"))
      << json;
  EXPECT_TRUE(contains(json, R"({"type":"SOPInstanceUID","valueString":"1.2.3.1.1"})"));
  EXPECT_TRUE(contains(json,
                       R"({"what":{"identifier":{"value":"r-1"}},"type":{"system":)"
                       R"("https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType",)"
                       R"("code":"XrequestId"}})"))
      << json;
}

TEST_F(Fhir, GivesAQueryAndNoNameForASearch) {
  Event event = test::a_transfer();
  event.code = EventCode::query;
  event.detail = "search";
  event.query = "/studies?PatientID=1";
  EXPECT_TRUE(contains(of(event), R"("code":"24"},"query":")" +
                                      core::to_base64(core::as_bytes(event.query)) + "\"}"));
}

TEST_F(Fhir, HasNoControlCharacterInAnyString) {
  const std::string json = of(test::an_unpleasant_event(EventCode::share_create));
  EXPECT_FALSE(contains(json, "\\u00"));
  EXPECT_TRUE(contains(json, "P<1>&\\\"'\uFFFD\uFFFD"));
}

}  // namespace
}  // namespace sekisho::audit
