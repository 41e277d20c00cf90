// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;
using ::testing::HasSubstr;

constexpr const char* kOne = "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1";
constexpr const char* kStudy = "/studies/1.2.3";
constexpr const char* kExplicit = "1.2.840.10008.1.2.1";
constexpr const char* kRle = "1.2.840.10008.1.2.5";
constexpr const char* kJpegLs = "1.2.840.10008.1.2.4.80";
constexpr const char* kNearLossless = "1.2.840.10008.1.2.4.81";
constexpr const char* kBaseline = "1.2.840.10008.1.2.4.50";

Bytes joined(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::string single(std::string_view syntax) {
  return "application/dicom; transfer-syntax=" + std::string(syntax);
}
std::string in_parts(std::string_view syntax, std::string_view type = "application/dicom") {
  return R"(multipart/related; type=")" + std::string(type) + R"("; transfer-syntax=)" +
         std::string(syntax);
}
bool is_in(std::string_view file, std::string_view syntax) {
  return file.substr(0, 400).find(syntax) != std::string_view::npos;
}

/// PS3.5 Annex G, of one literal run; damaged where there is none.
Bytes rle_stream(const Bytes& cells) {
  Bytes stream(64);
  stream[0] = 1;
  stream[4] = 64;
  if (cells.empty()) return stream;
  stream.push_back(static_cast<Byte>(cells.size() - 1));
  stream.insert(stream.end(), cells.begin(), cells.end());
  if (stream.size() % 2 != 0) stream.push_back(0);
  return stream;
}

class Transcoding : public ::testing::Test, public RecipientDesk {
 protected:
  static core::InstanceKey key(int number = 1) {
    return instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1." + std::to_string(number));
  }
  /// Of frames of 2 × 3 bytes.
  static DatasetBuilder header(std::string_view syntax, std::size_t frames, int number) {
    DatasetBuilder builder(syntax);
    builder.text(Tag{0x0008, 0x0008}, Vr::CS, R"(ORIGINAL\PRIMARY\AXIAL)")
        .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, key(number).instance.text())
        .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
        .text(Tag{0x0010, 0x0020}, Vr::LO, "P1")
        .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2.3")
        .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1")
        .us(Tag{0x0028, 0x0002}, 1)
        .text(Tag{0x0028, 0x0004}, Vr::CS, "MONOCHROME2")
        .text(Tag{0x0028, 0x0008}, Vr::IS, std::to_string(frames))
        .us(Tag{0x0028, 0x0010}, 2)
        .us(Tag{0x0028, 0x0011}, 3)
        .us(Tag{0x0028, 0x0100}, 8)
        .us(Tag{0x0028, 0x0101}, 8)
        .us(Tag{0x0028, 0x0102}, 7)
        .us(Tag{0x0028, 0x0103}, 0);
    return builder;
  }
  void put_native(const Bytes& cells, int number = 1) {
    archive().put(key(number), header(kExplicit, cells.size() / 6, number)
                                   .bytes(Tag{0x7FE0, 0x0010}, Vr::OB, cells)
                                   .part10(kCtImage, key(number).instance.text()));
  }
  void put_compressed(const std::vector<Bytes>& streams, std::string_view syntax = kRle,
                      int number = 1) {
    archive().put(key(number), header(syntax, streams.size(), number)
                                   .encapsulated(Tag{0x7FE0, 0x0010}, streams)
                                   .part10(kCtImage, key(number).instance.text()));
  }
  std::string given(const sharing::Share& of, const std::string& target,
                    const std::string& accept) {
    auto reply = get(of, target, accept);
    if (reply.status() != 200) return std::to_string(reply.status());
    std::string body = text_of(reply);
    if (reply.size_bytes()) {
      EXPECT_EQ(reply.size_bytes(), body.size());
    }
    return body;
  }
};

const Bytes kCells = {1, 2, 3, 4, 5, 6};
const Bytes kMoreCells = {9, 8, 7, 6, 5, 4};

TEST_F(Transcoding, InstancesAreEncodedForWhoNamesASyntaxWithoutLoss) {
  put_native(joined(kCells, kMoreCells));
  for (const auto& of : {share(unmasked()), share(masked())}) {
    const auto root = rows(of, "/instances")[0];
    const std::string one = "/studies/" + value(root, "0020000D").asString() + "/series/" +
                            value(root, "0020000E").asString() + "/instances/" +
                            value(root, "00080018").asString();
    auto reply = get(of, one, single(kRle));
    ASSERT_EQ(reply.status(), 200);
    EXPECT_EQ(reply.content_type(), single(kRle));
    const std::string file = text_of(reply);
    EXPECT_EQ(reply.size_bytes(), file.size());
    EXPECT_TRUE(is_in(file, kRle));
    EXPECT_THAT(file, HasSubstr(std::string("\x02\x01\x02\x03\x02\x04\x05\x06", 8)));
    EXPECT_THAT(given(of, one, in_parts(kJpegLs)), HasSubstr("\xFF\xF7"));
  }
}

TEST_F(Transcoding, OfALossySyntaxTheyAre406) {
  put_native(kCells);
  const auto of = share(unmasked());
  for (const char* target : {kOne, kStudy}) {
    for (const char* syntax : {kBaseline, kNearLossless}) {
      EXPECT_EQ(given(of, target, in_parts(syntax)), "406");
      EXPECT_EQ(last_entry()["detail"].asString(), "other_transfer_syntax");
    }
  }
}

