// SPDX-License-Identifier: GPL-3.0-or-later
// What is made of instances once, and given again.
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <optional>
#include <string>

#include "disclosure/known_heads.h"
#include "unit/dicomweb/recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;

/// An archive whose files are on disk, and may not be what they were, though it lists the same and
/// they seem to be the same files.
class Changing final : public PassingDicomStore {
 public:
  using PassingDicomStore::PassingDicomStore;
  std::optional<core::StoredFile> open(const core::InstanceKey& instance) override {
    const auto file = PassingDicomStore::open(instance);
    if (!file || is_gone) return std::nullopt;
    auto opened = opened_.find(file->identity());
    if (opened == opened_.end()) {
      opened = opened_.emplace(file->identity(), file_on_disk(file->view())).first;
    }
    if (is_damaged) damage(opened->second);
    return opened->second;
  }
  bool is_damaged = false;
  bool is_gone = false;

 private:
  static void damage(const core::StoredFile& file) {
    const Bytes nothing(2000, Byte{0xFF});
    ASSERT_EQ(::pwrite(file.descriptor(), nothing.data(), nothing.size(), 0), std::ssize(nothing));
  }

  std::map<core::Sha256, core::StoredFile> opened_;
};

class Kept : public ::testing::Test, public RecipientDesk {
 protected:
  static core::InstanceKey key(int number) {
    return instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1." + std::to_string(number));
  }
  ~Kept() override { limit({}); }  // the desk has its own archive again before this one goes

  std::string metadata(const sharing::Share& of) {
    auto reply = get(of, "/studies/1.2.3/metadata");
    EXPECT_EQ(reply.status(), 200);
    return text_of(reply);
  }

  Changing changing{archive()};
  const std::string uids_kept = profile(R"({"Name": "ps3.15-basic", "Options": ["RetainUids"]})");
};

