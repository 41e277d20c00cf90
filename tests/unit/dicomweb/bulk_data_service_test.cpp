// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "dicomweb/value_path.h"
#include "recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kOne = "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1";
constexpr const char* kRoot = "https://share.hospital.example/dicom-web";
constexpr const char* kBytes = "application/octet-stream";
constexpr std::size_t kLong = 70'000;
constexpr std::string_view kBigEndian = core::dicom::kExplicitVrBigEndian;
constexpr std::string_view kImplicit = core::dicom::kImplicitVrLittleEndian;

std::optional<ValuePath> path_of(const std::vector<std::string>& segments) {
  return parse_value_path(segments);
}

TEST(ValuePath, IsATagBelowItemsOfSequences) {
  const auto nested = path_of({"54000100", "2", "54001010"});
  ASSERT_TRUE(nested);
  EXPECT_EQ(nested->tag, Tag(0x5400, 0x1010));
  EXPECT_EQ(nested->items, (std::vector<ValuePath::Item>{{Tag(0x5400, 0x0100), 2}}));
  EXPECT_EQ(nested->text(), "54000100/2/54001010");
  EXPECT_EQ(path_of({"7fe00010"})->text(), "7FE00010");
  for (const std::vector<std::string>& segments : std::vector<std::vector<std::string>>{
           {},
           {""},
           {"7FE0001"},
           {"7FE000100"},
           {"7FE0,010"},
           {"PixelData"},
           {"54000100", "2"},
           {"54000100", "0", "54001010"},
           {"54000100", "-1", "54001010"},
           {"54000100", "4294967296", "54001010"},
           {"54000100", "x", "54001010"},
           {"54000100", "", "54001010"},
       }) {
    EXPECT_FALSE(path_of(segments));
  }
}

class BulkData : public ::testing::Test, public RecipientDesk {
 protected:
  static core::InstanceKey key() { return instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"); }
  static DatasetBuilder head(std::string_view syntax = core::dicom::kExplicitVrLittleEndian) {
    DatasetBuilder builder(syntax);
    return builder.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 100")
        .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, key().instance.text())
        .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
        .text(Tag{0x0010, 0x0020}, Vr::LO, "P1")
        .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2.3")
        .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1");
  }
  void put_file(const DatasetBuilder& builder) {
    archive().put(key(), builder.part10(kCtImage, key().instance.text()));
  }
  sharing::Share to_look_at(std::string profile_json) {
    return share(std::move(profile_json), sharing::StudyScope{{study_key("P1", "1.2.3")}},
                 {.view = true, .download = false});
  }
  Json::Value metadata(const sharing::Share& of) {
    return rows(of, std::string(kOne) + "/metadata")[0];
  }
  /// What stands behind a URI of the metadata, as a single part.
  std::string fetched(const sharing::Share& of, const Json::Value& attribute) {
    const std::string uri = attribute["BulkDataURI"].asString();
    EXPECT_TRUE(uri.starts_with(kRoot)) << uri;
    auto reply = get(of, uri.substr(std::string_view(kRoot).size()), kBytes);
    EXPECT_EQ(reply.status(), 200) << uri;
    std::string body = text_of(reply);
    EXPECT_EQ(reply.size_bytes(), body.size());
    return body;
  }
};

Bytes counted(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<Byte>(i * 7);
  return bytes;
}
std::string text_of_bytes(const Bytes& bytes) { return std::string(core::as_text(bytes)); }

TEST_F(BulkData, PixelsHaveAUriThatGivesThem) {
  const Bytes pixels = counted(96);
  put(key(), {.pixels = pixels});
  for (const auto& profile_json : {unmasked(), masked()}) {
    const auto of = share(profile_json);
    const auto row = rows(of, "/instances")[0];
    const std::string instance = "/studies/" + value(row, "0020000D").asString() + "/series/" +
                                 value(row, "0020000E").asString() + "/instances/" +
                                 value(row, "00080018").asString();
    const auto found = rows(of, instance + "/metadata")[0];
    EXPECT_EQ(found["7FE00010"]["BulkDataURI"].asString(), kRoot + instance + "/bulkdata/7FE00010");
    EXPECT_EQ(found["7FE00010"]["vr"].asString(), "OW");
    EXPECT_EQ(fetched(of, found["7FE00010"]), text_of_bytes(pixels));
  }
}

TEST_F(BulkData, IsForThoseWhoMayFetchAlone) {
  put(key(), {.pixels = counted(96)});
  const auto of = to_look_at(unmasked());
  auto reply = get(of, std::string(kOne) + "/metadata");
  EXPECT_EQ(reply.status(), 200);
  EXPECT_THAT(text_of(reply), Not(HasSubstr("BulkDataURI")));
  EXPECT_EQ(get(of, std::string(kOne) + "/bulkdata/7FE00010").status(), 404);
  EXPECT_EQ(get(of, std::string(kOne) + "/bulkdata/00080016").status(), 404);
}

