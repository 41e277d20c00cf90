// SPDX-License-Identifier: GPL-3.0-or-later
// STOW-RS into the quarantine: what the answer says, and what becomes of it.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/store_error.h"
#include "returns/inspector.h"
#include "returns/open_quarantine.h"
#include "unit/dicomweb/recipient_desk.h"

namespace sekisho::tests {
namespace {

using returns::Fate;
using returns::Finding;
using returns::ScannerTrouble;
using returns::State;
using returns::Verdict;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr std::string_view kSr = "1.2.840.10008.5.1.4.1.1.88.33";
constexpr std::string_view kVirus = "X5O!P%@AP";
constexpr sharing::Permissions kReturns = {
    .view = true, .download = true, .give_back = true, .give_back_documents = true};

class QuarantineService : public ::testing::Test, public RecipientDesk {
 protected:
  void SetUp() override {
    put(image_);
    open({});
    to_ = share(masked(), sharing::StudyScope{{study_key("P1", "1.2.3")}}, kReturns);
  }

  /// As after a start: what is in the quarantine stays there.
  void open(returns::Rules rules, returns::Room room = {}) {
    quarantine_.reset();
    quarantine_ = returns::open_quarantine(returns::ReturnsPlace::in(directory_.path()), room);
    inspector_.emplace(
        ports_on(files()), *quarantine_,
        [this](core::ByteView stream, const core::Demand&) { return scan(stream); },
        returns::InspectorOptions{std::move(rules), days(30)});
    take_back_into(*inspector_);
  }

  std::variant<Finding, ScannerTrouble> scan(core::ByteView stream) {
    ++scans_;
    if (trouble_) return *trouble_;
    const bool is_infected = core::as_text(stream).find(kVirus) != std::string_view::npos;
    if (is_infected) return Finding{Verdict::infected, "Eicar.UNOFFICIAL"};
    return Finding{stream.size() > scanned_bytes_ ? Verdict::unscannable : Verdict::clean, ""};
  }

  Bytes report(std::string_view text = "no findings", std::string_view instance = "1.2.392.9.1.1",
               std::string reference = "") {
    const Json::Value row = rows(to_, "/instances?Modality=CT")[0];
    if (reference.empty()) reference = value(row, "00080018").asString();
    DatasetBuilder dataset;
    dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kSr)
        .text(Tag{0x0008, 0x0018}, Vr::UI, instance)
        .text(Tag{0x0010, 0x0010}, Vr::PN, "ANONYMOUS")
        .text(Tag{0x0020, 0x000D}, Vr::UI, value(row, "0020000D").asString())
        .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.392.9.1")
        .text(Tag{0x0040, 0xA160}, Vr::UT, text)
        .begin_sequence(Tag{0x0040, 0xA375})
        .begin_item()
        .text(Tag{0x0008, 0x1155}, Vr::UI, reference)
        .end_item()
        .end_sequence();
    return dataset.part10(kSr, instance);
  }
  dicomweb::Reply send(const Bytes& part10) {
    return post(to_, "/studies", R"(multipart/related; type="application/dicom"; boundary=edge)",
                "--edge\r\nContent-Type: application/dicom\r\n\r\n" +
                    std::string(core::as_text(part10)) + "\r\n--edge--");
  }
  void work() { inspector_->work(core::Demand()); }

  std::vector<core::InstanceKey> returned() {
    std::vector<core::InstanceKey> keys;
    const core::StudyKey& study = image_.series.study;
    for (const core::ListedSeries& series : archive().list(study)->series) {
      for (const core::ListedInstance& each : series.instances) {
        const core::InstanceKey key{{study, series.series}, each.instance};
        if (key != image_) keys.push_back(key);
      }
    }
    return keys;
  }
  std::vector<State> states() {
    std::vector<State> all;
    for (const auto& each : quarantine_->list({})) all.push_back(each.state);
    return all;
  }
  returns::Upload only() { return quarantine_->list({}).at(0); }
  std::vector<std::string> return_events() {
    last_entry();
    std::vector<std::string> events;
    for (const Json::Value& entry : entries()) {
      const std::string event = entry["event"].asString();
      if (event.starts_with("return.")) events.push_back(event);
    }
    return events;
  }
  static unsigned failure(const dicomweb::Reply& reply) {
    const Json::Value json = parse(reply.text());
    return json["00081198"]["Value"][0]["00081197"]["Value"][0].asUInt();
  }
  void take_away_scanner() { trouble_ = {ScannerTrouble::Of::scanner, "does not run"}; }
  void bring_back_scanner() {
    trouble_.reset();
    now += minutes(2);
  }

