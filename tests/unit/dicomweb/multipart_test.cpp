// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/multipart.h"

#include <gtest/gtest.h>

#include "support/file_on_disk.h"

namespace sekisho::dicomweb::tests {
namespace {

core::StoredFile body(std::string_view text) {
  const core::ByteView bytes = core::as_bytes(text);
  return core::StoredFile::in_memory(core::Bytes(bytes.begin(), bytes.end()));
}

/// The contents of the parts; `nullopt` where the body is refused.
std::optional<std::vector<std::string>> contents(std::string_view text,
                                                 std::string_view boundary = "frontier") {
  const auto read = read_multipart(body(text), boundary, 10);
  const auto* parts = std::get_if<std::vector<Part>>(&read);
  if (parts == nullptr) return std::nullopt;
  std::vector<std::string> all;
  for (const Part& part : *parts) all.emplace_back(text.substr(part.offset, part.size));
  return all;
}

using Texts = std::vector<std::string>;

TEST(Multipart, GivesEachPart) {
  EXPECT_EQ(contents("--frontier\r\nContent-Type: application/dicom\r\n\r\none\r\n"
                     "--frontier\r\nContent-Type: application/dicom\r\n\r\ntwo\r\n--frontier--"),
            (Texts{"one", "two"}));
}

TEST(Multipart, LetsPartsHoldAnything) {
  EXPECT_EQ(contents("--frontier\r\n\r\n\r\n\r\n--frontie\r\n--frontier--\r\n"),
            (Texts{"\r\n\r\n--frontie"}));
  EXPECT_EQ(contents("--frontier\r\nX: y\r\n\r\n\r\n--frontier--"), (Texts{""}));
  EXPECT_EQ(contents("--frontier\r\nX: y\r\n\r\n--frontier--"), (Texts{""}));
}

TEST(Multipart, PassesOverPreambleEpilogueAndPadding) {
  EXPECT_EQ(contents("hello\r\n--frontier \t\r\n\r\none\r\n--frontier--\r\nbye"), (Texts{"one"}));
}

// RFC 2046 §5.1.1: the line end belongs to the delimiter. npm's dicomweb-client begins so.
TEST(Multipart, MayBeginWithTheLineEndOfItsFirstDelimiter) {
  EXPECT_EQ(contents("\r\n--frontier\r\n\r\none\r\n--frontier--"), (Texts{"one"}));
  EXPECT_EQ(contents("\r\n--frontier\r\nX: y\r\n\r\n\r\n--frontier--"), (Texts{""}));
  EXPECT_EQ(contents("\r\n\r\n--frontier\r\n\r\none\r\n--frontier\r\n\r\ntwo\r\n--frontier--"),
            (Texts{"one", "two"}));
  EXPECT_EQ(contents("\r\n--frontier--"), std::nullopt);
  EXPECT_EQ(contents("\r\n--frontierx\r\n\r\none\r\n--frontierx--"), std::nullopt);
}

TEST(Multipart, RefusesWhatIsNotThereToItsEnd) {
  for (const char* text :
       {"", "--frontier", "--frontier--", "--frontier\r\n\r\none",
        "--frontier\r\n\r\none\r\n--frontier", "--frontier\r\n\r\none\r\n--frontierx--",
        "--other\r\n\r\none\r\n--other--", "--frontier\r\nno colon\r\n\r\none\r\n--frontier--",
        "--frontier\r\nX: y\r\n--frontier--"}) {
    EXPECT_EQ(contents(text), std::nullopt) << text;
  }
  EXPECT_EQ(contents("--\r\n\r\none\r\n----", ""), std::nullopt);
}

TEST(Multipart, FindsADelimiterAcrossPieces) {
  for (std::size_t size : {(1U << 20) - 30, (1U << 20) - 12, (1U << 20) - 1, (3U << 20) + 5}) {
    const std::string large(size, 'x');
    EXPECT_EQ(contents("--frontier\r\n\r\n" + large + "\r\n--frontier\r\n\r\ntwo\r\n--frontier--"),
              (Texts{large, "two"}));
  }
}

TEST(Multipart, TellsTypesAndEncodings) {
  const auto read = read_multipart(
      body("--f\r\ncontent-TYPE:  application/dicom; transfer-syntax=1.2 \r\n\r\none\r\n"
           "--f\r\nContent-Transfer-Encoding: base64\r\n\r\ntwo\r\n"
           "--f\r\nContent-Transfer-Encoding: Binary\r\n\r\nthree\r\n--f--"),
      "f", 3);
  const auto* parts = std::get_if<std::vector<Part>>(&read);
  ASSERT_NE(parts, nullptr);
  EXPECT_EQ(parts->at(0).content_type, "application/dicom; transfer-syntax=1.2");
  EXPECT_FALSE(parts->at(0).is_encoded);
  EXPECT_TRUE(parts->at(1).is_encoded);
  EXPECT_FALSE(parts->at(2).is_encoded);
}

TEST(Multipart, EndsWithTheFirstPartThatIsTooMany) {
  const std::string one = "--f\r\n\r\none\r\n";
  EXPECT_EQ(std::get<MultipartProblem>(read_multipart(body(one + one + one + "--f--"), "f", 2)),
            MultipartProblem::too_many_parts);
  EXPECT_EQ(std::get<std::vector<Part>>(read_multipart(body(one + one + "--f--"), "f", 2)).size(),
            2U);
}

TEST(Multipart, FindsSmallPartsOfAFileOnDisk) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "--f\r\n\r\n" + std::string(2000, 'x') + "\r\n";
  text += "--f--";
  const auto file = sekisho::tests::file_on_disk(core::as_bytes(text));
  const auto parts = std::get<std::vector<Part>>(read_multipart(file, "f", 1000));
  ASSERT_EQ(parts.size(), 1000U);
  for (const Part& part : parts) EXPECT_EQ(part.size, 2000U);
}

TEST(MediaType, HasParametersInAnySpelling) {
  const auto type =
      parse_media_type(R"(Multipart/Related; type="application/dicom" ;BOUNDARY=a\b; start=x)");
  ASSERT_TRUE(type);
  EXPECT_EQ(type->name, "multipart/related");
  EXPECT_EQ(type->parameter("type"), "application/dicom");
  EXPECT_EQ(type->parameter("boundary"), "a\\b");
  EXPECT_EQ(type->parameter("charset"), "");
  EXPECT_EQ(parse_media_type(R"(a/b; x="q\"uote")")->parameter("x"), "q\"uote");
  EXPECT_TRUE(parse_media_type("a/b;"));
}

TEST(MediaType, IsNoneWhereItCouldBeReadInTwoWays) {
  for (const char* text : {"", "multipart", "a/b; x", "a/b; x=1; x=2", "a/b x=1", "a/b; x=\"open",
                           "a b/c", "a/b; =1"}) {
    EXPECT_FALSE(parse_media_type(text)) << text;
  }
  EXPECT_FALSE(parse_media_type(R"(a/b; x=""; x=1)")) << "an empty one stands there too";
}

TEST(Multipart, IsNotReadToItsEndForWhoeverHasGone) {
  std::string parts;
  for (int i = 0; i < 10; ++i) parts += "--frontier\r\n\r\nsome bytes\r\n";
  int asked = 0;
  const core::Demand demand(std::stop_token(), [&] { return ++asked < 3; });
  EXPECT_THROW(read_multipart(body(parts + "--frontier--"), "frontier", 10, demand),
               core::DemandOver);
  EXPECT_EQ(asked, 3);
}

}  // namespace
}  // namespace sekisho::dicomweb::tests
