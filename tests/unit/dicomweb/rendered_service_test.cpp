// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;
using ::testing::StartsWith;

constexpr const char* kOne = "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1";

class Rendered : public ::testing::Test, public RecipientDesk {
 protected:
  static core::InstanceKey key(const std::string& instance) {
    return instance_key("P1", "1.2.3", "1.2.3.1", instance);
  }
  enum class Pixels { some, none };
  /// An image of 2 x 2 pixels and three frames, or an object without any.
  void put_object(const std::string& instance, Pixels pixels, std::string_view declared = "3") {
    DatasetBuilder builder;
    builder.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, instance)
        .text(Tag{0x0010, 0x0020}, Vr::LO, "P1")
        .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2.3")
        .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1");
    if (pixels == Pixels::some) {
      builder.us(Tag{0x0028, 0x0002}, 1)
          .text(Tag{0x0028, 0x0004}, Vr::CS, "MONOCHROME2")
          .text(Tag{0x0028, 0x0008}, Vr::IS, declared)
          .us(Tag{0x0028, 0x0010}, 2)
          .us(Tag{0x0028, 0x0011}, 2)
          .us(Tag{0x0028, 0x0100}, 8)
          .us(Tag{0x0028, 0x0101}, 8)
          .us(Tag{0x0028, 0x0102}, 7)
          .us(Tag{0x0028, 0x0103}, 0)
          .bytes(Tag{0x7FE0, 0x0010}, Vr::OB, Bytes{0, 50, 100, 150, 1, 2, 3, 4, 9, 9, 9, 9});
    }
    archive().put(key(instance), builder.part10(kCtImage, instance));
  }
  const sharing::Share to_look_at =
      share(unmasked(), sharing::StudyScope{{study_key("P1", "1.2.3")}}, {.view = true});
};

TEST_F(Rendered, AFrameIsAPictureForWhoMayLook) {  // PS3.18 §10.4.1.1.3
  put_object("1.2.3.1.1", Pixels::some);
  auto reply = get(to_look_at, std::string(kOne) + "/frames/2/rendered", "image/png");
  ASSERT_EQ(reply.status(), 200);
  EXPECT_EQ(reply.content_type(), "image/png");
  const std::string picture = text_of(reply);
  EXPECT_THAT(picture, StartsWith("\x89PNG"));
  EXPECT_EQ(reply.size_bytes(), picture.size());
  reply.body()->finished(true, picture.size());
  service().close_viewings();
  EXPECT_EQ(last_entry()["facts"]["frames"], "1") << "no instance has left";
}

TEST_F(Rendered, WhatIsNotThereIsRefusedBeforeAnythingIsOnRecord) {
  put_object("1.2.3.1.1", Pixels::some);
  EXPECT_EQ(get(to_look_at, std::string(kOne) + "/frames/4/rendered").status(), 400);
  EXPECT_EQ(get(to_look_at, std::string(kOne) + "/rendered", "video/mp4").status(), 406);
  EXPECT_EQ(get(to_look_at, std::string(kOne) + "/rendered?viewport=20000,1").status(), 400);
  for (const Json::Value& entry : entries()) EXPECT_NE(entry["event"], "transfer.begin");
}

TEST_F(Rendered, AThumbnailOfAStudyIsThatOfAnImageInIt) {  // PS3.18 §10.4.1.1.4
  put_object("1.2.3.1.1", Pixels::none);
  put_object("1.2.3.1.2", Pixels::some);
  auto reply = get(to_look_at, "/studies/1.2.3/thumbnail");
  ASSERT_EQ(reply.status(), 200);
  EXPECT_EQ(reply.content_type(), "image/jpeg");
  EXPECT_EQ(get(to_look_at, std::string(kOne) + "/thumbnail").status(), 406);
}

TEST_F(Rendered, ASeriesInPartsPassesOverWhatHasNoPixels) {
  put_object("1.2.3.1.1", Pixels::none);
  put_object("1.2.3.1.2", Pixels::some);
  auto reply = get(to_look_at, "/studies/1.2.3/series/1.2.3.1/rendered",
                   "multipart/related; type=\"image/jpeg\"");
  ASSERT_EQ(reply.status(), 200);
  std::size_t pictures = 0;
  const std::string body = text_of(reply);
  for (std::size_t at = 0; (at = body.find("Content-Type: image/jpeg", at)) != std::string::npos;
       ++at) {
    ++pictures;
  }
  EXPECT_EQ(pictures, 3U);
}

/// A list of them would have eight gigabytes.
TEST_F(Rendered, FramesThatAreDeclaredAndNotThereTakeNoMemory) {
  put_object("1.2.3.1.1", Pixels::some, "2147483647");
  auto reply = get(to_look_at, std::string(kOne) + "/rendered", "image/gif");
  ASSERT_EQ(reply.status(), 200);
  EXPECT_THROW(text_of(reply), std::runtime_error) << "at the first that is missing";
}

TEST_F(Rendered, EveryPictureOfAMarkedShareSaysWhoSeesItAndWhen) {
  put_object("1.2.3.1.1", Pixels::some);
  sharing::Share marked = to_look_at;
  marked.marks_pictures = true;
  struct Asked {
    std::string path;
    std::string accept;
  };
  const std::string one = kOne;
  const std::string series = "/studies/1.2.3/series/1.2.3.1";
  const std::string parts = "multipart/related; type=\"image/png\"";
  const std::string size = "?viewport=128,128";
  for (const Asked& asked :
       {Asked{one + "/rendered" + size, "image/png"}, Asked{one + "/rendered" + size, "image/gif"},
        Asked{one + "/rendered" + size, parts},
        Asked{one + "/frames/2/rendered" + size, "image/jpeg"},
        Asked{one + "/frames/1,3/rendered" + size, parts},
        Asked{series + "/rendered" + size, parts}, Asked{one + "/thumbnail", "image/png"},
        Asked{"/studies/1.2.3/thumbnail", "image/png"}}) {
    const auto picture = [&](const sharing::Share& of) {
      auto reply = get(of, asked.path, asked.accept);
      EXPECT_EQ(reply.status(), 200) << asked.path;
      const std::string text = text_of(reply);
      if (asked.accept != parts) return text;
      // The first of them: boundaries are random.
      const std::size_t begin = text.find("\r\n\r\n") + 4;
      return text.substr(begin, text.find("\r\n--", begin) - begin);
    };
    const std::string plain = picture(to_look_at);
    EXPECT_EQ(picture(to_look_at), plain) << asked.path;
    const std::string now_marked = picture(marked);
    EXPECT_NE(now_marked, plain) << asked.path << " leaves without a mark";
    now += std::chrono::minutes(1);
    EXPECT_NE(picture(marked), now_marked) << asked.path << " does not say when";
  }
}

}  // namespace
}  // namespace sekisho::dicomweb
