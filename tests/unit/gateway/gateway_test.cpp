// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/gateway.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "unit/gateway/hospital.h"

namespace sekisho::gateway {
namespace {

using std::chrono::milliseconds;
using tests::Answer;
using tests::Client;
using tests::Credential;
using tests::Ending;
using tests::Hospital;
using tests::make_credential;

constexpr std::string_view kInstance = "/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5";

std::string root_of(const sharing::Share& share) {
  return "/shares/" + share.id.text() + "/dicom-web";
}

TEST(Gateway, ServesWhatIsSharedUnderBothRoots) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  const auto token = hospital.token(clinic);
  const auto share = hospital.share(clinic).share;
  for (const std::string& root : {root_of(share), std::string("/dicom-web")}) {
    const Answer studies = hospital.get(root + "/studies", token);
    EXPECT_EQ(studies.status, 200);
    EXPECT_NE(studies.body.find("1.2.3"), std::string::npos);
    const Answer instance = hospital.get(root + std::string(kInstance), token);
    EXPECT_EQ(instance.status, 200);
    EXPECT_NE(instance.body.find("DICM"), std::string::npos);
  }
}

TEST(Gateway, TakesItsAddressFromTheConfigurationAndFromNoHeader) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  const auto share = hospital.share(clinic).share;
  const Answer studies =
      hospital.get(root_of(share) + "/studies", hospital.token(clinic),
                   "Forwarded: host=evil.example\r\nX-Forwarded-Host: evil.example\r\n");
  EXPECT_NE(studies.body.find(std::string(tests::kPublicUrl) + root_of(share)), std::string::npos);
  EXPECT_EQ(studies.body.find("evil.example"), std::string::npos);
  EXPECT_EQ(studies.body.find("gateway.test"), std::string::npos);
}

TEST(Gateway, KnowsAClinicByItsEnrolledCertificate) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  hospital.share(clinic);
  const Credential enrolled = make_credential({.common_name = "clinic", .alternative_names = ""});
  const Credential foreign = make_credential({.common_name = "clinic", .alternative_names = ""});
  hospital.enrol(clinic, enrolled);
  for (const auto& [credential, status] : {std::pair(&enrolled, 200), std::pair(&foreign, 404)}) {
    Client client(hospital.gateway().tls_port());
    ASSERT_TRUE(client.start_tls({.certificate = credential}));
    client.request("GET /dicom-web/studies HTTP/1.1");
    EXPECT_EQ(client.answer().status, status);
  }
}

TEST(Gateway, OpensOnlyItsOwnShareToALink) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  const auto first = hospital.share(clinic);
  const auto second = hospital.share(clinic);
  EXPECT_EQ(hospital.get(root_of(first.share) + "/studies", first.link).status, 200);
  EXPECT_EQ(hospital.get(root_of(second.share) + "/studies", first.link).status, 404);
  const Answer all = hospital.get("/dicom-web/studies", first.link);
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(all.body.find(second.share.id.text()), std::string::npos);
}

