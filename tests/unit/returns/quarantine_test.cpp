// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/quarantine.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "core/database.h"
#include "returns/open_quarantine.h"
#include "support/temporary_directory.h"

namespace sekisho::returns {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const core::Time kNow = core::parse_rfc3339("2026-02-10T00:00:00Z").value();
constexpr std::string_view kCanary = "Yamada^Hanako";

core::Uid uid(std::string_view text) { return core::Uid::parse(text).value(); }

Upload an_upload(std::string_view instance = "1.2.3.1.9") {
  Upload upload;
  upload.id = UploadId::random();
  upload.share = sharing::ShareId::parse(std::string(32, 'a')).value();
  upload.sender.recipient_id = std::string(32, 'b');
  upload.sender.recipient_name = "Kobayashi clinic";
  upload.sender.request_id = "request-1";
  upload.sop_class = "1.2.840.10008.5.1.4.1.1.88.33";
  upload.key = {{{"P-4711", uid("1.2.3")}, uid("1.2.3.1")}, uid(instance)};
  upload.shown_study = uid("2.25.1");
  upload.readers_series = uid("2.25.2");
  upload.readers_instance = uid("2.25.3");
  upload.words.patient_name = kCanary;
  upload.received_at = kNow;
  upload.receipt = "hospital.example/log#7";
  return upload;
}

core::Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

class QuarantineTest : public ::testing::Test {
 protected:
  ReturnsPlace place() const { return ReturnsPlace::in(directory_.path()); }
  void open(Room room = {}) {
    quarantine_.reset();
    quarantine_ = open_quarantine(place(), room);
  }
  Quarantine& quarantine() {
    if (!quarantine_) open();
    return *quarantine_;
  }
  Entry put(Upload& upload, const core::Bytes& content) {
    upload.size_bytes = content.size();
    return quarantine().receive(upload, content);
  }
  bool move(const Upload& upload, State from, State to, core::Time now = kNow) {
    return quarantine().move(upload.id, from, to, {"sato", "not ours", now});
  }
  core::Bytes content(const Upload& upload) {
    const auto found = quarantine().content(upload.id);
    return found ? found->copy() : core::Bytes{};
  }
  /// All bytes of the database's files.
  std::string on_disk() const {
    std::string all;
    for (const char* end : {"", "-wal"}) {
      std::ifstream file(place().database.string() + end, std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

 private:
  tests::TemporaryDirectory directory_;
  std::unique_ptr<Quarantine> quarantine_;
};

TEST_F(QuarantineTest, WhatIsInIsThereAfterARestart) {
  Upload upload = an_upload();
  const core::Bytes object = bytes_of("an object of " + std::string(kCanary));
  EXPECT_EQ(put(upload, object), Entry::free);
  open();
  const auto found = quarantine().find(upload.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->state, State::received);
  EXPECT_EQ(found->key, upload.key);
  EXPECT_EQ(found->words.patient_name, kCanary);
  EXPECT_EQ(found->sender.recipient_name, "Kobayashi clinic");
  EXPECT_EQ(found->receipt, upload.receipt);
  EXPECT_EQ(content(upload), object);
}

TEST_F(QuarantineTest, WhatIsLargerThanATransactionComesBackByteForByte) {
  core::Bytes object(std::size_t{35} << 20);
  for (std::size_t at = 0; at < object.size(); ++at) {
    object[at] = static_cast<core::Byte>(at * 2654435761U >> 13U);
  }
  Upload upload = an_upload();
  EXPECT_EQ(put(upload, object), Entry::free);
  EXPECT_EQ(content(upload), object);
}

TEST_F(QuarantineTest, NothingOfThePatientIsToBeReadOnTheDisk) {
  Upload upload = an_upload("1.2.392.200036.9125.77");
  put(upload, bytes_of("an object of " + std::string(kCanary)));
  move(upload, State::received, State::rejected);
  const std::string disk = on_disk();
  ASSERT_NE(disk.find(upload.id.text()), std::string::npos) << "what stands there in clear";
  for (const std::string_view secret :
       {kCanary, std::string_view("P-4711"), std::string_view("1.2.392.200036.9125.77"),
        std::string_view("Kobayashi"), std::string_view("sato"), std::string_view("not ours")}) {
    EXPECT_EQ(disk.find(secret), std::string::npos) << secret;
  }
}

TEST_F(QuarantineTest, TheSameObjectIsInOnce) {
  Upload first = an_upload();
  Upload again = an_upload();
  Upload changed = an_upload();
  EXPECT_EQ(put(first, bytes_of("one")), Entry::free);
  EXPECT_EQ(put(again, bytes_of("one")), Entry::known);
  EXPECT_EQ(put(changed, bytes_of("two")), Entry::other);
  EXPECT_EQ(quarantine().find_open(again)->id, first.id);
  EXPECT_EQ(quarantine().count().objects, 1U);
}

TEST_F(QuarantineTest, WhatIsApartIsNotTakenAgainAndWhatWasRejectedIs) {
  Upload infected = an_upload("1.2.3.1.1");
  put(infected, bytes_of("virus"));
  move(infected, State::received, State::apart);
  Upload again = an_upload("1.2.3.1.1");
  EXPECT_EQ(put(again, bytes_of("virus")), Entry::apart);
  Upload cleaned = an_upload("1.2.3.1.1");
  EXPECT_EQ(put(cleaned, bytes_of("clean")), Entry::free);

  Upload refused = an_upload("1.2.3.1.2");
  put(refused, bytes_of("wrong"));
  move(refused, State::received, State::rejected);
  Upload resent = an_upload("1.2.3.1.2");
  EXPECT_EQ(put(resent, bytes_of("wrong")), Entry::free);
}

TEST_F(QuarantineTest, OneRecipientTakesHalfOfTheRoom) {
  open({.bytes = 100, .objects = 10});
  Upload one = an_upload("1.2.3.1.1");
  EXPECT_EQ(put(one, core::Bytes(50, 1)), Entry::free);
  Upload two = an_upload("1.2.3.1.2");
  EXPECT_EQ(put(two, core::Bytes(1, 1)), Entry::full);
  Upload others = an_upload("1.2.3.1.3");
  others.sender.recipient_id = std::string(32, 'c');
  EXPECT_EQ(put(others, core::Bytes(50, 1)), Entry::free);
}

TEST_F(QuarantineTest, WhatIsStoredMakesRoomAndIsKnownStill) {
  open({.bytes = 100, .objects = 10});
  Upload one = an_upload("1.2.3.1.1");
  put(one, core::Bytes(50, 1));
  move(one, State::received, State::released);
  EXPECT_TRUE(move(one, State::released, State::stored));
  EXPECT_FALSE(quarantine().content(one.id));
  EXPECT_EQ(quarantine().find(one.id)->state, State::stored);
  Upload two = an_upload("1.2.3.1.2");
  EXPECT_EQ(put(two, core::Bytes(50, 1)), Entry::free);
}

TEST_F(QuarantineTest, OfTwoWhoDecideTheFirstCounts) {
  Upload upload = an_upload();
  put(upload, bytes_of("one"));
  EXPECT_TRUE(move(upload, State::received, State::held));
  EXPECT_TRUE(move(upload, State::held, State::released));
  EXPECT_FALSE(move(upload, State::held, State::rejected));
  EXPECT_EQ(quarantine().find(upload.id)->decision->by, "sato");
}

TEST_F(QuarantineTest, TheTurnOfWhatWasPutOffComesLater) {
  Upload upload = an_upload();
  put(upload, bytes_of("one"));
  EXPECT_EQ(quarantine().due(kNow, 9), std::vector{upload.id});
  quarantine().put_off(upload.id, kNow + seconds(5));
  EXPECT_TRUE(quarantine().due(kNow, 9).empty());
  EXPECT_EQ(quarantine().due(kNow + seconds(5), 9), std::vector{upload.id});
}

TEST_F(QuarantineTest, AfterItsTermTheContentIsDestroyedAndLaterAllOfIt) {
  Upload upload = an_upload();
  put(upload, bytes_of("virus"));
  move(upload, State::received, State::apart);
  EXPECT_TRUE(quarantine().overdue(kNow, 9).empty());
  ASSERT_EQ(quarantine().overdue(kNow + hours(1), 9).size(), 1U);
  quarantine().erase(upload.id, kNow + hours(1));
  EXPECT_FALSE(quarantine().content(upload.id));
  EXPECT_EQ(quarantine().find(upload.id)->deleted_at, kNow + hours(1));
  quarantine().forget(kNow + hours(2));
  EXPECT_FALSE(quarantine().find(upload.id));
}

TEST_F(QuarantineTest, WhatWasArrivingWhenAProcessEndedIsGone) {
  Upload upload = an_upload();
  put(upload, bytes_of("half"));
  core::db::Database(place().database.string(), SQLite::OPEN_READWRITE)
      .exec("UPDATE upload SET state = 'arriving'");
  EXPECT_FALSE(quarantine().find(upload.id));
  EXPECT_TRUE(quarantine().due(kNow, 9).empty());
  open();
  EXPECT_EQ(quarantine().count().objects, 0U);
  Upload again = an_upload();
  EXPECT_EQ(put(again, bytes_of("whole")), Entry::free);
}

TEST_F(QuarantineTest, AnotherKeyIsRefused) {
  Upload upload = an_upload();
  put(upload, bytes_of("one"));
  std::filesystem::remove(place().key);
  EXPECT_THROW(open(), ReturnsKeyError);
  ReturnsKey::of_file(place().key);
  EXPECT_THROW(open(), ReturnsKeyError);
}

TEST_F(QuarantineTest, AForgedPieceIsNoObject) {
  Upload upload = an_upload();
  put(upload, bytes_of("one"));
  core::db::Database(place().database.string(), SQLite::OPEN_READWRITE)
      .exec("UPDATE piece SET box = zeroblob(31)");
  EXPECT_THROW(quarantine().content(upload.id), core::DatabaseError);
}

TEST_F(QuarantineTest, AListIsNarrowedAndPaged) {
  Upload one = an_upload("1.2.3.1.1");
  Upload two = an_upload("1.2.3.1.2");
  put(one, bytes_of("one"));
  put(two, bytes_of("two"));
  move(two, State::received, State::held);
  const auto ids = [&](const UploadFilter& filter) {
    std::vector<UploadId> found;
    for (const Upload& each : quarantine().list(filter)) found.push_back(each.id);
    return found;
  };
  EXPECT_EQ(ids({}), (std::vector{one.id, two.id}));
  EXPECT_EQ(ids({.order = sharing::ListOrder::newest_first, .limit = 1}), std::vector{two.id});
  EXPECT_EQ(ids({.after = one.id}), std::vector{two.id});
  EXPECT_EQ(ids({.state = State::held}), std::vector{two.id});
  EXPECT_EQ(ids({.request = "another"}), std::vector<UploadId>{});
  EXPECT_EQ(ids({.since = kNow + seconds(1)}), std::vector<UploadId>{});
  EXPECT_EQ(quarantine().open_of(one.share).size(), 2U);
}

}  // namespace
}  // namespace sekisho::returns