TEST_F(BulkData, ValuesOfAnyDepthAreTheirBytesInLittleEndian) {
  const Bytes wave = counted(kLong);
  for (const std::string_view syntax :
       {core::dicom::kExplicitVrLittleEndian, kImplicit, kBigEndian}) {
    auto builder = head(syntax);
    builder.begin_sequence(Tag{0x5400, 0x0100})
        .begin_item()
        .end_item()
        .begin_item()
        .bytes(Tag{0x5400, 0x1010}, Vr::OW, wave)
        .end_item()
        .end_sequence();
    put_file(builder);
    const auto of = share(unmasked());
    const auto item = metadata(of)["54000100"]["Value"][1];
    EXPECT_EQ(item["54001010"]["BulkDataURI"].asString(),
              std::string(kRoot) + kOne + "/bulkdata/54000100/2/54001010");
    Bytes expected = wave;
    if (syntax == kBigEndian) {
      for (std::size_t i = 0; i + 1 < expected.size(); i += 2)
        std::swap(expected[i], expected[i + 1]);
    }
    EXPECT_EQ(fetched(of, item["54001010"]), text_of_bytes(expected)) << syntax;
    const std::string uri = std::string(kOne) + "/bulkdata/54000100/";
    EXPECT_EQ(get(of, uri + "1/54001010").status(), 404);
    EXPECT_EQ(get(of, uri + "3/54001010").status(), 404);
    EXPECT_EQ(get(of, std::string(kOne) + "/bulkdata/54000100").status(), 404);
  }
}

// PS3.18 §F.2: text is UTF-8, and (0008,0005) says so; its bulk data too.
TEST_F(BulkData, LongTextIsUtf8) {
  auto builder = head();
  builder.text(Tag{0x0040, 0xA160}, Vr::UT, std::string(kLong, '\xFC'));
  put_file(builder);
  const auto of = share(unmasked());
  std::string expected;
  for (std::size_t i = 0; i < kLong; ++i) expected += "ü";
  EXPECT_EQ(fetched(of, metadata(of)["0040A160"]), expected);
}

// PS3.18 §F.2.2 has no bulk data of these: they are not lost.
TEST_F(BulkData, LongValuesOfOtherVrsStandInTheMetadata) {
  std::string names = "A";
  while (names.size() < kLong) names += "\\B";
  auto builder = head(kImplicit);
  builder.text(Tag{0x0032, 0x1060}, Vr::LO, names);
  put_file(builder);
  for (const auto& of : {share(unmasked()), to_look_at(unmasked())}) {
    EXPECT_EQ(metadata(of)["00321060"]["Value"].size(), names.size() / 2 + 1);
  }
}

TEST_F(BulkData, CompressedPixelsAreTheirFrames) {
  DatasetBuilder builder = head("1.2.840.10008.1.2.4.90");
  builder.text(Tag{0x0028, 0x0008}, Vr::IS, "2")
      .us(Tag{0x0028, 0x0010}, 4)
      .us(Tag{0x0028, 0x0011}, 4)
      .us(Tag{0x0028, 0x0100}, 8)
      .encapsulated(Tag{0x7FE0, 0x0010}, {Bytes(20, 'a'), Bytes(30, 'b')});
  put_file(builder);
  const auto of = share(unmasked());
  EXPECT_EQ(metadata(of)["7FE00010"]["BulkDataURI"].asString(),
            std::string(kRoot) + kOne + "/bulkdata/7FE00010");
  auto reply = get(of, std::string(kOne) + "/bulkdata/7FE00010", "*/*");
  EXPECT_EQ(reply.status(), 200);
  EXPECT_THAT(reply.content_type(), HasSubstr("multipart/related; type=\"image/jp2\""));
  const std::string body = text_of(reply);
  EXPECT_THAT(body, HasSubstr("\r\n\r\n" + std::string(20, 'a') + "\r\n--"));
  EXPECT_THAT(body, HasSubstr("\r\n\r\n" + std::string(30, 'b') + "\r\n--"));
}

TEST_F(BulkData, WhatIsNoValueIsNotFound) {
  put(key(), {.pixels = counted(96)});
  const auto of = share(masked());
  const auto row = rows(of, "/instances")[0];
  const std::string bulk = "/studies/" + value(row, "0020000D").asString() + "/series/" +
                           value(row, "0020000E").asString() + "/instances/" +
                           value(row, "00080018").asString() + "/bulkdata";
  for (const char* path : {"", "/", "/7FE00008", "/7FE0", "/00420011", "/54000100/1/54001010",
                           "/7FE00010/1/7FE00010"}) {
    EXPECT_EQ(get(of, bulk + path).status(), 404) << path;
  }
  auto name = get(of, bulk + "/00100010", kBytes);
  EXPECT_THAT(text_of(name), Not(HasSubstr("Yamada"))) << "values leave masked";
  EXPECT_EQ(get(of, bulk + "/7FE00010", "image/png").status(), 406);
}

}  // namespace
}  // namespace sekisho::dicomweb