TEST(Gateway, AnswersWhateverItRefusesWithOneAndTheSame404) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  const auto other = hospital.clinic();
  const auto outside = hospital.clinic("10.99.0.0/16");
  const auto token = hospital.token(clinic);
  const auto share = hospital.share(clinic).share;
  const auto revoked = hospital.share(clinic).share;
  hospital.revoke(revoked);
  const std::string nobody(32, '0');

  const Answer reference = hospital.get(root_of(share) + "/studies");
  EXPECT_EQ(reference.status, 404);
  const struct {
    std::string_view what;
    std::string target;
    std::string bearer;
  } refusals[] = {
      {"no credential", "/dicom-web/studies", ""},
      {"a wrong token", root_of(share) + "/studies", "skt_" + std::string(43, 'A')},
      {"rubbish", root_of(share) + "/studies", "rubbish"},
      {"a wrong network", root_of(hospital.share(outside).share) + "/studies",
       hospital.token(outside)},
      {"an unknown share", "/shares/" + nobody + "/dicom-web/studies", token},
      {"somebody else's share", root_of(share) + "/studies", hospital.token(other)},
      {"a revoked share", root_of(revoked) + "/studies", token},
      {"no share id", "/shares/abc/dicom-web/studies", token},
      {"an object outside", root_of(share) + "/studies/9.9.9", token},
      {"no route of DICOMweb", root_of(share) + "/secrets", token},
      {"no route", "/instances", token},
      {"no route and no credential", "/instances", ""},
      {"Orthanc's API", "/system", token},
      {"a climb", root_of(share) + "/../../../system", token},
      {"a bad escape", root_of(share) + "/%zz", token},
  };
  for (const auto& refusal : refusals) {
    Answer answer = hospital.get(refusal.target, refusal.bearer);
    EXPECT_EQ(answer.status, 404) << refusal.what;
    EXPECT_EQ(answer.body, reference.body) << refusal.what;
    for (const char* differs : {"sekisho-request", "date"}) {
      answer.headers[differs] = reference.headers.at(differs);
    }
    EXPECT_EQ(answer.headers, reference.headers) << refusal.what;
  }
}

TEST(Gateway, KnowsNoOtherMethod) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  hospital.share(clinic);
  Client client(hospital.gateway().plain_port());
  client.request("POST /dicom-web/studies HTTP/1.1",
                 Hospital::with_bearer(hospital.token(clinic)) + "Content-Length: 0\r\n");
  EXPECT_EQ(client.answer().status, 404);
}

TEST(Gateway, TakesNoCredentialFromTheQuery) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  const auto token = hospital.token(clinic);
  hospital.share(clinic);
  EXPECT_EQ(hospital.get("/dicom-web/studies?token=" + token).status, 404);
  EXPECT_EQ(hospital.get("/dicom-web/studies?access_token=" + token).status, 404);
}

TEST(Gateway, PutsEveryRefusalOnRecordWithItsReason) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  const auto other = hospital.clinic();
  const auto share = hospital.share(clinic).share;
  const std::string target = root_of(share) + "/studies";
  const Answer unknown = hospital.get(target);
  hospital.get(target, hospital.token(other));
  hospital.get("/shares/" + std::string(32, '0') + "/dicom-web/studies", hospital.token(clinic));

  const auto denials = hospital.entries("denial");
  ASSERT_EQ(denials.size(), 3u);
  EXPECT_EQ(denials[0]["detail"].asString(), "unknown_credential");
  EXPECT_EQ(denials[0]["authentication"].asString(), "none");
  EXPECT_EQ(denials[0]["share"].asString(), share.id.text());
  EXPECT_EQ(denials[0]["source"].asString(), "127.0.0.1");
  EXPECT_EQ(denials[0]["request"].asString(), unknown.headers.at("sekisho-request"));
  EXPECT_EQ(denials[1]["detail"].asString(), "foreign_share");
  EXPECT_EQ(denials[1]["authentication"].asString(), "token");
  EXPECT_EQ(denials[2]["detail"].asString(), "unknown_share");
}

TEST(Gateway, RecordsAFloodOfRefusalsInOneEntry) {
  Hospital hospital;
  for (int i = 0; i < 30; ++i) EXPECT_EQ(hospital.get("/dicom-web/studies").status, 404);
  EXPECT_EQ(hospital.entries("denial").size(), 20u);
  hospital.gateway().close(milliseconds(0));
  const auto denials = hospital.entries("denial");
  ASSERT_EQ(denials.size(), 21u);
  EXPECT_EQ(denials.back()["detail"].asString(), "repeated");
  EXPECT_EQ(denials.back()["instances"].asString(), "10");
}