/// Two images: the first is read before the first byte, whatever is known of it.
class KeptMetadata : public Kept {
 protected:
  KeptMetadata() {
    for (const int number : {1, 2}) put(key(number), {.pixels = Bytes(70'000, 1)});
    use(changing);
  }
};

TEST_F(KeptMetadata, AreMadeOnceAndAreTheSame) {
  const auto of = share(uids_kept);
  const std::string first = metadata(of);
  EXPECT_NE(first.find("1.2.3.1.2/bulkdata/7FE00010"), std::string::npos);
  auto reply = get(of, "/studies/1.2.3/metadata");
  changing.is_damaged = true;  // what is behind the first is not read any more
  EXPECT_EQ(text_of(reply), first);
  EXPECT_EQ(last_entry()["event"], "query");
}

TEST_F(KeptMetadata, AreThoseOfTheirShareAlone) {
  const auto of = share(uids_kept);
  const auto other =
      share(profile(R"({"Name": "ps3.15-basic", "Options": ["RetainUids", "CleanDescriptors"]})"));
  const auto to_look = share(uids_kept, sharing::StudyScope{{study_key("P1", "1.2.3")}},
                             {.view = true, .download = false});
  const std::string first = metadata(of);
  EXPECT_EQ(first.find("HEAD"), std::string::npos);
  EXPECT_NE(metadata(other), first);
  EXPECT_EQ(metadata(to_look).find("BulkDataURI"), std::string::npos);
  EXPECT_EQ(metadata(of), first);
}

TEST_F(KeptMetadata, NameTheRootThatWasAsked) {
  const auto of = share(uids_kept);
  metadata(of);
  root_url = "https://share.hospital.example/shares/1/dicom-web";
  const std::string below = metadata(of);
  EXPECT_NE(below.find("example/shares/1/dicom-web/studies/1.2.3"), std::string::npos);
  EXPECT_EQ(below.find("example/dicom-web/"), std::string::npos);
}

TEST_F(KeptMetadata, OfAFileThatWasReplacedAreItsOwn) {
  const auto of = share(uids_kept);
  const std::string first = metadata(of);
  put(key(2), {.number = "4711", .pixels = Bytes(70'000, 1)});
  const std::string second = metadata(of);
  EXPECT_NE(second.find("4711"), std::string::npos);
  EXPECT_EQ(first.find("4711"), std::string::npos);
}

TEST_F(KeptMetadata, OfAFileThatIsGoneDoNotLeave) {
  const auto of = share(uids_kept);
  metadata(of);
  auto reply = get(of, "/studies/1.2.3/metadata");
  changing.is_gone = true;
  EXPECT_THROW(text_of(reply), std::runtime_error);
}

TEST_F(KeptMetadata, DoNotOutliveTheShare) {
  const auto of = share(uids_kept);
  metadata(of);
  auto reply = get(of, "/studies/1.2.3/metadata");
  shares().revoke(of.id, "", now);
  now += std::chrono::milliseconds(101);
  EXPECT_THROW(text_of(reply), std::runtime_error);
  reply.body()->finished(false, 0);
}

/// An image with half a megabyte beside its pixels, as one of thousands of frames has it.
class KeptHead : public Kept {
 protected:
  KeptHead() {
    DatasetBuilder builder;
    builder.text(Tag{0x0008, 0x0008}, Vr::CS, "ORIGINAL\\PRIMARY")
        .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, key(1).instance.text())
        .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
        .text(Tag{0x0010, 0x0020}, Vr::LO, "P1")
        .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2.3")
        .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1")
        .text(Tag{0x0028, 0x0008}, Vr::IS, "2")
        .us(Tag{0x0028, 0x0010}, 4)
        .us(Tag{0x0028, 0x0011}, 4)
        .us(Tag{0x0028, 0x0100}, 16)
        .us(Tag{0x0028, 0x0101}, 12)
        .us(Tag{0x0028, 0x0102}, 11)
        .us(Tag{0x0028, 0x0103}, 0)
        .begin_sequence(Tag{0x5200, 0x9230});
    for (int i = 0; i < 8000; ++i) {
      builder.begin_item()
          .begin_sequence(Tag{0x0028, 0x9145})
          .begin_item()
          .text(Tag{0x0028, 0x1052}, Vr::DS, "-1024")
          .text(Tag{0x0028, 0x1053}, Vr::DS, "1")
          .text(Tag{0x0028, 0x1054}, Vr::LO, "HU")
          .end_item()
          .end_sequence()
          .end_item();
    }
    builder.end_sequence();
    Bytes pixels;
    for (Byte i = 0; i < 32; ++i) pixels.insert(pixels.end(), {i, Byte{0xF0}});
    archive().put(key(1), builder.bytes(Tag{0x7FE0, 0x0010}, Vr::OW, pixels)
                              .part10(kCtImage, key(1).instance.text()));
    use(changing);
  }
  Reply frame(const sharing::Share& of, const char* number) {
    return get(of,
               std::string("/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1/frames/") + number,
               "application/octet-stream");
  }
  std::string bytes_of_frame(const sharing::Share& of, const char* number) {
    auto reply = frame(of, number);
    EXPECT_EQ(reply.status(), 200);
    return text_of(reply);
  }
};

TEST_F(KeptHead, IsCheckedAndMaskedOnceForAllFrames) {
  const auto of = share(unmasked());
  const std::string first = bytes_of_frame(of, "1");
  ASSERT_EQ(first.size(), 32U);
  changing.is_damaged = true;  // its header
  EXPECT_EQ(bytes_of_frame(of, "1"), first);
  const std::string second = bytes_of_frame(of, "2");
  ASSERT_EQ(second.size(), 32U);
  EXPECT_EQ(second[0], 16);
  EXPECT_EQ(bytes_of_frame(of, "2"), second);
}

TEST_F(KeptHead, IsNoneOfAFileThatIsGone) {
  const auto of = share(unmasked());
  bytes_of_frame(of, "1");
  changing.is_gone = true;
  EXPECT_EQ(frame(of, "1").status(), 404);
}

TEST_F(KeptHead, IsOfItsShareAlone) {
  const auto of = share(unmasked());
  const auto other = share(unmasked());
  bytes_of_frame(of, "1");
  changing.is_damaged = true;
  EXPECT_EQ(frame(other, "1").status(), 500);
}

TEST_F(KeptHead, GoesWithTheKeyOfItsShare) {
  const auto of = share(unmasked());
  bytes_of_frame(of, "1");
  service().forget_key(of.id);
  changing.is_damaged = true;
  EXPECT_EQ(frame(of, "1").status(), 500);
}

TEST_F(KeptHead, LeavesWithItsCellsMaskedAsBefore) {
  const auto of = share(uids_kept);
  const std::string first = bytes_of_frame(of, "1");
  ASSERT_EQ(first.size(), 32U);
  EXPECT_EQ(first[1], 0) << "what stands in unused bits";
  changing.is_damaged = true;
  EXPECT_EQ(bytes_of_frame(of, "1"), first);
}

}  // namespace
}  // namespace sekisho::dicomweb
