// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/accept.h"

#include <gtest/gtest.h>

namespace sekisho::dicomweb {
namespace {

const std::vector<Media> kInstance = {Media::multipart_dicom, Media::single_dicom};
const std::vector<Media> kStudy = {Media::multipart_dicom};
const std::vector<Media> kMetadata = {Media::dicom_json};
using Syntaxes = std::vector<std::string>;

std::optional<Media> chosen(std::string_view accept, const std::vector<Media>& offered) {
  const auto choice = negotiate(accept, offered);
  return choice ? std::optional(choice->media) : std::nullopt;
}

TEST(Accept, AnythingIsMultipart) {
  for (const char* accept :
       {"", "*/*", "multipart/*", "multipart/related", "multipart/related; type=\"*/*\"",
        "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}) {
    EXPECT_EQ(chosen(accept, kInstance), Media::multipart_dicom) << accept;
    EXPECT_EQ(chosen(accept, kStudy), Media::multipart_dicom) << accept;
  }
}

TEST(Accept, EverySpellingOfMultipartDicomIsUnderstood) {
  for (const char* accept : {
           "multipart/related; type=\"application/dicom\"",
           "multipart/related; type=application/dicom",
           "multipart/related;type=\"application/dicom\";transfer-syntax=*",
           "multipart/related; type=\"application/dicom\"; transfer-syntax=\"*\"",
           "Multipart/Related; TYPE=Application/DICOM; boundary=x",
           "application/dicom+json, multipart/related; type=\"application/dicom\"",
           "image/jpeg, multipart/related; type=\"application/dicom\"; q=0.1",
           "multipart/related;type=\"application/*\"",
           " multipart/related ; type = application/dicom ",
       }) {
    const auto choice = negotiate(accept, kStudy);
    ASSERT_TRUE(choice) << accept;
    EXPECT_EQ(choice->media, Media::multipart_dicom) << accept;
    EXPECT_TRUE(choice->transfer_syntaxes.empty()) << accept;
  }
}

TEST(Accept, ASinglePartIsForOneInstanceAndOnlyOnDemand) {
  EXPECT_EQ(chosen("application/dicom", kInstance), Media::single_dicom);
  EXPECT_EQ(chosen("application/dicom; transfer-syntax=*", kInstance), Media::single_dicom);
  EXPECT_EQ(chosen("application/*", kInstance), Media::single_dicom);
  EXPECT_EQ(chosen("application/dicom, */*;q=0.5", kInstance), Media::single_dicom);
  EXPECT_EQ(chosen("application/dicom", kStudy), std::nullopt);
}

TEST(Accept, QualityThenPlaceInTheListDecide) {
  constexpr const char* kMultipart = "multipart/related; type=application/dicom";
  EXPECT_EQ(chosen(std::string("application/dicom;q=0.4, ") + kMultipart + ";q=0.6", kInstance),
            Media::multipart_dicom);
  EXPECT_EQ(chosen(std::string("application/dicom;q=0.6, ") + kMultipart + ";q=0.4", kInstance),
            Media::single_dicom);
  EXPECT_EQ(chosen(std::string("application/dicom, ") + kMultipart, kInstance),
            Media::single_dicom);
  EXPECT_EQ(chosen(std::string(kMultipart) + ", application/dicom", kInstance),
            Media::multipart_dicom);
}

TEST(Accept, AZeroOrBrokenQualityRefuses) {
  EXPECT_EQ(chosen("application/dicom;q=0, */*", kInstance), Media::multipart_dicom);
  EXPECT_EQ(chosen("multipart/related;type=application/dicom;q=0, */*", kStudy), std::nullopt);
  EXPECT_EQ(chosen("*/*;q=0", kStudy), std::nullopt);
  EXPECT_EQ(chosen("application/dicom+json;q=high", kMetadata), std::nullopt);
  EXPECT_EQ(chosen("application/dicom+json;q=nan", kMetadata), std::nullopt);
}

TEST(Accept, NamedTransferSyntaxesAddUp) {
  const auto choice = negotiate(
      "multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.1, "
      "multipart/related; type=\"application/dicom\"; transfer-syntax=\"1.2.840.10008.1.2.4.70\"; "
      "q=0.5",
      kStudy);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->transfer_syntaxes, (Syntaxes{"1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.70"}));
}

TEST(Accept, AStarAmongTransferSyntaxesMeansAsStored) {
  const auto choice = negotiate(
      "multipart/related; type=application/dicom; transfer-syntax=1.2.840.10008.1.2.1, "
      "multipart/related; type=application/dicom; transfer-syntax=*; q=0.1",
      kStudy);
  ASSERT_TRUE(choice);
  EXPECT_TRUE(choice->transfer_syntaxes.empty());
}

TEST(Accept, JsonGoesByBothItsNames) {
  for (const char* accept : {"", "*/*", "application/*", "application/dicom+json",
                             "application/json", "text/html, application/dicom+json;q=0.1",
                             "application/dicom+json, multipart/related; type=image/jpeg"}) {
    EXPECT_EQ(chosen(accept, kMetadata), Media::dicom_json) << accept;
  }
}

TEST(Accept, WhatCannotBeGivenIsNotChosen) {
  for (const char* accept : {"text/html", "application/dicom+xml", "image/jpeg",
                             "multipart/related; type=\"application/dicom+xml\"", "garbage", "/",
                             "multipart/related; type=\"", ";;;"}) {
    EXPECT_EQ(chosen(accept, kMetadata), std::nullopt) << accept;
    EXPECT_EQ(chosen(accept, kInstance), std::nullopt) << accept;
  }
}

TEST(Accept, TheQueryParameterStandsInForTheHeader) {
  Request request;
  request.accept = "text/html";
  EXPECT_EQ(acceptable(request), "text/html");
  request.query = {{"accept", "application/dicom"}, {"limit", "1"}, {"accept", "*/*"}};
  EXPECT_EQ(acceptable(request), "application/dicom, */*");
}

}  // namespace
}  // namespace sekisho::dicomweb