TEST(Gateway, ServesAndRefusesNothingWhenTheLogCannotBeWritten) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  const auto token = hospital.token(clinic);
  hospital.share(clinic);
  hospital.break_log();
  EXPECT_EQ(hospital.get("/dicom-web/studies", token).status, 503);
  EXPECT_EQ(hospital.get("/dicom-web/studies", "wrong").status, 503);
  EXPECT_EQ(hospital.get("/dicom-web" + std::string(kInstance), token).status, 503);
}

TEST(Gateway, CutsARunningDownloadWhenItsShareIsRevoked) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  const auto share = hospital.share(clinic, 64 << 20).share;
  Client client(hospital.gateway().plain_port(), Client::ReceiveBuffer::tiny);
  client.request("GET " + root_of(share) + std::string(kInstance) + " HTTP/1.1",
                 Hospital::with_bearer(hospital.token(clinic)));
  ASSERT_TRUE(client.read_some(1));
  hospital.revoke(share);
  EXPECT_EQ(client.read_to_end(), Ending::torn);
  EXPECT_LT(client.rest().size(), 64u << 20);
  hospital.gateway().close(milliseconds(0));
  hospital.end_viewings();
  const auto ends = hospital.entries("transfer.end");
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_NE(ends[0]["outcome"].asInt(), 0);
}

TEST(Gateway, AnswersHeadLikeGetAndRecordsThatNothingLeft) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  const auto token = hospital.token(clinic);
  const std::string target = root_of(hospital.share(clinic).share) + std::string(kInstance);
  Client client(hospital.gateway().plain_port());
  client.request("HEAD " + target + " HTTP/1.1", Hospital::with_bearer(token));
  Answer head = client.answer(Client::Expect::head_only);
  EXPECT_EQ(head.status, 200);
  hospital.end_viewings();
  client.request("GET " + target + " HTTP/1.1", Hospital::with_bearer(token));
  EXPECT_EQ(client.answer().status, 200);
  hospital.gateway().close(milliseconds(0));
  hospital.end_viewings();
  const auto ends = hospital.entries("transfer.end");
  ASSERT_EQ(ends.size(), 2u);
  EXPECT_EQ(ends[0]["bytes"].asString(), "0");
  EXPECT_NE(ends[1]["bytes"].asString(), "0");
}

TEST(Gateway, MayBeOpenedAgain) {
  Hospital hospital;
  EXPECT_TRUE(hospital.gateway().is_open());
  hospital.gateway().close(milliseconds(0));
  EXPECT_FALSE(hospital.gateway().is_open());
  EXPECT_EQ(hospital.gateway().plain_port(), 0);
  hospital.open();
  EXPECT_EQ(hospital.get("/").status, 404);
}

TEST(Gateway, NeverListensInClearForOthers) {
  Hospital hospital;
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1", "localhost", ""}) {
    Options options = hospital.options();
    options.plain->address = address;
    Gateway gateway(options, hospital.ports());
    EXPECT_THROW(gateway.open(), std::runtime_error) << address;
    EXPECT_FALSE(gateway.is_open());
  }
}

TEST(Gateway, StaysShutWithoutAGoodCertificate) {
  Hospital hospital;
  Options options = hospital.options();
  options.tls->certificate_chain.path = hospital.directory().path() / "absent.pem";
  Gateway gateway(options, hospital.ports());
  EXPECT_THROW(gateway.open(), std::runtime_error);
  EXPECT_FALSE(gateway.is_open());
}

TEST(Gateway, RemovesItsUnixSocketWhenItCloses) {
  Hospital hospital;
  Options options = hospital.options();
  options.plain->unix_socket.path = hospital.directory().path() / "door";
  Gateway gateway(options, hospital.ports());
  gateway.open();
  {
    Client client(options.plain->unix_socket.path);
    client.request("GET / HTTP/1.1");
    EXPECT_EQ(client.answer().status, 404);
  }
  gateway.close(milliseconds(0));
  EXPECT_FALSE(std::filesystem::exists(options.plain->unix_socket.path));
}

}  // namespace
}  // namespace sekisho::gateway
