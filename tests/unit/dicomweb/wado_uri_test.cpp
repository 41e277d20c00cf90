// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/wado_uri.h"

#include <gmock/gmock.h>

#include "http/target.h"

namespace sekisho::dicomweb {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

/// As the door makes one of the target's query.
Request a_request(const std::string& query) {
  Request request;
  request.path = {"wado"};
  request.query = http::parse_target("/wado?" + query)->query;
  request.accept = "*/*";
  return request;
}

const std::string kObject = "requestType=WADO&studyUID=1.2&seriesUID=1.3&objectUID=1.4";

TEST(WadoUri, AFileIsAskedForAsOne) {  // PS3.18 §9.4
  const auto asked = as_wado_rs(a_request(kObject + "&contentType=application/dicom"));
  ASSERT_TRUE(asked);
  EXPECT_THAT(asked->path, ElementsAre("studies", "1.2", "series", "1.3", "instances", "1.4"));
  EXPECT_EQ(asked->accept, "application/dicom");
  EXPECT_TRUE(asked->query.empty());
}

TEST(WadoUri, AFileMayBeAskedForInATransferSyntax) {  // PS3.18 §9.4.1.2.2
  const auto asked = as_wado_rs(a_request(
      kObject + "&contentType=application%2Fdicom&transferSyntax=1.2.840.10008.1.2.4.70"));
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->accept, "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.70");
}

TEST(WadoUri, WhatNamesNoTypeIsAPictureOfTheBrowsersChoice) {
  const auto asked = as_wado_rs(a_request(kObject));
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->path.back(), "rendered");
  EXPECT_EQ(asked->accept, "*/*");
}

TEST(WadoUri, APictureIsAskedForByTheNamesOfWadoRs) {  // PS3.18 §9.5.1
  const auto asked =
      as_wado_rs(a_request(
          kObject + "&contentType=image/png,image/jpeg&frameNumber=3&rows=200&columns=300"
                    "&windowCenter=-40.5&windowWidth=400&imageQuality=80&annotation=technique"));
  ASSERT_TRUE(asked);
  EXPECT_THAT(asked->path, ElementsAre("studies", "1.2", "series", "1.3", "instances", "1.4",
                                       "frames", "3", "rendered"));
  EXPECT_EQ(asked->accept, "image/png,image/jpeg");
  EXPECT_THAT(asked->query,
              ElementsAre(Pair("viewport", "300,200"), Pair("window", "-40.5,400,linear"),
                          Pair("quality", "80"), Pair("annotation", "technique")));
}

TEST(WadoUri, OneSideMayBeBoundedAlone) {  // PS3.18 §9.5.1.2.1
  const auto asked = as_wado_rs(a_request(kObject + "&rows=200"));
  ASSERT_TRUE(asked);
  EXPECT_THAT(asked->query, ElementsAre(Pair("viewport", "16384,200")));
}

TEST(WadoUri, AnImageIsSeenByAPresentationState) {  // PS3.18 §9.5.1
  const auto asked =
      as_wado_rs(a_request(kObject + "&presentationSeriesUID=1.5&presentationUID=1.6&rows=9"));
  ASSERT_TRUE(asked && asked->presentation);
  EXPECT_THAT(asked->path,
              ElementsAre("studies", "1.2", "series", "1.3", "instances", "1.4", "rendered"));
  EXPECT_EQ(asked->presentation->series.text(), "1.5");
  EXPECT_EQ(asked->presentation->instance.text(), "1.6");
  EXPECT_FALSE(as_wado_rs(a_request(kObject))->presentation);
}

TEST(WadoUri, WhatIsUnknownIsIgnored) {
  EXPECT_TRUE(as_wado_rs(a_request(kObject + "&colour=blue&charset=UTF-8")));
}

TEST(WadoUri, WhatCannotBeReadIsRefused) {
  const char* queries[] = {
      "studyUID=1.2&seriesUID=1.3&objectUID=1.4",
      "requestType=wado&studyUID=1.2&seriesUID=1.3&objectUID=1.4",
      "requestType=WADO&studyUID=1.2&seriesUID=1.3",
      "requestType=WADO&studyUID=1.2&seriesUID=1.3&objectUID=",
      "requestType=WADO&studyUID=1.2&studyUID=1.9&seriesUID=1.3&objectUID=1.4",
  };
  for (const char* query : queries) EXPECT_FALSE(as_wado_rs(a_request(query))) << query;
  const char* more[] = {
      "&anonymize=yes",
      "&region=0,0,0.5,0.5",
      "&frameNumber=-1",
      "&frameNumber=1/2",
      "&frameNumber=",
      "&rows=9999999999",
      "&rows=1.5",
      "&windowCenter=40",
      "&presentationUID=1.6",
      "&presentationSeriesUID=1.5&presentationUID=",
      "&presentationSeriesUID=1.5&presentationUID=1.6&windowCenter=1&windowWidth=2",
      "&contentType=application/dicom&frameNumber=1"};
  for (const char* each : more) EXPECT_FALSE(as_wado_rs(a_request(kObject + each))) << each;
}

TEST(WadoUri, StandsUnderOnePathAlone) {
  Request request = a_request(kObject);
  EXPECT_TRUE(is_wado_uri(request));
  request.path = {"wado", "1"};
  EXPECT_FALSE(is_wado_uri(request));
  request.path = {"wado"};
  request.verb = Verb::post;
  EXPECT_FALSE(is_wado_uri(request));
}

}  // namespace
}  // namespace sekisho::dicomweb
