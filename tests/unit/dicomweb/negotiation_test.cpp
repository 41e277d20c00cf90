// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/negotiation.h"

#include <gtest/gtest.h>

#include "dicomweb/request.h"

namespace sekisho::dicomweb {
namespace {

using Offers = std::vector<Offer>;
using Syntaxes = std::vector<std::string>;

const std::string kExplicit = "1.2.840.10008.1.2.1";
const std::string kJpeg = "1.2.840.10008.1.2.4.50";
const std::string kLossless = "1.2.840.10008.1.2.4.70";
const std::string kJpeg2000 = "1.2.840.10008.1.2.4.90";

const Offers kInstance = {{"application/dicom", Packing::multipart},
                          {"application/dicom", Packing::single}};
const Offers kStudy = {{"application/dicom", Packing::multipart},
                       {"application/zip", Packing::single}};
const Offers kMetadata = {{"application/dicom+json", Packing::single},
                          {"application/dicom+xml", Packing::multipart}};
const Offers kRendered = {{"image/jpeg", Packing::single},
                          {"image/png", Packing::single},
                          {"image/gif", Packing::single}};
/// One frame that is stored as JPEG lossless.
const Offers kFrame = {{"application/octet-stream", Packing::multipart, {kExplicit}},
                       {"image/jpeg", Packing::multipart, {kLossless}},
                       {"application/octet-stream", Packing::single, {kExplicit}},
                       {"image/jpeg", Packing::single, {kLossless}}};
/// What is stored as JPEG lossless, can be decoded and coded as JPEG 2000, and is decoded by
/// default.
const Offers kDecodable = {
    {"application/dicom", Packing::multipart, {kLossless, kExplicit, kJpeg2000}, kExplicit}};

/// "[type]" in parts, "type" alone, and the transfer syntax behind a blank; "406".
std::string chosen(std::string_view accept, const Offers& offers) {
  const auto choice = negotiate(accept, offers);
  if (!choice) return "406";
  std::string text(choice->offer.media_type);
  if (choice->offer.packing == Packing::multipart) text = "[" + text + "]";
  return choice->transfer_syntax.empty() ? text : text + " " + choice->transfer_syntax;
}

struct Row {
  const char* source;  ///< the clause, or who sends it
  const char* accept;
  std::string chosen;
};

void expect(const std::vector<Row>& rows, const Offers& offers) {
  for (const Row& row : rows) {
    EXPECT_EQ(chosen(row.accept, offers), row.chosen) << row.source << ": " << row.accept;
  }
}

TEST(Negotiation, OneInstanceIsInPartsUnlessAskedForByName) {
  const std::string parts = "[application/dicom]";
  const std::string single = "application/dicom";
  expect(
      {
          {"RFC 9110 §12.5.1: no field", "", parts},
          {"curl", "*/*", parts},
          {"RFC 9110 §12.5.1: a class of types", "multipart/*", parts},
          {"RFC 2387 §3.1: no type said", "multipart/related", parts},
          {"IDC's Python client", R"(multipart/related; type="*/*")", parts},
          {"a browser", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", parts},
          {"PS3.18 §8.7.3.7", R"(multipart/related; type="application/dicom")", parts},
          {"PS3.18 §8.7.3: unquoted", "multipart/related; type=application/dicom", parts},
          {"OHIF", R"(multipart/related; type=application/dicom; transfer-syntax=*)", parts},
          {"Weasis", R"(multipart/related;type="application/dicom";transfer-syntax="*")", parts},
          {"RFC 9110 §8.3.1: case", "Multipart/Related; TYPE=Application/DICOM; boundary=x", parts},
          {"dcm4che: a doubled list",
           R"(application/dicom+json, multipart/related; type="application/dicom")", parts},
          {"RFC 9110 §12.4.2", R"(image/jpeg, multipart/related; type="application/dicom"; q=0.1)",
           parts},
          {"RFC 9110 §5.6.3: blanks", "\t multipart/related ; type = application/dicom ", parts},
          {"a form's blanks", "multipart/related;+type=application/dicom", parts},
          {"RFC 9110 §5.6.1: empty elements", ", ,multipart/related; type=application/dicom,",
           parts},
          {"RFC 9110 §5.6.4: a quoted pair", R"(multipart/related; type="application\/dicom")",
           parts},
          {"parameters of the parts beside their type",
           R"(multipart/related; type="application/dicom; transfer-syntax=*")", parts},
          {"PS3.18 §8.7.3: single part", "application/dicom", single},
          {"Google's client", "application/dicom; transfer-syntax=*", single},
          {"RFC 9110 §12.5.1", "application/*", single},
          {"RFC 9110 §12.4.2", "application/dicom, */*;q=0.5", single},
          {"RFC 9110 §12.4.2: the better one",
           "application/dicom;q=0.4, multipart/related; type=application/dicom;q=0.6", parts},
          {"RFC 9110 §12.4.2: the better one",
           "application/dicom;q=0.6, multipart/related; type=application/dicom;q=0.4", single},
          {"equal: the first", "application/dicom, multipart/related; type=application/dicom",
           single},
          {"equal: the first", "multipart/related; type=application/dicom, application/dicom",
           parts},
          {"RFC 9110 §12.4.2: not acceptable", "application/dicom;q=0, */*", parts},
          {"RFC 9110 §12.4.2: not acceptable", "*/*;q=0", "406"},
          {"RFC 9110 §12.5.1: the nearer range decides",
           "multipart/related;type=application/dicom;q=0, */*", "406"},
      },
      kInstance);
}

TEST(Negotiation, AStudyIsInPartsOrAnArchiveByName) {
  expect(
      {
          {"RFC 9110 §12.5.1", "*/*", "[application/dicom]"},
          {"PS3.18 §10.4.1.1: no single part of many", "application/dicom", "406"},
          {"PS3.18 §8.7.3: archives", "application/zip", "application/zip"},
          {"RFC 9110 §12.4.2", "application/zip;q=0.2, multipart/related;type=application/dicom",
           "[application/dicom]"},
          {"a browser's download", "application/zip, */*;q=0.8", "application/zip"},
      },
      kStudy);
}

TEST(Negotiation, MetadataAreJsonUnlessXmlIsAskedFor) {
  const std::string json = "application/dicom+json";
  const std::string xml = "[application/dicom+xml]";
  expect(
      {
          {"RFC 9110 §12.5.1: no field", "", json},
          {"curl", "*/*", json},
          {"RFC 9110 §12.5.1", "application/*", json},
          {"PS3.18 §8.7.3", "application/dicom+json", json},
          {"PS3.18 §8.7.3: a charset", "application/dicom+json; charset=utf-8", json},
          {"older clients", "application/json", json},
          {"RFC 9110 §12.4.2", "text/html, application/dicom+json;q=0.1", json},
          {"a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", json},
          {"a doubled list", "application/dicom+json, multipart/related; type=image/jpeg", json},
          {"PS3.18 §8.7.3", R"(multipart/related; type="application/dicom+xml")", xml},
          {"dcm4che", "multipart/related;type=application/dicom+xml;q=0.9,application/json;q=0.8",
           xml},
          {"RFC 9110 §12.5.1: the nearer range decides", "application/dicom+json;q=0, */*", xml},
          {"RFC 9110 §15.5.7", "text/html", "406"},
          {"RFC 9110 §15.5.7", R"(multipart/related; type="application/dicom")", "406"},
          {"RFC 9110 §12.4.2: no number", "application/dicom+json;q=high", "406"},
          {"RFC 9110 §12.4.2: no number", "application/dicom+json;q=nan", "406"},
          {"RFC 9110 §12.4.2: no number", "application/dicom+json;q=inf", "406"},
          {"RFC 9110 §12.4.2: no number", "application/dicom+json;q=1e0", "406"},
      },
      kMetadata);
}

TEST(Negotiation, APictureIsWhatABrowserShows) {
  expect(
      {
          {"Chromium's img", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
           "image/jpeg"},
          {"Firefox's img", "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
           "image/png"},
          {"a browser's window",
           "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
           "image/jpeg"},
          {"PS3.18 §8.7.4", "image/gif", "image/gif"},
          {"RFC 9110 §15.5.7", "image/webp", "406"},
      },
      kRendered);
}

TEST(Negotiation, AFrameIsInTheTypeThatIsAskedFor) {
  const std::string octets = "application/octet-stream " + kExplicit;
  const std::string octet_parts = "[application/octet-stream] " + kExplicit;
  const std::string jpeg_parts = "[image/jpeg] " + kLossless;
  expect(
      {
          {"curl", "*/*", octet_parts},
          {"IDC's Python client", R"(multipart/related; type="*/*")", octet_parts},
          {"OHIF", "multipart/related; type=application/octet-stream; transfer-syntax=*",
           octet_parts},
          {"OHIF", "multipart/related; type=image/jpeg; transfer-syntax=*", jpeg_parts},
          {"PS3.18 §8.7.3.7: by name",
           "multipart/related; type=image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.70",
           jpeg_parts},
          {"PS3.18 §8.7.3.7: not that one",
           "multipart/related; type=image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50", "406"},
          {"dicomweb-client: several",
           R"(multipart/related; type="image/jp2"; transfer-syntax="1.2.840.10008.1.2.4.90", )"
           R"(multipart/related; type="image/jpeg"; transfer-syntax="1.2.840.10008.1.2.4.70"; )"
           R"(q=0.7, multipart/related; type="application/octet-stream"; q=0.5)",
           jpeg_parts},
          {"dcm4che", "application/octet-stream", octets},
          {"a browser's img", "image/avif,image/webp,image/*,*/*;q=0.8", "image/jpeg " + kLossless},
      },
      kFrame);
}

// PS3.18 §8.7.3.7, §8.7.8.2.
TEST(Negotiation, TheTransferSyntaxIsTheDefaultTheNamedOrTheStoredOne) {
  const std::string parts = "multipart/related; type=\"application/dicom\"";
  const auto syntax_for = [&](const std::string& accept) {
    const auto choice = negotiate(accept, kDecodable);
    return choice ? choice->transfer_syntax : "406";
  };
  const auto with = [&](const std::string& syntax, const std::string& quality = "1") {
    return parts + "; transfer-syntax=" + syntax + "; q=" + quality;
  };
  EXPECT_EQ(syntax_for(parts), kExplicit);
  EXPECT_EQ(syntax_for("*/*"), kExplicit);
  EXPECT_EQ(syntax_for(with("*")), kLossless);
  EXPECT_EQ(syntax_for(with(kJpeg2000)), kJpeg2000);
  EXPECT_EQ(syntax_for(with(kJpeg)), "406");
  EXPECT_EQ(syntax_for(with(kJpeg) + "," + with("*", "0.1")), kLossless);
  EXPECT_EQ(syntax_for(with(kJpeg) + "," + parts + ";q=0.1"), kExplicit);
  EXPECT_EQ(syntax_for(with(kJpeg2000, "0.4") + "," + with(kExplicit, "0.6")), kExplicit);
  EXPECT_EQ(syntax_for(with(kJpeg2000) + "," + with(kExplicit)), kJpeg2000);
  EXPECT_EQ(syntax_for(with(kJpeg2000) + "," + with(kLossless)), kLossless);
  EXPECT_EQ(syntax_for(with(kJpeg2000) + "," + with("*")), kLossless);
  EXPECT_EQ(syntax_for(with(kLossless, "0") + "," + with("*")), kExplicit);
  EXPECT_EQ(syntax_for(parts + "," + with("*", "0.5")), kExplicit);
}

// PS3.18 §8.7.8.2: each part has its own.
TEST(Negotiation, EachPartIsPickedByTheSameWishes) {
  const auto choice = negotiate(
      "multipart/related; type=application/dicom; transfer-syntax=1.2.840.10008.1.2.1, "
      "multipart/related; type=application/dicom; transfer-syntax=1.2.840.10008.1.2.4.70; q=0.5",
      kStudy);
  ASSERT_TRUE(choice);
  EXPECT_TRUE(choice->wishes.name_syntaxes());
  const auto pick = [&](const Syntaxes& givable) {
    const auto found = choice->wishes.pick(givable, kExplicit);
    return found ? found->transfer_syntax : "none";
  };
  EXPECT_EQ(pick({kLossless, kExplicit}), kExplicit);
  EXPECT_EQ(pick({kLossless}), kLossless);
  EXPECT_EQ(pick({kJpeg}), "none");
  EXPECT_EQ(pick({}), "none");
  EXPECT_FALSE(negotiate("*/*", kStudy)->wishes.name_syntaxes());
  EXPECT_FALSE(SyntaxWishes().pick({&kExplicit, 1}, kExplicit));
}

// Nothing is coded anew for a star, or for who says no more than what kind of image he takes.
TEST(Negotiation, WhatIsGivenByNameIsGivenToWhoNamesIt) {
  const Offers offers = {{"application/octet-stream", Packing::multipart, {kExplicit}, kExplicit},
                         {"image/jp2", Packing::multipart, {kJpeg2000}, {}, Offer::Given::by_name}};
  const std::string parts = R"(multipart/related; type="image/jp2")";
  const std::string any = R"(multipart/related; type="*/*")";
  const auto syntax_for = [&](const std::string& accept) {
    const auto choice = negotiate(accept, offers);
    return choice ? choice->transfer_syntax : "406";
  };
  EXPECT_EQ(syntax_for(parts), "406");
  EXPECT_EQ(syntax_for(parts + "; transfer-syntax=*"), "406");
  EXPECT_EQ(syntax_for(parts + "; transfer-syntax=" + kLossless), "406");
  EXPECT_EQ(syntax_for(parts + "; transfer-syntax=" + kJpeg2000), kJpeg2000);
  EXPECT_EQ(syntax_for(parts + "; transfer-syntax=" + kJpeg2000 + "; q=0"), "406");
  EXPECT_EQ(syntax_for("*/*"), kExplicit);
  EXPECT_EQ(syntax_for(any + "; transfer-syntax=*"), kExplicit);
  EXPECT_EQ(syntax_for(any + "; transfer-syntax=" + kJpeg2000), kJpeg2000);
  EXPECT_EQ(syntax_for(parts + "; transfer-syntax=" + kJpeg2000 + "; q=0.5, */*; q=0.1"),
            kJpeg2000);
}

TEST(Negotiation, WhatCannotBeReadIsNotAcceptable) {
  for (const char* accept :
       {"garbage", "/", "multipart/related; type=\"", ";;;", "\"", "\\", "*/*;q=", "*/*;q=-1",
        "multipart/related; type=\"\\\"", "application/dicom/x", "*/dicom"}) {
    for (const Offers& offers : {kInstance, kMetadata, kRendered, kFrame}) {
      EXPECT_EQ(chosen(accept, offers), "406") << accept;
    }
  }
  EXPECT_EQ(chosen("*/*", {}), "406");
}

// PS3.18 §8.3.3.1.
TEST(Negotiation, TheQueryParameterStandsInForTheHeader) {
  Request request;
  request.accept = "text/html";
  EXPECT_EQ(acceptable(request), "text/html");
  request.query = {{"accept", "application/dicom"}, {"limit", "1"}, {"accept", "*/*"}};
  EXPECT_EQ(acceptable(request), "application/dicom, */*");
}

// PS3.18 §8.7.8.2.
TEST(Acceptable, TakesTheTransferSyntaxOfTheQueryForTypesOfTheQueryThatNameNone) {
  Request request;
  request.accept = "multipart/related";
  request.query = {{"transfer-syntax", "1.2.840.10008.1.2.4.50"}};
  EXPECT_EQ(acceptable(request), "multipart/related") << "a header says itself what it wants";
  request.query.emplace_back("accept", "application/dicom");
  EXPECT_EQ(acceptable(request), "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50");
  request.query = {{"accept", "image/jpeg; transfer-syntax=*, application/dicom; q=0.5"},
                   {"transferSyntax", "1.2.3,1.2.4"}};
  EXPECT_EQ(acceptable(request),
            "image/jpeg; transfer-syntax=*, application/dicom; q=0.5; transfer-syntax=1.2.3, "
            "application/dicom; q=0.5; transfer-syntax=1.2.4");
  for (const char* odd : {"x", "1.2;q=0", "1.2\"", "implicit", "**"}) {
    request.query = {{"accept", "application/dicom"}, {"transfer-syntax", odd}};
    EXPECT_EQ(acceptable(request), "application/dicom; transfer-syntax=none") << odd;
  }
}

/// A request of 8,000 bytes must not become hundreds of megabytes.
TEST(Acceptable, DoesNotMultiplyLongListsWithEachOther) {
  Request request;
  const std::string list(3900, ',');
  request.query = {{"accept", list}, {"transfer-syntax", list}};
  EXPECT_LT(acceptable(request).size(), 10'000U);
}

}  // namespace
}  // namespace sekisho::dicomweb
