// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "dicomweb/frame_list.h"
#include "recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kOne = "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1";
constexpr const char* kJpegLossless = "1.2.840.10008.1.2.4.70";
constexpr std::size_t kFrameBytes = 32;

std::string masked_under_its_uids() {
  return profile(R"({"Name": "ps3.15-basic", "Options": ["RetainUids"]})");
}

std::string frame(char content) { return std::string(kFrameBytes, content); }

/// The parts of a multipart body: (head, content).
std::vector<std::pair<std::string, std::string>> parts_of(Reply& reply) {
  const std::string& type = reply.content_type();
  const std::string delimiter = "\r\n--" + type.substr(type.find("; boundary=") + 11);
  std::string body = RecipientDesk::text_of(reply);
  EXPECT_EQ(reply.size_bytes(), body.size());
  body.insert(0, "\r\n");
  std::vector<std::pair<std::string, std::string>> parts;
  EXPECT_TRUE(body.starts_with(delimiter + "\r\n"));
  EXPECT_TRUE(body.ends_with(delimiter + "--\r\n"));
  std::size_t at = delimiter.size() + 2;
  for (std::size_t end = 0; (end = body.find(delimiter, at)) != std::string::npos;) {
    const std::string part = body.substr(at, end - at);
    const std::size_t blank = part.find("\r\n\r\n");
    parts.emplace_back(part.substr(0, blank), part.substr(blank + 4));
    at = end + delimiter.size() + 2;
  }
  return parts;
}

class Frames : public ::testing::Test, public RecipientDesk {
 protected:
  static core::InstanceKey key() { return instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"); }
  void put_frames(std::string_view contents, std::string_view syntax = "1.2.840.10008.1.2.1") {
    Bytes pixels;
    for (const char each : contents)
      pixels.insert(pixels.end(), kFrameBytes, static_cast<Byte>(each));
    put(key(), {.transfer_syntax = std::string(syntax), .pixels = std::move(pixels)});
  }
  /// Of code streams that nobody looks into: the share shows what is stored.
  void put_streams(const std::vector<Bytes>& streams) {
    DatasetBuilder builder(kJpegLossless);
    builder.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, key().instance.text())
        .text(Tag{0x0010, 0x0020}, Vr::LO, "P1")
        .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2.3")
        .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1")
        .text(Tag{0x0028, 0x0008}, Vr::IS, std::to_string(streams.size()))
        .us(Tag{0x0028, 0x0010}, 4)
        .us(Tag{0x0028, 0x0011}, 4)
        .us(Tag{0x0028, 0x0100}, 8)
        .encapsulated(Tag{0x7FE0, 0x0010}, streams);
    archive().put(key(), builder.part10(kCtImage, key().instance.text()));
  }
  Reply frames(const sharing::Share& of, std::string_view list, std::string accept = "") {
    return get(of, std::string(kOne) + "/frames/" + std::string(list), std::move(accept));
  }
};

