// SPDX-License-Identifier: GPL-3.0-or-later
// Images by presentation states: which state, of which share, for which image (PS3.18 §9.5.1).
#include <gmock/gmock.h>

#include "recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;
using ::testing::StartsWith;

constexpr std::string_view kGreyState = "1.2.840.10008.5.1.4.1.1.11.1";
constexpr const char* kSeries = "/studies/1.2.3/series/1.2.3.";

class Presented : public ::testing::Test, public RecipientDesk {
 protected:
  static core::InstanceKey key(const std::string& series, const std::string& instance) {
    return instance_key("P1", "1.2.3", "1.2.3." + series, instance);
  }
  static DatasetBuilder head(std::string_view sop_class, const std::string& series,
                             const std::string& instance) {
    DatasetBuilder builder;
    builder.text(Tag{0x0008, 0x0016}, Vr::UI, sop_class)
        .text(Tag{0x0008, 0x0018}, Vr::UI, instance);
    if (sop_class == kGreyState) {
      builder.begin_sequence(Tag{0x0008, 0x1115}).begin_item();
      builder.begin_sequence(Tag{0x0008, 0x1140});
      for (const char* image : {"1.2.3.1.0", "1.2.3.1.1"}) {
        builder.begin_item()
            .text(Tag{0x0008, 0x1150}, Vr::UI, kCtImage)
            .text(Tag{0x0008, 0x1155}, Vr::UI, image)
            .end_item();
      }
      builder.end_sequence().text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1").end_item().end_sequence();
    }
    builder.text(Tag{0x0010, 0x0020}, Vr::LO, "P1")
        .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2.3")
        .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3." + series);
    return builder;
  }
  void put_image(const std::string& instance) {
    DatasetBuilder builder = head(kCtImage, "1", instance);
    builder.us(Tag{0x0028, 0x0002}, 1)
        .text(Tag{0x0028, 0x0004}, Vr::CS, "MONOCHROME2")
        .us(Tag{0x0028, 0x0010}, 2)
        .us(Tag{0x0028, 0x0011}, 2)
        .us(Tag{0x0028, 0x0100}, 8)
        .us(Tag{0x0028, 0x0101}, 8)
        .us(Tag{0x0028, 0x0102}, 7)
        .us(Tag{0x0028, 0x0103}, 0)
        .bytes(Tag{0x7FE0, 0x0010}, Vr::OB, Bytes{0, 50, 100, 150});
    archive().put(key("1", instance), builder.part10(kCtImage, instance));
  }
  /// For the images 1.2.3.1.0 and 1.2.3.1.1, inverted.
  void put_state(const std::string& instance) {
    DatasetBuilder builder = head(kGreyState, "7", instance);
    builder.text(Tag{0x2050, 0x0020}, Vr::CS, "INVERSE");
    archive().put(key("7", instance), builder.part10(kGreyState, instance));
  }
  std::string by_state(const std::string& image, const std::string& state) {
    return "/wado?requestType=WADO&studyUID=1.2.3&seriesUID=1.2.3.1&objectUID=" + image +
           "&presentationSeriesUID=1.2.3.7&presentationUID=" + state + "&contentType=image/png";
  }
  std::string picture(const sharing::Share& of, const std::string& target) {
    auto reply = get(of, target, "image/png");
    EXPECT_EQ(reply.status(), 200) << target;
    return reply.status() == 200 ? text_of(reply) : std::string();
  }
  std::string denial() { return last_entry()["detail"].asString(); }
  const sharing::Share whole =
      share(unmasked(), sharing::StudyScope{{study_key("P1", "1.2.3")}}, {.view = true});
};

TEST_F(Presented, AnImageIsSeenByTheStateThatIsNamed) {
  put_image("1.2.3.1.1");
  put_state("1.2.3.7.1");
  const std::string plain = picture(whole, std::string(kSeries) + "1/instances/1.2.3.1.1/rendered");
  const std::string seen = picture(whole, by_state("1.2.3.1.1", "1.2.3.7.1"));
  EXPECT_THAT(seen, StartsWith("\x89PNG"));
  EXPECT_NE(seen, plain);
  EXPECT_EQ(picture(whole, std::string(kSeries) + "7/instances/1.2.3.7.1/rendered"), seen)
      << "the picture of a state is that of the first of its images that there is";
}

