// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/share_views.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/eventful_dicom_store.h"
#include "support/temporary_directory.h"
#include "unit/dicomweb/recipient_desk.h"

namespace sekisho::disclosure {
namespace {

using tests::RecipientDesk;

// A view that had moved would look up names by the key of the one that it came from.
static_assert(!std::is_move_constructible_v<ShareView>);
static_assert(!std::is_move_assignable_v<ShareView>);

class ShareViewsTest : public testing::Test, public RecipientDesk {
 protected:
  ShareViewsTest() { put(tests::instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1")); }

  void destroy_key_of(const sharing::Share& share) {
    shares().revoke(share.id, "", now);
    ASSERT_TRUE(shares().destroy_mask_key(share.id, now));
    views.drop(share.id);
  }
  std::shared_ptr<const ShareView> view_of(const sharing::Share& share) {
    auto view = views.of(share, Freshness::present, now);
    return std::get<std::shared_ptr<const ShareView>>(std::move(view));
  }
  sharing::Denial denial_of(const sharing::Share& share, Freshness freshness) {
    return std::get<sharing::Denial>(views.of(share, freshness, now));
  }

  tests::EventfulDicomStore eventful{archive()};
  const Ports ports = ports_on(eventful);
  RowCache rows{64ULL << 20, {}};
  ShareViews views{ports, rows, 128U << 20U};
};

TEST_F(ShareViewsTest, AreKeptWhileNothingChanges) {
  const auto given = share(tests::masked());
  EXPECT_EQ(view_of(given), view_of(given));
}

TEST_F(ShareViewsTest, LetADestroyedKeyGo) {
  const auto given = share(tests::masked());
  const auto other = share(tests::masked());
  const std::weak_ptr<const ShareView> view = view_of(given);
  const std::weak_ptr<const ShareView> kept = view_of(other);
  ASSERT_FALSE(view.expired());
  destroy_key_of(given);
  EXPECT_TRUE(view.expired());
  EXPECT_FALSE(kept.expired());
  EXPECT_EQ(denial_of(given, Freshness::present), sharing::Denial::destroyed_key);
  EXPECT_EQ(denial_of(given, Freshness::recent), sharing::Denial::destroyed_key);
}

TEST_F(ShareViewsTest, KeepNoKeyThatIsDestroyedWhileTheyAreBuilt) {
  const auto given = share(tests::masked());
  eventful.on_open = [&] {
    eventful.on_open = [] {};
    destroy_key_of(given);
  };
  std::weak_ptr<const ShareView> view;
  {
    const auto in_use = view_of(given);
    ASSERT_NE(in_use, nullptr) << "the answer under way ends";
    view = in_use;
  }
  EXPECT_TRUE(view.expired());
}

TEST_F(ShareViewsTest, WithoutAKeyAreToldFromOthersInTheLogAlone) {
  const auto given = share(tests::masked());
  destroy_key_of(given);
  // As if the request had read the share a moment before.
  EXPECT_EQ(get(given, "/studies").status(), 404);
  EXPECT_EQ(entries().back()["detail"], "destroyed_key");
}

TEST_F(ShareViewsTest, OfOneBrokenShareDoNotCloseTheOthersOfItsRecipient) {
  const auto broken = share(R"({"Name":"of a newer version"})");
  const auto sound = share(tests::masked());
  EXPECT_EQ(get(broken, "/studies").status(), 404);
  EXPECT_EQ(entries().back()["detail"], "unreadable_profile");
  EXPECT_EQ(get(std::vector{broken, sound}, "/studies").status(), 200);
}

TEST_F(ShareViewsTest, ReadEveryFileOnceHoweverManyAskFirst) {
  const auto given = share(tests::masked());
  std::atomic<int> opened = 0;
  eventful.on_open = [&] { ++opened; };
  const auto alone = view_of(given);
  const int by_one = opened;
  views.drop(given.id);
  opened = 0;
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < 8; ++i) workers.emplace_back([&] { EXPECT_NE(view_of(given), nullptr); });
  }
  EXPECT_EQ(opened, by_one);
}

TEST_F(ShareViewsTest, TellStaffHowFarTheyAre) {
  put(tests::instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.2"));
  put(tests::instance_key("P1", "1.2.3", "1.2.3.2", "1.2.3.2.1"));
  auto given = share(tests::masked());
  given.scope = sharing::SeriesScope{{tests::series_key("P1", "1.2.3", "1.2.3.1")}};
  std::vector<LookProgress> seen;
  eventful.on_open = [&] { seen.push_back(looks().under_way().at(0)); };
  view_of(given);
  ASSERT_GE(seen.size(), 2U);
  EXPECT_EQ(seen[0].subject.purpose, LookFor::view);
  EXPECT_EQ(seen[0].subject.share, given.id);
  EXPECT_EQ(seen[0].subject.recipient, given.recipient);
  EXPECT_EQ(seen[0].total, 2U) << "what the share holds";
  EXPECT_EQ(seen[0].done, 0U);
  EXPECT_EQ(seen[1].done, 1U);
  EXPECT_TRUE(looks().under_way().empty());
}

TEST_F(ShareViewsTest, KeepTheRowOfEveryInstanceThatTheyMasked) {
  const auto given = share(tests::masked());
  const auto view = view_of(given);
  const std::string& revision =
      view->studies().front()->series.front().instances.front().original->revision;
  EXPECT_NE(rows.find(given.id.text(), revision), nullptr);
}

TEST_F(ShareViewsTest, OfManySharesAreAllKept) {
  std::vector<sharing::Share> given;
  for (int i = 0; i < 300; ++i) given.push_back(share(tests::masked()));
  std::vector<std::shared_ptr<const ShareView>> first;
  for (const auto& each : given) first.push_back(view_of(each));
  for (std::size_t i = 0; i < given.size(); ++i) EXPECT_EQ(view_of(given[i]), first[i]);
}

TEST_F(ShareViewsTest, SeeWhatArrivedInAStudyThatIsAskedFor) {
  const auto given = share(tests::masked());
  const auto view = view_of(given);
  const core::Uid study = view->studies().front()->uid;
  const auto again = [&] {
    return std::get<0>(views.of_study(given, study, Freshness::present, now));
  };
  EXPECT_EQ(again(), view);
  put(tests::instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.2"));
  EXPECT_EQ(again()->studies().front()->instances(), 2U);
}

TEST_F(ShareViewsTest, MadeAnewHaveTheStudiesInWhichNothingCame) {
  const core::InstanceKey of_other = tests::instance_key("P1", "1.2.4", "1.2.4.1", "1.2.4.1.1");
  put(of_other);
  const auto given = share(tests::masked(), sharing::PatientScope{"P1"});
  const auto view = view_of(given);
  ASSERT_EQ(view->studies().size(), 2U);
  int opened = 0;
  eventful.on_open = [&] { ++opened; };
  put(tests::instance_key("P1", "1.2.4", "1.2.4.1", "1.2.4.1.2"));
  const auto anew = view_of(given);
  EXPECT_NE(anew, view);
  for (const ShownStudy* study : anew->studies()) {
    const bool has_grown = study->original->key.study == of_other.series.study.study;
    EXPECT_EQ(view->study(study->uid) == study, !has_grown);
    EXPECT_EQ(study->instances(), has_grown ? 2U : 1U);
  }
  EXPECT_LE(opened, 2) << "what came, and for the words of its study one more";
}

class ShareViewsWithVerdicts : public ShareViewsTest {
 protected:
  std::shared_ptr<const ShareView> look(const sharing::Share& share) {
    ShareViews fresh(with_verdicts, rows, 128U << 20U);
    return std::get<std::shared_ptr<const ShareView>>(fresh.of(share, Freshness::present, now));
  }
  std::string revision_of(std::size_t number) {
    const core::StudyKey study{"P1", core::Uid::parse("1.2.3").value()};
    return archive().list(study)->series.at(0).instances.at(number).revision;
  }

  tests::TemporaryDirectory cache_directory;
  core::CacheFile cache{cache_directory.path() / "cache.db", 1 << 24};
  anonymization::Verdicts verdicts{cache, {}, "test"};
  const Ports with_verdicts = [this] {
    Ports made = ports_on(eventful);
    made.verdicts = &verdicts;
    return made;
  }();
};

TEST_F(ShareViewsWithVerdicts, BelieveWhatIsKnownAboutAFile) {
  put(tests::instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.2"));
  const auto given = share(tests::masked());
  const auto first = look(given);
  EXPECT_EQ(first->studies().front()->instances(), 2U);
  const anonymization::Verdicts::Terms terms{anonymization::Verdicts::digest_of(first->profile())};
  ASSERT_TRUE(verdicts.find(revision_of(1), terms));
  EXPECT_FALSE(verdicts.find(revision_of(1), terms)->withheld);
  verdicts.keep(revision_of(1), terms, {anonymization::WithholdReason::waveform, {}});
  EXPECT_EQ(look(given)->studies().front()->instances(), 1U);
}

TEST_F(ShareViewsWithVerdicts, AskAnewOnceStaffHaveApprovedASeries) {
  auto given = share(tests::masked());
  const anonymization::Verdicts::Terms terms{
      anonymization::Verdicts::digest_of(look(given)->profile())};
  verdicts.keep(revision_of(0), terms, {anonymization::WithholdReason::waveform, {}});
  EXPECT_TRUE(look(given)->studies().empty());
  given.approved_series = {tests::instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1").series};
  EXPECT_EQ(look(given)->studies().size(), 1U);
}

TEST_F(ShareViewsTest, AreBuiltByTheNextWhoWaitsWhenTheirBuilderGoesAway) {
  const auto given = share(tests::masked());
  std::stop_source left;
  std::promise<void> begun;
  std::promise<void> second_waits;
  eventful.on_open = [&] {
    eventful.on_open = [] {};
    begun.set_value();
    second_waits.get_future().wait();
    left.request_stop();
  };
  auto first = std::async(std::launch::async, [&] {
    views.of(given, Freshness::present, now, core::Demand(left.get_token()));
  });
  begun.get_future().wait();
  auto second = std::async(std::launch::async, [&] {
    int asked = 0;
    const core::Demand demand(std::stop_token(), [&] {
      if (++asked == 2) second_waits.set_value();  // the first time, when it lists
      return true;
    });
    return std::get<0>(views.of(given, Freshness::present, now, demand));
  });
  EXPECT_THROW(first.get(), core::DemandOver);
  EXPECT_EQ(second.get()->studies().size(), 1U);
}

TEST_F(ShareViewsTest, KeepNobodyWaitingWhoHasGone) {
  const auto given = share(tests::masked());
  std::promise<void> begun;
  std::promise<void> may_go_on;
  eventful.on_open = [&] {
    eventful.on_open = [] {};
    begun.set_value();
    may_go_on.get_future().wait();
  };
  auto first = std::async(std::launch::async, [&] { return view_of(given); });
  begun.get_future().wait();
  std::stop_source left;
  left.request_stop();
  EXPECT_THROW(views.of(given, Freshness::present, now, core::Demand(left.get_token())),
               core::DemandOver);
  may_go_on.set_value();
  EXPECT_NE(first.get(), nullptr);
}

}  // namespace
}  // namespace sekisho::disclosure
