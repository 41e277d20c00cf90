// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/disclosure.h"

#include <gtest/gtest.h>

#include <stop_token>
#include <type_traits>

#include "dicomweb/reply.h"
#include "disclosure/share_views.h"
#include "support/eventful_dicom_store.h"
#include "unit/dicomweb/recipient_desk.h"

namespace sekisho::disclosure {
namespace {

using sharing::Denial;
using sharing::Grant;
using sharing::Permission;
using tests::instance_key;
using tests::RecipientDesk;

// None of these is made but by its one maker.
template <class Type>
inline constexpr bool kIsMadeByNobody =
    !std::is_default_constructible_v<Type> && !std::is_aggregate_v<Type>;
static_assert(kIsMadeByNobody<Grant>);
static_assert(!std::is_constructible_v<Grant, sharing::ShareId, sharing::RecipientId, Permission,
                                       sharing::Object>);
static_assert(kIsMadeByNobody<Granted>);
static_assert(!std::is_constructible_v<
              Granted, std::shared_ptr<const ShareView>, sharing::IntendedUse, sharing::Credential,
              std::vector<Grant>, std::vector<InstanceRef>, Level, core::Time>);
static_assert(kIsMadeByNobody<audit::Receipt>);
static_assert(!std::is_constructible_v<audit::Receipt, std::uint64_t, core::Sha256>);
static_assert(kIsMadeByNobody<Disclosure>);
static_assert(!std::is_constructible_v<Disclosure, Granted, audit::Receipt,
                                       std::unique_ptr<Showing>, const Ports&, std::stop_token>);
static_assert(!std::is_copy_constructible_v<Disclosure>);
static_assert(kIsMadeByNobody<DisclosedRows>);
static_assert(!std::is_constructible_v<DisclosedRows, audit::Receipt>);

// And no patient data gets into a reply without them.
template <class... Arguments>
concept MakesJson = requires(Arguments... arguments) {
  dicomweb::Reply::rows(std::move(arguments)..., std::string(), std::string());
};
template <class Body>
concept MakesStream = requires(std::unique_ptr<Body> body) {
  dicomweb::Reply::stream(std::string(), std::nullopt, std::move(body));
};
static_assert(MakesJson<DisclosedRows>);
static_assert(!MakesJson<audit::Receipt>);
static_assert(!MakesJson<>);
static_assert(MakesStream<dicomweb::DisclosedBody>);
static_assert(!MakesStream<http::Body>);
static_assert(!std::is_default_constructible_v<dicomweb::DisclosedBody>);

const core::InstanceKey kFirst = instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1");
const core::InstanceKey kSecond = instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.2");

/// Of more elements than are walked without a question.
core::Bytes a_long_file(const core::InstanceKey& key) {
  tests::DatasetBuilder dataset;
  dataset.text(tests::Tag{0x0008, 0x0016}, tests::Vr::UI, tests::kCtImage)
      .text(tests::Tag{0x0008, 0x0018}, tests::Vr::UI, key.instance.text())
      .begin_sequence(tests::Tag{0x0008, 0x1115});
  for (int i = 0; i < 10'000; ++i) dataset.begin_item().end_item();
  return dataset.end_sequence().part10(tests::kCtImage, key.instance.text());
}

class DisclosureTest : public testing::Test, public RecipientDesk {
 protected:
  DisclosureTest() {
    put(kFirst);
    put(kSecond);
  }
  std::shared_ptr<const ShareView> view_of(const sharing::Share& of) {
    return std::get<0>(views.of(of, Freshness::present, now));
  }
  std::variant<Granted, Denial> ask(const sharing::Share& of) {
    auto view = view_of(of);
    auto instances = view->find({view->studies().front()->uid, {}, {}});
    return Granted::ask(std::move(view), of, who(), Permission::download, std::move(instances),
                        Level::study, now);
  }
  Granted granted(const sharing::Share& of) { return std::get<Granted>(ask(of)); }
  Disclosure disclosed(const sharing::Share& of) {
    audit::Event event;
    event.authentication = "token";
    event.recipient_id = who().recipient().id.text();
    return disclose(granted(of), RecordedAs::transfer, event, viewings, ports, gone.get_token());
  }
  std::string outcome_of(Disclosure disclosure) {
    disclosure.end(Ending::aborted, 1, 100);
    return last_entry()["detail"].asString();
  }
  void revoke_credential() {
    ASSERT_TRUE(
        recipients().revoke_token(recipients().tokens(who().recipient().id).front().id, now));
  }

  tests::EventfulDicomStore eventful{archive()};
  const Ports ports = ports_on(eventful);
  RowCache rows{64ULL << 20, {}};
  ShareViews views{ports, rows, 128U << 20U};
  Viewings viewings{ports.log, ports.clock};
  const sharing::Share given = share(tests::masked());
};

TEST_F(DisclosureTest, IsOnRecordBeforeAnythingIsTaken) {
  Disclosure disclosure = disclosed(given);
  const auto entry = entries().back();
  EXPECT_EQ(entry["event"], "transfer.begin");
  EXPECT_EQ(entry["share"], given.id.text());
  EXPECT_EQ(entry["seq"].asUInt64(), disclosure.receipt().seq());
  EXPECT_EQ(disclosure.size(), 2U);
  disclosure.take(0);
  disclosure.take(1);
  disclosure.end(Ending::complete, 2, 1000);
  EXPECT_EQ(last_entry()["detail"], "complete");
}

TEST_F(DisclosureTest, SmallFilesLeaveThoughOthersHaveAllTheMemory) {
  const auto all = memory().take(UINT64_MAX);
  Disclosure disclosure = disclosed(given);
  EXPECT_EQ(disclosure.take(0).kept_bytes(), 0U);
  EXPECT_EQ(disclosure.take(1).kept_bytes(), 0U);
  disclosure.end(Ending::complete, 2, 1000);
}

TEST_F(DisclosureTest, NothingIsGrantedOfWhatTheShareDoesNotAllow) {
  const auto only_to_look = share(tests::masked(), given.scope, {.view = true});
  EXPECT_EQ(std::get<Denial>(ask(only_to_look)), Denial::missing_permission);
}

TEST_F(DisclosureTest, NothingIsGrantedByTheViewOfAnotherShare) {
  auto view = view_of(given);
  auto instances = view->find({view->studies().front()->uid, {}, {}});
  const auto other = share(tests::masked());
  EXPECT_THROW(Granted::ask(view, other, who(), Permission::download, instances, Level::study, now),
               std::logic_error);
  EXPECT_THROW(Granted::ask(view_of(other), other, who(), Permission::download, instances,
                            Level::study, now),
               std::logic_error);
}

TEST_F(DisclosureTest, GivesNothingMoreOnceTheShareIsRevoked) {
  Disclosure disclosure = disclosed(given);
  disclosure.take(0);
  shares().revoke(given.id, "", now);
  EXPECT_THROW(disclosure.take(1), std::runtime_error);
  EXPECT_FALSE(disclosure.may_go_on());
  EXPECT_EQ(outcome_of(std::move(disclosure)), "revoked");
}

TEST_F(DisclosureTest, GivesNothingMoreOnceTheTokenIsRevoked) {
  Disclosure disclosure = disclosed(given);
  revoke_credential();
  EXPECT_THROW(disclosure.take(0), std::runtime_error);
  EXPECT_EQ(outcome_of(std::move(disclosure)), "revoked");
}

TEST_F(DisclosureTest, GoesOnForATenthOfASecondAfterTheTokenHasExpiredAndNoLonger) {
  Disclosure disclosure = disclosed(given);
  EXPECT_TRUE(disclosure.may_go_on());
  now += std::chrono::days(20);
  EXPECT_FALSE(disclosure.may_go_on());
  EXPECT_EQ(outcome_of(std::move(disclosure)), "revoked");
}

TEST_F(DisclosureTest, SaysThatTheArchiveFailedAndNotThatTheClientLeft) {
  Disclosure disclosure = disclosed(given);
  eventful.on_open = [] { throw core::StoreError("the disk is gone"); };
  EXPECT_THROW(disclosure.take(0), core::StoreError);
  EXPECT_EQ(outcome_of(std::move(disclosure)), "trouble");
}

TEST_F(DisclosureTest, SaysThatAnInstanceIsGone) {
  Disclosure disclosure = disclosed(given);
  archive().remove(kFirst);
  archive().remove(kSecond);
  EXPECT_THROW(disclosure.take(0), std::runtime_error);
  EXPECT_EQ(outcome_of(std::move(disclosure)), "unavailable");
}

TEST_F(DisclosureTest, SaysAbortedWhereTheClientLeft) {
  EXPECT_EQ(outcome_of(disclosed(given)), "aborted");
}

TEST_F(DisclosureTest, RowsDoNotLeaveOnceTheShareIsRevoked) {
  std::vector<Granted> rows_of_it;
  rows_of_it.push_back(granted(given));
  audit::Event event;
  event.code = audit::EventCode::query;
  EXPECT_TRUE(disclose_rows(rows_of_it, event, who().credential(), ports));
  shares().revoke(given.id, "", now);
  const auto before = entries().size();
  EXPECT_FALSE(disclose_rows(rows_of_it, event, who().credential(), ports));
  EXPECT_EQ(entries().size(), before) << "nothing was about to leave";
}

TEST_F(DisclosureTest, RowsDoNotLeaveOnceTheTokenIsRevoked) {
  audit::Event event;
  event.code = audit::EventCode::query;
  revoke_credential();
  EXPECT_FALSE(disclose_rows({}, event, who().credential(), ports));
}

TEST_F(DisclosureTest, MasksNothingForAClientWhoHasGone) {
  Disclosure disclosure = disclosed(given);
  disclosure.take(0);
  gone.request_stop();
  int opened = 0;
  eventful.on_open = [&] { ++opened; };
  EXPECT_THROW(disclosure.take(1), core::DemandOver);
  EXPECT_EQ(opened, 0);
  EXPECT_EQ(outcome_of(std::move(disclosure)), "aborted");
}

TEST_F(DisclosureTest, IsRevokedAlsoWhereThatIsSeenWhileAnInstanceIsMasked) {
  Disclosure disclosure = disclosed(given);
  eventful.on_open = [&] {
    shares().revoke(given.id, "", now);
    now += std::chrono::seconds(1);
  };
  for (const auto& key : {kFirst, kSecond}) archive().put(key, a_long_file(key));
  EXPECT_THROW(disclosure.take(1), std::runtime_error);
  EXPECT_EQ(outcome_of(std::move(disclosure)), "revoked");
}

}  // namespace
}  // namespace sekisho::disclosure