TEST_F(Presented, BothAreOnRecordBeforeThePictureLeaves) {
  put_image("1.2.3.1.1");
  put_state("1.2.3.7.1");
  auto reply = get(whole, by_state("1.2.3.1.1", "1.2.3.7.1"));
  ASSERT_EQ(reply.status(), 200);
  EXPECT_EQ(last_entry()["event"], "transfer.begin");
  const auto objects = last_text().objects;
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(objects[0].instance_uid, "1.2.3.1.1");
  EXPECT_EQ(objects[1].instance_uid, "1.2.3.7.1");
  const std::uint64_t size = text_of(reply).size();
  reply.body()->finished(true, size);
  EXPECT_EQ(last_entry()["facts"]["frames"], "1");
}

TEST_F(Presented, AStateOfWhichTheShareKnowsNothingIsNotThere) {
  put_image("1.2.3.1.1");
  put_state("1.2.3.7.1");
  const auto images = share(unmasked(),
                            sharing::SeriesScope{{core::SeriesKey{study_key("P1", "1.2.3"),
                                                                  *core::Uid::parse("1.2.3.1")}}},
                            {.view = true});
  EXPECT_EQ(get(images, by_state("1.2.3.1.1", "1.2.3.7.1")).status(), 404);
  EXPECT_EQ(get(whole, by_state("1.2.3.1.1", "1.2.3.7.9")).status(), 404);
  EXPECT_EQ(get(whole, by_state("1.2.3.1.9", "1.2.3.7.1")).status(), 404);
  const auto states = share(unmasked(),
                            sharing::SeriesScope{{core::SeriesKey{study_key("P1", "1.2.3"),
                                                                  *core::Uid::parse("1.2.3.7")}}},
                            {.view = true});
  EXPECT_EQ(get(states, by_state("1.2.3.1.1", "1.2.3.7.1")).status(), 404);
  EXPECT_EQ(get({states, images}, by_state("1.2.3.1.1", "1.2.3.7.1")).status(), 404)
      << "each is in another share";
  EXPECT_EQ(get(states, std::string(kSeries) + "7/instances/1.2.3.7.1/rendered").status(), 406)
      << "of none of its images there is anything";
}

TEST_F(Presented, AStateThatDoesNotReferToTheImageIsRefusedAsIfItWereNotThere) {
  put_image("1.2.3.1.2");
  put_state("1.2.3.7.1");
  EXPECT_EQ(get(whole, by_state("1.2.3.1.2", "1.2.3.7.1")).status(), 404);
  EXPECT_EQ(denial(), "out_of_scope");
}

TEST_F(Presented, WhatIsNoStateIsNotOne) {
  put_image("1.2.3.1.1");
  put_state("1.2.3.7.1");
  const std::string target =
      "/wado?requestType=WADO&studyUID=1.2.3&seriesUID=1.2.3.1&objectUID=1.2.3.1.1"
      "&presentationSeriesUID=1.2.3.1&presentationUID=1.2.3.1.1";
  EXPECT_EQ(get(whole, target).status(), 406);
  EXPECT_EQ(denial(), "not_renderable");
  EXPECT_EQ(get(whole, by_state("1.2.3.1.1", "1.2.3.7.1") + "&frameNumber=2").status(), 400);
  EXPECT_EQ(get(whole, std::string(kSeries) + "7/instances/1.2.3.7.1/rendered?window=1,2,linear")
                .status(),
            400);
  EXPECT_EQ(get(whole, std::string(kSeries) + "7/instances/1.2.3.7.1/frames/1/rendered").status(),
            406);
  EXPECT_EQ(
      get(whole, std::string(kSeries) + "7/instances/1.2.3.7.1/rendered", "image/gif").status(),
      406);
}

}  // namespace
}  // namespace sekisho::dicomweb