  const core::InstanceKey image_ = instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1");
  sharing::Share to_;
  int scans_ = 0;
  std::size_t scanned_bytes_ = std::size_t{1} << 20;
  std::optional<ScannerTrouble> trouble_;
  TemporaryDirectory directory_;
  std::unique_ptr<returns::Quarantine> quarantine_;
  std::optional<returns::Inspector> inspector_;
};

TEST_F(QuarantineService, WhatIsCleanIsStoredAtOnceAndEachStepIsOnRecord) {
  EXPECT_EQ(send(report()).status(), 200);
  ASSERT_EQ(returned().size(), 1U);
  EXPECT_EQ(states(), std::vector{State::stored});
  EXPECT_FALSE(quarantine_->content(only().id)) << "it is in the archive now";
  EXPECT_EQ(return_events(),
            (std::vector<std::string>{"return.receive", "return.scan", "return.release",
                                      "return.begin", "return.end"}));
}

TEST_F(QuarantineService, WhatIsInfectedIsKeptApartAndNeverReachesTheArchive) {
  const Bytes infected = report(kVirus);
  for (int times = 0; times < 3; ++times) {
    const auto reply = send(infected);
    EXPECT_EQ(reply.status(), 409);
    EXPECT_EQ(failure(reply), 0xC123U);
  }
  EXPECT_EQ(states(), std::vector{State::apart}) << "the same is not taken in again";
  now += days(29);
  work();
  EXPECT_TRUE(returned().empty());
  EXPECT_TRUE(quarantine_->content(only().id));
  now += days(2);
  work();
  EXPECT_FALSE(quarantine_->content(only().id));
  EXPECT_EQ(return_events(),
            (std::vector<std::string>{"return.receive", "return.scan", "return.delete"}));
}

TEST_F(QuarantineService, WhatCannotBeScannedIsNotClean) {
  scanned_bytes_ = 10;
  EXPECT_EQ(failure(send(report())), 0xC123U);
  EXPECT_EQ(only().scan->verdict, Verdict::unscannable);
  EXPECT_TRUE(returned().empty());
}

TEST_F(QuarantineService, WithoutItsScannerItWaitsAndIsStoredOnceWhenThatIsBack) {
  take_away_scanner();
  const Bytes object = report();
  for (int times = 0; times < 2; ++times) {
    const auto reply = send(object);
    EXPECT_EQ(reply.status(), 202);
    const Json::Value json = parse(reply.text());
    EXPECT_EQ(json["00081199"]["Value"][0]["00081196"]["Value"][0].asUInt(), 0xBF00U);
    EXPECT_FALSE(json.isMember("00081198"));
    EXPECT_EQ(reply.location(), "/api/returns?request=request-2");
  }
  work();
  EXPECT_TRUE(returned().empty());
  EXPECT_FALSE(inspector_->state().trouble.empty());
  bring_back_scanner();
  work();
  EXPECT_EQ(returned().size(), 1U);
  EXPECT_EQ(states(), std::vector{State::stored});
  EXPECT_TRUE(inspector_->state().trouble.empty());
  EXPECT_EQ(send(object).status(), 200) << "the archive has it";
  EXPECT_EQ(returned().size(), 1U);
}

TEST_F(QuarantineService, AScannerThatIsAwayIsNotAskedAgainForEachObject) {
  take_away_scanner();
  send(report("a", "1.2.392.9.1.1"));
  send(report("b", "1.2.392.9.1.2"));
  work();
  EXPECT_EQ(scans_, 1);
}

TEST_F(QuarantineService, AnObjectThatTheScannerDoesNotGetOverHoldsUpNoOther) {
  trouble_ = {ScannerTrouble::Of::object, "is too slow"};
  send(report("slow", "1.2.392.9.1.1"));
  trouble_.reset();
  EXPECT_EQ(send(report("quick", "1.2.392.9.1.2")).status(), 202);
  work();
  EXPECT_EQ(returned().size(), 1U);
  EXPECT_EQ(send(report("quicker", "1.2.392.9.1.3")).status(), 200);
  now += minutes(20);
  work();
  EXPECT_EQ(returned().size(), 3U);
}

TEST_F(QuarantineService, WhatARuleHoldsWaitsForStaff) {
  open({{}, Fate::hold});
  EXPECT_EQ(send(report()).status(), 202);
  now += hours(5);
  work();
  EXPECT_EQ(states(), std::vector{State::held});
  ASSERT_TRUE(quarantine_->move(only().id, State::held, State::released, {"sato", "", now}));
  work();
  EXPECT_EQ(returned().size(), 1U);
  EXPECT_EQ(only().decision->by, "sato");
}

TEST_F(QuarantineService, WhatIsReleasedLongAfterItsScanIsScannedAgain) {
  open({{}, Fate::hold});
  send(report(kVirus.substr(0, 4)));
  ASSERT_EQ(states(), std::vector{State::held});
  quarantine_->move(only().id, State::held, State::released, {"sato", "", now});
  scanned_bytes_ = 1;  // what is known of such files has changed
  now += hours(2);
  work();
  EXPECT_EQ(states(), std::vector{State::apart});
  EXPECT_TRUE(returned().empty());
}

TEST_F(QuarantineService, AnotherObjectByTheSameUidsIsRefusedWhileOneWaits) {
  open({{}, Fate::hold});
  send(report("one"));
  const auto reply = send(report("two"));
  EXPECT_EQ(reply.status(), 409);
  EXPECT_EQ(failure(reply), 0x0111U);
  EXPECT_EQ(states().size(), 1U);
}

TEST_F(QuarantineService, WhatWaitsCanBeReferredTo) {
  open({{}, Fate::hold});
  send(report("one", "1.2.392.9.1.1"));
  EXPECT_EQ(send(report("two", "1.2.392.9.1.2", "1.2.392.9.1.1")).status(), 202);
  EXPECT_EQ(failure(send(report("three", "1.2.392.9.1.3", "1.2.392.9.1.4"))), 0x0112U);
}

TEST_F(QuarantineService, WithoutRoomNothingIsTakenAndTheAnswerSaysSo) {
  open({{}, Fate::hold}, {.bytes = 1 << 20, .objects = 2});
  EXPECT_EQ(send(report("one", "1.2.392.9.1.1")).status(), 202);
  const auto reply = send(report("two", "1.2.392.9.1.2"));
  EXPECT_EQ(reply.status(), 409);
  EXPECT_EQ(failure(reply), 0xA700U);
  EXPECT_TRUE(inspector_->state().is_full);
  EXPECT_EQ(last_entry()["detail"], "return: out of resources");
}

TEST_F(QuarantineService, WhatTheArchiveDoesNotTakeIsTriedAgain) {
  bool is_down = true;
  files().before_store = [&] {
    if (is_down) throw core::StoreError("down");
  };
  EXPECT_EQ(send(report()).status(), 202);
  EXPECT_EQ(states(), std::vector{State::released});
  is_down = false;
  now += minutes(1);
  work();
  EXPECT_EQ(returned().size(), 1U);
  EXPECT_EQ(states(), std::vector{State::stored});
}

TEST_F(QuarantineService, CutOffBehindTheArchiveItGoesOnWithoutStoringTwice) {
  bool is_cut = true;
  files().after_store = [&] {
    if (is_cut) throw core::StoreError("gone");
  };
  send(report());
  ASSERT_EQ(returned().size(), 1U);
  ASSERT_EQ(states(), std::vector{State::released});
  is_cut = false;
  open({});  // another process
  now += minutes(1);
  work();
  EXPECT_EQ(returned().size(), 1U);
  EXPECT_EQ(states(), std::vector{State::stored});
  EXPECT_EQ(shares().returned(to_.id).at(0).stage, sharing::ReturnedObject::Stage::stored);
}

TEST_F(QuarantineService, WhatSomebodyElseHasStoredByItsUidsStays) {
  open({{}, Fate::hold});
  send(report());
  const core::InstanceKey key = only().key;
  put(key, {.description = "SOMEBODY ELSE'S"});
  quarantine_->move(only().id, State::held, State::released, {"sato", "", now});
  work();
  EXPECT_EQ(states(), std::vector{State::rejected});
  const auto file = archive().open(key);
  EXPECT_NE(core::as_text(file->view()).find("SOMEBODY ELSE'S"), std::string_view::npos);
}

TEST_F(QuarantineService, WhatWasTakenWhileTheShareWasLiveIsStoredAfterItsEnd) {
  open({{}, Fate::hold});
  send(report());
  shares().revoke(to_.id, "over", now);
  quarantine_->move(only().id, State::held, State::released, {"sato", "", now});
  work();
  EXPECT_EQ(returned().size(), 1U);
}

TEST_F(QuarantineService, NothingIsTakenThatCannotBePutOnRecord) {
  const Bytes object = report();
  break_log();
  EXPECT_EQ(send(object).status(), 503);
  EXPECT_TRUE(states().empty());
}

}  // namespace
}  // namespace sekisho::tests
