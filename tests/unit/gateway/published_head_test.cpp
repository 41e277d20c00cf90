// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/published_head.h"

#include <gtest/gtest.h>

#include "audit/proof/note.h"
#include "unit/gateway/hospital.h"

namespace sekisho::gateway {
namespace {

using std::chrono::seconds;
using tests::Hospital;

class PublishedHeads : public ::testing::Test {
 protected:
  std::optional<core::Bytes> file(std::string_view path, seconds later) {
    return head_.file(audit::LogFile::parse(path).value(), ports_.log, now_ + later);
  }
  std::uint64_t size(seconds later) {
    const auto note = file("checkpoint", later).value();
    return audit::Checkpoint::parse(audit::signed_text(core::as_text(note))).value().size;
  }
  std::string hashes(std::uint64_t count) { return "tile/0/000.p/" + std::to_string(count); }
  /// Makes entries.
  void serve() {
    EXPECT_EQ(hospital_.get("/dicom-web/studies", token_).status, 200);
    ports_.log.flush();
  }

  Hospital hospital_;
  const sharing::Recipient clinic_ = hospital_.clinic();
  const std::string token_ = hospital_.token(clinic_);
  const sharing::Share share_ = hospital_.share(clinic_).share;
  const gateway::Ports ports_ = hospital_.ports();
  const core::Time now_ = ports_.clock();
  PublishedHead head_;
};

TEST_F(PublishedHeads, TellNobodyWhenOthersAreServed) {
  const auto before = size(seconds(0));
  serve();
  EXPECT_EQ(size(seconds(0)), before);
  EXPECT_EQ(size(seconds(59)), before);
  EXPECT_TRUE(file(hashes(before), seconds(59)));
  EXPECT_FALSE(file(hashes(before + 1), seconds(59))) << "tiles tell no more";
  EXPECT_GT(size(seconds(60)), before);
  EXPECT_TRUE(file(hashes(before + 1), seconds(60)));
}

TEST_F(PublishedHeads, GoOnWhereTheClockIsSetBack) {
  const auto before = size(seconds(0));
  serve();
  EXPECT_GT(size(seconds(-1)), before);
}

}  // namespace
}  // namespace sekisho::gateway