// PS3.18 §8.7.3.4: who names no transfer syntax gets explicit VR little endian, but of what was
// compressed with loss.
TEST_F(Transcoding, WhatIsCompressedWithoutLossIsDecodedWhereNoSyntaxIsNamed) {
  put_compressed({rle_stream(kCells)});
  const auto of = share(unmasked());
  const std::string cells(core::as_text(kCells));
  for (const char* accept :
       {"", "*/*", "application/dicom", R"(multipart/related; type="application/dicom")"}) {
    const std::string body = given(of, kOne, accept);
    EXPECT_TRUE(body.ends_with(cells) || body.find(cells + "\r\n--") != std::string::npos)
        << accept;
  }
  EXPECT_TRUE(is_in(given(of, kOne, single("*")), kRle));
  EXPECT_TRUE(is_in(given(of, kOne, single(kRle)), kRle));
  put_compressed({Bytes(20, 'a')}, kNearLossless);
  EXPECT_TRUE(is_in(given(share(unmasked()), kOne, "application/dicom"), kNearLossless));
}

TEST_F(Transcoding, WhatCannotBeDecodedLeavesAsItIsWhereNoSyntaxIsNamed) {
  put_compressed({rle_stream(kCells), rle_stream({})});
  const auto of = share(unmasked());
  EXPECT_TRUE(is_in(given(of, kOne, "application/dicom"), kRle));
  EXPECT_EQ(given(of, kOne, single(kExplicit)), "406");
  EXPECT_EQ(last_entry()["event"].asString(), "denial");
  EXPECT_EQ(given(of, kOne, single(kJpegLs)), "406");
  EXPECT_TRUE(is_in(given(of, kOne, single(kJpegLs) + ", " + single(kRle) + ";q=0.1"), kRle));
}

TEST_F(Transcoding, AStudyLeavesWhereAllOfItCanBeEncoded) {
  put_native(kCells, 1);
  put_compressed({rle_stream(kMoreCells)}, kRle, 2);
  const std::string both = given(share(unmasked()), kStudy, in_parts(kJpegLs));
  EXPECT_EQ(both.find("Content-Type: application/dicom; transfer-syntax=" + std::string(kJpegLs)),
            both.rfind("Content-Type: ", both.rfind("Content-Type: ") - 1));
  EXPECT_THAT(
      given(share(unmasked()), kStudy, "application/zip; transfer-syntax=" + std::string(kJpegLs)),
      HasSubstr("\xFF\xF7"));
  put_compressed({Bytes(20, 'a')}, "1.2.840.10008.1.2.4.100", 3);  // video
  EXPECT_EQ(given(share(unmasked()), kStudy, in_parts(kJpegLs)), "406");
}

TEST_F(Transcoding, FramesAreEncodedForWhoNamesTheSyntax) {
  put_native(joined(kCells, kMoreCells));
  const auto of = share(unmasked());
  const std::string frames = std::string(kOne) + "/frames/";
  const std::string body = given(of, frames + "2,1", in_parts(kRle, "image/dicom-rle"));
  const std::string first = body.substr(body.find("\r\n\r\n") + 4 + 64, 8);
  EXPECT_EQ(first, std::string("\x02\x09\x08\x07\x02\x06\x05\x04", 8));
  EXPECT_THAT(body, HasSubstr("image/dicom-rle; transfer-syntax=" + std::string(kRle)));
  const std::string jpeg = "image/jpeg; transfer-syntax=" + std::string(kBaseline);
  EXPECT_TRUE(given(of, frames + "1", jpeg).starts_with("\xFF\xD8"));
  EXPECT_EQ(given(of, frames + "1", "image/jpeg"), "406") << "it names none";
  EXPECT_EQ(given(of, frames + "1", "image/jpeg; transfer-syntax=*"), "406");
}

TEST_F(Transcoding, CompressedFramesComeAsBytesToWhoTakesBytes) {
  put_compressed({rle_stream(kCells), rle_stream(kMoreCells), rle_stream({})});
  const auto of = share(unmasked());
  const std::string frames = std::string(kOne) + "/frames/";
  EXPECT_EQ(given(of, frames + "2", "application/octet-stream"), core::as_text(kMoreCells));
  const std::string both =
      given(of, frames + "2,1", in_parts(kExplicit, "application/octet-stream"));
  EXPECT_LT(both.find(core::as_text(kMoreCells)), both.find(core::as_text(kCells)));
  EXPECT_EQ(given(of, frames + "3", "application/octet-stream"), "406");
  EXPECT_EQ(given(of, frames + "1,3", "application/octet-stream"), "406");
  EXPECT_EQ(last_entry()["event"].asString(), "denial");
  EXPECT_THAT(given(of, frames + "1", "*/*"), HasSubstr("image/dicom-rle"));
}

TEST_F(Transcoding, FramesCountAsSeenInWhateverForm) {
  put_native(joined(kCells, kMoreCells));
  auto reply =
      get(share(unmasked()), std::string(kOne) + "/frames/1,2", in_parts(kRle, "image/dicom-rle"));
  reply.body()->finished(true, text_of(reply).size());
  service().close_viewings();
  EXPECT_EQ(last_entry()["facts"]["frames"].asString(), "2");
}

}  // namespace
}  // namespace sekisho::dicomweb