TEST(FrameList, IsNumbersFromOneWithCommas) {
  EXPECT_EQ(parse_frame_list("1"), (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(parse_frame_list("1,3,2,3"), (std::vector<std::uint32_t>{0, 2, 1, 2}));
  for (const char* text : {"", "0", "1,0", "1,,2", ",1", "1,", "-1", "+1", "1.5", "1-3", "1, 2",
                           "x", "4294967296", "99999999999999999999", "1\t", "0x1"}) {
    EXPECT_FALSE(parse_frame_list(text)) << text;
  }
}

TEST_F(Frames, LeaveInTheOrderTheyAreAskedFor) {
  put_frames("abc");
  for (const auto& of : {share(unmasked()), share(masked_under_its_uids())}) {
    for (const char* list : {"1,3,2", "1%2C3%2C2"}) {
      auto reply = frames(of, list);
      EXPECT_EQ(reply.status(), 200);
      EXPECT_THAT(reply.content_type(),
                  HasSubstr("multipart/related; type=\"application/octet-stream\"; boundary="));
      const std::string head =
          "Content-Type: application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1";
      EXPECT_THAT(parts_of(reply),
                  ElementsAre(std::pair(head, frame('a')), std::pair(head, frame('c')),
                              std::pair(head, frame('b'))));
    }
  }
}

// What clients of today send for native pixels, and all of them get bytes.
TEST_F(Frames, ComeToWhoeverTakesBytes) {
  put_frames("ab");
  const auto of = share(masked_under_its_uids());
  for (
      const char* accept :
      {"", "*/*", "multipart/related", "multipart/related; type=\"*/*\"",
       "multipart/related; type=\"application/octet-stream\"",
       "multipart/related; type=application/octet-stream; transfer-syntax=*",
       "multipart/related; type=\"application/octet-stream\"; transfer-syntax=1.2.840.10008.1.2.1",
       R"(multipart/related; type="image/jls", multipart/related; type="application/octet-stream")"}) {
    auto reply = frames(of, "2", accept);
    EXPECT_EQ(reply.status(), 200) << accept;
    const auto parts = parts_of(reply);
    ASSERT_EQ(parts.size(), 1U) << accept;
    EXPECT_EQ(parts[0].second, frame('b'));
  }
  EXPECT_EQ(frames(of, "2", "image/png").status(), 406);
  EXPECT_EQ(frames(of, "2", "multipart/related; type=\"image/jpeg\"").status(), 406);
}

TEST_F(Frames, OneLeavesAloneWhereItIsAskedFor) {
  put_frames("ab");
  const auto of = share(masked_under_its_uids());
  auto reply = frames(of, "2", "application/octet-stream");
  EXPECT_EQ(reply.content_type(), "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1");
  EXPECT_EQ(reply.size_bytes(), kFrameBytes);
  EXPECT_EQ(text_of(reply), frame('b'));
  EXPECT_EQ(frames(of, "1,2", "application/octet-stream").status(), 406);
}

TEST_F(Frames, OfBigEndianPixelsAreLittleEndian) {
  Bytes pixels;
  for (std::size_t i = 0; i < kFrameBytes; ++i) pixels.push_back(static_cast<Byte>(i));
  put(key(), {.transfer_syntax = std::string(core::dicom::kExplicitVrBigEndian), .pixels = pixels});
  auto reply = frames(share(masked_under_its_uids()), "1", "application/octet-stream");
  const std::string body = text_of(reply);
  ASSERT_EQ(body.size(), kFrameBytes);
  EXPECT_EQ(body.substr(0, 4), std::string("\x01\x00\x03\x02", 4));
}

// PS3.18 §8.7.3.3.2: code streams alone, without their fragments, under the type of their syntax.
TEST_F(Frames, CompressedOnesLeaveAsTheyAreStored) {
  put_streams({Bytes(20, 'a'), Bytes(30, 'b')});
  const auto of = share(unmasked());
  struct Case {
    const char* accept;
    const char* type;
  };
  for (const auto& each : {
           Case{"", "image/jpeg"},
           Case{"*/*", "image/jpeg"},
           Case{"multipart/related; type=\"*/*\"", "image/jpeg"},
           Case{"multipart/related; type=\"image/jpeg\"", "image/jpeg"},
           Case{"multipart/related; type=\"image/jpeg\"; transfer-syntax=1.2.840.10008.1.2.4.70",
                "image/jpeg"},
           Case{"multipart/related; type=\"application/octet-stream\"; transfer-syntax=*",
                "application/octet-stream"},
       }) {
    auto reply = frames(of, "2,1", each.accept);
    ASSERT_EQ(reply.status(), 200) << each.accept;
    const auto parts = parts_of(reply);
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_EQ(parts[0].first,
              std::string("Content-Type: ") + each.type + "; transfer-syntax=" + kJpegLossless);
    EXPECT_EQ(parts[0].second, std::string(30, 'b'));
    EXPECT_EQ(parts[1].second, std::string(20, 'a'));
  }
  for (const char* accept :
       {"image/jls",
        "multipart/related; type=\"image/jpeg\"; transfer-syntax=1.2.840.10008.1.2.4.50"}) {
    EXPECT_EQ(frames(of, "1", accept).status(), 406) << accept;
    EXPECT_EQ(last_entry()["event"].asString(), "denial");
  }
  auto single = frames(of, "1", "image/jpeg");
  EXPECT_EQ(text_of(single), std::string(20, 'a'));
}

TEST_F(Frames, ThatAreNotThereAreNotFound) {
  put_frames("abc");
  const auto of = share(masked_under_its_uids());
  for (const char* list : {"4", "1,4", "4294967295"}) {
    EXPECT_EQ(frames(of, list).status(), 404) << list;
    EXPECT_EQ(last_entry()["event"].asString(), "denial");
  }
  for (const char* list : {"0", "x", "1,,2", "-1", "1-3"}) {
    EXPECT_EQ(frames(of, list).status(), 400) << list;
  }
  EXPECT_EQ(frames(share(unmasked(), sharing::StudyScope{{study_key("P1", "1.2.3")}},
                         {.view = true, .download = false}),
                   "1")
                .status(),
            404);
}

TEST_F(Frames, NothingLeavesWithoutARecord) {
  put_frames("ab");
  const auto of = share(masked_under_its_uids());
  EXPECT_EQ(frames(of, "1").status(), 200);
  break_log();
  now += std::chrono::minutes(5);
  EXPECT_EQ(frames(of, "1").status(), 503);
}

TEST_F(Frames, OfASeriesAreOneViewingWithTheirNumber) {
  put_frames("abc");
  const auto of = share(masked_under_its_uids());
  std::vector<std::string> receipts;
  for (const char* list : {"1", "2,3", "1,2,3"}) {
    auto reply = frames(of, list);
    const std::string body = text_of(reply);
    reply.body()->finished(true, body.size());
    for (const auto& [name, text] : reply.headers()) {
      if (name == "Sekisho-Receipt") receipts.push_back(text);
    }
  }
  ASSERT_EQ(receipts.size(), 3U);
  EXPECT_EQ(receipts[0], receipts[1]);
  EXPECT_EQ(receipts[0], receipts[2]);
  service().close_viewings();
  const auto end = last_entry();
  EXPECT_EQ(end["event"].asString(), "transfer.end");
  EXPECT_EQ(end["instances"].asUInt(), 0U);
  EXPECT_EQ(end["facts"]["frames"].asString(), "6");
  EXPECT_EQ(end["facts"]["answers"].asString(), "3");
}

TEST_F(Frames, CountAsSeenWhereTheyArrivedWhole) {
  put_frames("abc");
  const auto of = share(masked_under_its_uids());
  auto reply = frames(of, "1,2,3");
  const std::string body = text_of(reply);
  const std::size_t second = body.find(frame('b'));
  reply.body()->finished(false, second + kFrameBytes);
  auto none = frames(of, "1,2,3");
  none.body()->finished(false, body.find(frame('a')) + kFrameBytes - 1);
  service().close_viewings();
  EXPECT_EQ(last_entry()["facts"]["frames"].asString(), "2");
}

TEST_F(Frames, LargeOnesLeaveFromTheFile) {
  Bytes pixels(3 * 512 * 512 * 2, Byte{7});
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, key().instance.text())
      .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .text(Tag{0x0010, 0x0020}, Vr::LO, "P1")
      .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2.3")
      .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1")
      .text(Tag{0x0028, 0x0008}, Vr::IS, "3")
      .us(Tag{0x0028, 0x0010}, 512)
      .us(Tag{0x0028, 0x0011}, 512)
      .us(Tag{0x0028, 0x0100}, 16)
      .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, pixels);
  archive().put(key(), builder.part10(kCtImage, key().instance.text()));
  keep_files_on_disk();
  auto reply = frames(share(unmasked()), "2", "application/octet-stream");
  ASSERT_EQ(reply.status(), 200);
  Bytes none(1);
  ASSERT_TRUE(reply.body()->is_at_file());
  EXPECT_EQ(reply.body()->take_file(UINT64_MAX).size_bytes, 512U * 512 * 2);
  EXPECT_EQ(reply.body()->read(none), 0U);
}

}  // namespace
}  // namespace sekisho::dicomweb
