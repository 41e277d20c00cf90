// SPDX-License-Identifier: GPL-3.0-or-later
// Fetch Standard, "CORS protocol", at a door that is open.
#include "gateway/cross_origin.h"

#include <gtest/gtest.h>

#include "unit/gateway/hospital.h"

namespace sekisho::gateway {
namespace {

using tests::Answer;
using tests::Client;
using tests::Hospital;

constexpr std::string_view kViewer = "https://viewer.clinic.example";
constexpr std::string_view kAsked = "Access-Control-Request-Method: GET\r\n";

std::string from(std::string_view origin) { return "Origin: " + std::string(origin) + "\r\n"; }

/// A door beside the hospital's own that knows one viewer.
class OpenToViewer {
 public:
  OpenToViewer() : gateway_(options(), hospital_.ports()) { gateway_.open(); }

  Hospital& hospital() { return hospital_; }
  Answer ask(const std::string& line, const std::string& headers) {
    Client client(gateway_.plain_port());
    client.request(line + " HTTP/1.1", headers);
    return client.answer(line.starts_with("HEAD") ? Client::Expect::head_only
                                                  : Client::Expect::body);
  }

 private:
  Options options() const {
    Options options = hospital_.options();
    options.tls.reset();
    options.allowed_origins = {std::string(kViewer), "http://localhost:3000"};
    return options;
  }
  Hospital hospital_;
  Gateway gateway_;
};

std::string said(const Answer& answer, const std::string& name) {
  const auto found = answer.headers.find(name);
  return found == answer.headers.end() ? "" : found->second;
}

TEST(CrossOrigin, APreflightOfAKnownOriginHasOneAnswerWhateverThePathAndIsOnNoRecord) {
  OpenToViewer door;
  for (const char* path : {"/dicom-web/studies", "/nothing", "/shares/none/dicom-web/studies"}) {
    const Answer answer = door.ask(std::string("OPTIONS ") + path,
                                   from(kViewer) + std::string(kAsked) +
                                       "Access-Control-Request-Headers: authorization,range\r\n");
    EXPECT_EQ(answer.status, 204) << path;
    EXPECT_EQ(said(answer, "access-control-allow-origin"), kViewer);
    EXPECT_EQ(said(answer, "access-control-allow-methods"), "GET, HEAD, POST");
    for (const char* field : {"Authorization", "Accept", "Range", "If-None-Match"}) {
      EXPECT_NE(said(answer, "access-control-allow-headers").find(field), std::string::npos);
    }
    EXPECT_EQ(said(answer, "vary"), "Origin");
    EXPECT_EQ(said(answer, "access-control-allow-credentials"), "");
    EXPECT_EQ(said(answer, "access-control-allow-private-network"), "");
    EXPECT_TRUE(answer.body.empty());
  }
  EXPECT_TRUE(door.hospital().entries("denial").empty());
}

TEST(CrossOrigin, TheDoorInAVpnMayBeCalledFromAPublicPageThatIsAllowed) {
  OpenToViewer door;
  const Answer answer = door.ask(
      "OPTIONS /dicom-web/studies",
      from(kViewer) + std::string(kAsked) + "Access-Control-Request-Private-Network: true\r\n");
  EXPECT_EQ(said(answer, "access-control-allow-private-network"), "true");
}

TEST(CrossOrigin, OthersArePreflightedLikeStrangers) {
  OpenToViewer door;
  for (const char* origin :
       {"https://evil.example", "null", "https://viewer.clinic.example.evil.example",
        "https://viewer.clinic.example:8443", "http://viewer.clinic.example", "*",
        "https://viewer.clinic.example, https://evil.example"}) {
    const Answer answer =
        door.ask("OPTIONS /dicom-web/studies", from(origin) + std::string(kAsked));
    EXPECT_EQ(answer.status, 404) << origin;
    EXPECT_EQ(said(answer, "access-control-allow-origin"), "") << origin;
    EXPECT_EQ(said(answer, "access-control-allow-methods"), "") << origin;
    EXPECT_EQ(said(answer, "vary"), "Origin") << origin;
  }
}

TEST(CrossOrigin, AnAllowedPageReadsAnswersAndErrorsAndNobodyElseDoes) {
  OpenToViewer door;
  const auto clinic = door.hospital().clinic();
  door.hospital().share(clinic);
  const std::string token = Hospital::with_bearer(door.hospital().token(clinic));
  for (const char* line : {"GET /dicom-web/studies", "HEAD /dicom-web/studies", "GET /nothing",
                           "GET /dicom-web/studies?limit=x"}) {
    const Answer ours = door.ask(line, token + from(kViewer));
    EXPECT_EQ(said(ours, "access-control-allow-origin"), kViewer) << line;
    for (const char* field :
         {"Content-Range", "ETag", "Warning", "Sekisho-Proof", "Sekisho-Receipt"}) {
      EXPECT_NE(said(ours, "access-control-expose-headers").find(field), std::string::npos);
    }
    EXPECT_EQ(said(ours, "vary"), "Origin");
    const Answer theirs = door.ask(line, token + from("https://evil.example"));
    EXPECT_EQ(theirs.status, ours.status);
    EXPECT_EQ(said(theirs, "access-control-allow-origin"), "") << line;
    EXPECT_EQ(said(theirs, "vary"), "Origin");
    EXPECT_EQ(said(door.ask(line, token), "access-control-allow-origin"), "") << line;
  }
  EXPECT_EQ(said(door.ask("GET /dicom-web/studies", from(kViewer)), "access-control-allow-origin"),
            kViewer);
}

TEST(CrossOrigin, WhatIsSentIsRefusedReadably) {
  OpenToViewer door;
  const Answer answer =
      door.ask("POST /dicom-web/studies", from(kViewer) + "Content-Length: 3\r\n");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(said(answer, "access-control-allow-origin"), kViewer);
}

// What no handler has seen: the page learns a status, not that something went wrong somewhere.
TEST(CrossOrigin, WhatTheServerItselfRefusesIsReadableToo) {
  OpenToViewer door;
  const std::string long_line = "GET /dicom-web/studies?StudyInstanceUID=" + std::string(9000, '1');
  EXPECT_EQ(door.ask(long_line, from(kViewer)).status, 414);
  EXPECT_EQ(said(door.ask(long_line, from(kViewer)), "access-control-allow-origin"), kViewer);
  EXPECT_EQ(said(door.ask(long_line, from("https://evil.example")), "access-control-allow-origin"),
            "");
  const Answer twice = door.ask("GET /dicom-web/studies", from(kViewer) + "Host: other\r\n");
  EXPECT_EQ(twice.status, 400);
  EXPECT_EQ(said(twice, "access-control-allow-origin"), kViewer);
  const Answer two_origins =
      door.ask("GET /dicom-web/studies", from(kViewer) + from(kViewer) + "Host: other\r\n");
  EXPECT_EQ(said(two_origins, "access-control-allow-origin"), "");
}

TEST(CrossOrigin, WithoutConfigurationNothingIsSaidOfIt) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  const Answer answer = hospital.get("/dicom-web/studies", hospital.token(clinic), from(kViewer));
  EXPECT_EQ(said(answer, "access-control-allow-origin"), "");
  EXPECT_EQ(said(answer, "vary"), "");
}

// RFC 9110 §9.3.7.
TEST(Options, TellARecipientWhatAPathHas) {
  OpenToViewer door;
  const std::string token = Hospital::with_bearer(door.hospital().token(door.hospital().clinic()));
  EXPECT_EQ(said(door.ask("OPTIONS /dicom-web/studies", token), "allow"),
            "OPTIONS, GET, HEAD, POST");
  EXPECT_EQ(said(door.ask("OPTIONS /shares/x/dicom-web/series", token), "allow"),
            "OPTIONS, GET, HEAD");
  EXPECT_EQ(door.ask("OPTIONS /dicom-web/nothing", token).status, 404);
  EXPECT_EQ(door.ask("OPTIONS /dicom-web/studies", "").status, 404);
}

}  // namespace
}  // namespace sekisho::gateway
