// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <zlib.h>

#include <cstdint>
#include <map>

#include "recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;
using ::testing::ElementsAre;
using ::testing::Key;

std::uint64_t number(std::string_view text, std::size_t at, int bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(text.at(at + static_cast<std::size_t>(i)))}
             << (8 * i);
  }
  return value;
}

/// What a reader finds from the end on (APPNOTE.TXT §4.3.6), each file inflated and checked.
std::map<std::string, std::string> files_of(const std::string& zip) {
  std::map<std::string, std::string> files;
  const std::size_t end = zip.size() - 22;
  EXPECT_EQ(number(zip, end, 4), 0x06054B50U);
  std::size_t at = number(zip, end + 16, 4);
  const std::uint64_t count = number(zip, end + 10, 2);
  for (std::uint64_t i = 0; i < count; ++i) {
    EXPECT_EQ(number(zip, at, 4), 0x02014B50U);
    const std::uint64_t packed = number(zip, at + 20, 4);
    const std::size_t name_size = number(zip, at + 28, 2);
    const std::string name = zip.substr(at + 46, name_size);
    const std::size_t local = number(zip, at + 42, 4);
    std::string content(number(zip, at + 24, 4), '\0');
    std::string stream = zip.substr(local + 30 + name_size, packed);
    z_stream inflater{};
    EXPECT_EQ(inflateInit2(&inflater, -15), Z_OK);
    inflater.next_in = reinterpret_cast<Bytef*>(stream.data());
    inflater.avail_in = static_cast<uInt>(stream.size());
    inflater.next_out = reinterpret_cast<Bytef*>(content.data());
    inflater.avail_out = static_cast<uInt>(content.size());
    EXPECT_EQ(inflate(&inflater, Z_FINISH), Z_STREAM_END);
    EXPECT_EQ(inflater.avail_out, 0U);
    inflateEnd(&inflater);
    EXPECT_EQ(
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())),
        number(zip, at + 16, 4));
    EXPECT_EQ(number(zip, at + 12, 4), 0x00210000U) << "no date of a file";
    files.emplace(name, std::move(content));
    at += 46 + name_size;
  }
  return files;
}

class Zip : public testing::Test, public RecipientDesk {
 protected:
  Zip() {
    put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
    put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.2"), {.pixels = Bytes(200'000, 0x55)});
    put(instance_key("P1", "1.2.3", "1.2.3.2", "1.2.3.2.1"));
  }
  const sharing::Share of_study = share(unmasked());
};

TEST_F(Zip, HasEveryFileOfTheStudyUnderNumbers) {  // PS3.18 §8.7.3.1
  auto reply = get(of_study, "/studies/1.2.3", "application/zip");
  ASSERT_EQ(reply.status(), 200);
  EXPECT_EQ(reply.content_type(), "application/zip");
  const auto files = files_of(text_of(reply));
  EXPECT_THAT(files, ElementsAre(Key("SE000001/IM000001.dcm"), Key("SE000001/IM000002.dcm"),
                                 Key("SE000002/IM000001.dcm")));
  auto alone =
      get(of_study, "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.2", "application/dicom");
  EXPECT_EQ(files.at("SE000001/IM000002.dcm"), text_of(alone)) << "of several blocks";
}

TEST_F(Zip, OfOneInstanceHasIt) {
  auto reply =
      get(of_study, "/studies/1.2.3/series/1.2.3.2/instances/1.2.3.2.1", "application/zip");
  ASSERT_EQ(reply.status(), 200);
  EXPECT_THAT(files_of(text_of(reply)), ElementsAre(Key("SE000001/IM000001.dcm")));
}

TEST_F(Zip, IsGivenToWhomAsksForItAlone) {
  for (const char* accept : {"*/*", "multipart/*", ""}) {
    auto reply = get(of_study, "/studies/1.2.3", accept);
    EXPECT_NE(reply.content_type(), "application/zip") << accept;
  }
}

TEST_F(Zip, IsOnRecordAsATransferWithItsOutcome) {
  auto reply = get(of_study, "/studies/1.2.3", "application/zip");
  reply.body()->finished(true, text_of(reply).size());
  EXPECT_EQ(last_entry()["event"], "transfer.end");
  EXPECT_EQ(last_entry()["detail"], "complete");
  EXPECT_EQ(last_entry()["instances"], 3);
}

}  // namespace
}  // namespace sekisho::dicomweb
