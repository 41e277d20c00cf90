// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/listings.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "core/resource_id.h"
#include "core/store_error.h"

namespace sekisho::plugin {
namespace {

using std::chrono::seconds;

core::Uid uid(const std::string& text) { return core::Uid::parse(text).value(); }
core::StudyKey study(int number) { return {"P1", uid("1.2." + std::to_string(number))}; }

/// Studies of one series, each instance with a revision of its own; it can be made to wait.
class Archive {
 public:
  void put(const core::StudyKey& key, std::size_t instances) {
    const std::lock_guard lock(mutex_);
    instances_[key] = instances;
  }
  void remove(const core::StudyKey& key) {
    const std::lock_guard lock(mutex_);
    instances_.erase(key);
  }
  /// The next listing is read and then kept back until the answer is set.
  std::promise<void> hold_next() {
    std::promise<void> release;
    const std::lock_guard lock(mutex_);
    held_ = release.get_future().share();
    is_held_ = std::promise<void>();
    return release;
  }
  void wait_until_held() { is_held_.get_future().wait(); }

  Listings::Source source() {
    return {{[this] {
               if (fails) throw core::StoreError("no answer");
               ++asked_for_last_change;
               return counts_changes ? std::optional<Arrivals::Number>(last_change) : std::nullopt;
             },
             [](Arrivals::Number, Arrivals::Number) { return std::nullopt; }},
            [this](const std::string& patient) { return studies_of(patient); },
            [this](const std::string&) {
              ++asked_for_last_update;
              return std::optional<std::string>("then");
            },
            [this](const core::StudyKey& key, const std::string& id) { return list(key, id); }};
  }

  std::atomic<int> asked = 0;  ///< for a listing
  std::atomic<int> asked_for_studies = 0;
  std::atomic<int> asked_for_last_change = 0;
  std::atomic<int> asked_for_last_update = 0;
  std::atomic<std::uint64_t> last_change = 1;
  std::atomic<bool> counts_changes = true;
  std::atomic<bool> fails = false;
  std::function<void()> takes_a_second = [] {};  ///< set before anybody asks

 private:
  std::vector<core::StudyKey> studies_of(const std::string& patient) {
    ++asked_for_studies;
    const std::lock_guard lock(mutex_);
    std::vector<core::StudyKey> studies;
    for (const auto& [key, _] : instances_) {
      if (key.patient_id == patient) studies.push_back(key);
    }
    return studies;
  }
  std::optional<ListedStudy> list(const core::StudyKey& key, const std::string& id) {
    takes_a_second();
    ++asked;
    std::unique_lock lock(mutex_);
    const auto found = instances_.find(key);
    std::optional<ListedStudy> listed;
    if (found != instances_.end()) {
      core::ListedSeries series{uid(key.study.str() + ".1"), {}};
      for (std::size_t i = 0; i < found->second; ++i) {
        series.instances.push_back({uid(series.series.str() + "." + std::to_string(i)), "r", 1});
      }
      listed = ListedStudy{{key, {series}}, {id + "-series"}};
    }
    const auto held = std::exchange(held_, {});
    if (held.valid()) {
      is_held_.set_value();
      lock.unlock();
      held.wait();
    }
    return listed;
  }

  std::mutex mutex_;
  std::map<core::StudyKey, std::size_t> instances_;
  std::shared_future<void> held_;
  std::promise<void> is_held_;
};

std::size_t size_of(const Listings::Listing& listing) {
  return listing->series.at(0).instances.size();
}

class ListingsTest : public testing::Test {
 protected:
  ListingsTest() { archive.put(study(1), 1); }
  std::unique_ptr<Listings> listings_within(std::size_t limit_bytes) {
    return std::make_unique<Listings>(archive.source(), clock(),
                                      Listings::Limits{seconds(10), seconds(60), limit_bytes});
  }
  core::Clock clock() {
    return [this] { return now.load(); };
  }
  void pass(seconds time) { now = now.load() + time; }
  Listings::Listing present(Listings& listings, const core::StudyKey& study) const {
    return listings.of(study, now.load());
  }

  std::atomic<core::Time> now{core::Time(seconds(1'800'000'000))};
  Archive archive;
};

TEST_F(ListingsTest, AStudyThatDidNotChangeIsAskedForOnce) {
  Listings listings(archive.source(), clock());
  const auto first = present(listings, study(1));
  pass(seconds(10));
  EXPECT_EQ(present(listings, study(1)), first);
  EXPECT_EQ(archive.asked, 1);
}

TEST_F(ListingsTest, NobodyWaitsForAnOldListingToBeRenewed) {
  Listings listings(archive.source(), clock());
  const auto first = present(listings, study(1));
  archive.put(study(1), 2);
  pass(seconds(11));
  auto release = archive.hold_next();
  EXPECT_EQ(present(listings, study(1)), first);
  archive.wait_until_held();
  EXPECT_EQ(present(listings, study(1)), first);
  release.set_value();
  while (present(listings, study(1)) == first) std::this_thread::yield();
  EXPECT_EQ(size_of(present(listings, study(1))), 2U);
  EXPECT_EQ(archive.asked, 2);
}

TEST_F(ListingsTest, ARenewedListingOfTheSameContentKeepsItsObject) {
  Listings listings(archive.source(), clock());
  const auto first = present(listings, study(1));
  pass(seconds(61));
  EXPECT_EQ(present(listings, study(1)), first);
  EXPECT_EQ(archive.asked, 2);
}

TEST_F(ListingsTest, WhatAnotherOrthancDeletedIsListedForAMinuteAtMost) {
  Listings listings(archive.source(), clock());
  present(listings, study(1));
  archive.remove(study(1));
  pass(seconds(61));
  EXPECT_EQ(present(listings, study(1)), nullptr);
  EXPECT_EQ(listings.last(core::resource_id(study(1))), nullptr);
}

TEST_F(ListingsTest, AnAnnouncedChangeShowsAtOnce) {
  Listings listings(archive.source(), clock());
  present(listings, study(1));
  archive.put(study(1), 2);
  listings.note_change(core::resource_id(study(1)) + "-series");
  EXPECT_EQ(size_of(present(listings, study(1))), 2U);
  listings.note_change("another");
  present(listings, study(1));
  EXPECT_EQ(archive.asked, 2);
}

TEST_F(ListingsTest, ARenewalThatBeganBeforeAChangeDoesNotHideIt) {
  Listings listings(archive.source(), clock());
  present(listings, study(1));
  pass(seconds(11));
  auto release = archive.hold_next();
  present(listings, study(1));
  archive.wait_until_held();
  archive.put(study(1), 2);
  listings.note_change(core::resource_id(study(1)));
  EXPECT_EQ(size_of(present(listings, study(1))), 2U);
  release.set_value();
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(size_of(present(listings, study(1))), 2U);
}

TEST_F(ListingsTest, ArchiveTroubleIsHeardByWhoeverNeedsAnAnswerOfNow) {
  Listings listings(archive.source(), clock());
  archive.fails = true;
  EXPECT_THROW(present(listings, study(1)), core::StoreError);
  archive.fails = false;
  EXPECT_EQ(size_of(present(listings, study(1))), 1U);
}

TEST_F(ListingsTest, AShareOfThousandsOfStudiesIsListedOnce) {
  constexpr int kStudies = 3000;
  for (int i = 0; i < kStudies; ++i) archive.put(study(i), 1);
  Listings listings(archive.source(), clock());
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < kStudies; ++i) present(listings, study(i));
  }
  EXPECT_EQ(archive.asked, kStudies);
}

TEST_F(ListingsTest, OneQuestionTellsThatNothingCameIntoAnyStudy) {
  constexpr int kStudies = 100;
  for (int i = 0; i < kStudies; ++i) archive.put(study(i), 1);
  Listings listings(archive.source(), clock());
  for (int i = 0; i < kStudies; ++i) present(listings, study(i));
  archive.asked_for_last_change = archive.asked_for_last_update = 0;
  pass(seconds(1));
  for (int i = 0; i < kStudies; ++i) present(listings, study(i));
  EXPECT_EQ(archive.asked_for_last_change, 1);
  EXPECT_EQ(archive.asked_for_last_update, 0);
}

TEST_F(ListingsTest, OnceSomethingCameEachStudyIsAskedForItself) {
  Listings listings(archive.source(), clock());
  const auto first = present(listings, study(1));
  archive.asked_for_last_update = 0;
  for (int change = 0; change < 2; ++change) {
    ++archive.last_change;
    pass(seconds(1));
    EXPECT_EQ(present(listings, study(1)), first);
    pass(seconds(1));
    EXPECT_EQ(present(listings, study(1)), first);
  }
  EXPECT_EQ(archive.asked_for_last_update, 2);
  EXPECT_EQ(archive.asked, 1);
}

TEST_F(ListingsTest, AnArchiveThatCountsNoChangesIsAskedForEachStudy) {
  archive.counts_changes = false;
  Listings listings(archive.source(), clock());
  const auto first = present(listings, study(1));
  pass(seconds(1));
  EXPECT_EQ(present(listings, study(1)), first);
  EXPECT_EQ(archive.asked_for_last_update, 2);
  EXPECT_EQ(archive.asked, 1);
}

TEST_F(ListingsTest, APatientsStudiesAreAskedForOnceWhileNothingComes) {
  archive.put(study(2), 1);
  Listings listings(archive.source(), clock());
  const std::vector both = {study(1), study(2)};
  EXPECT_EQ(listings.studies_of("P1", now.load()), both);
  pass(seconds(1));
  EXPECT_EQ(listings.studies_of("P1", now.load()), both);
  EXPECT_EQ(archive.asked_for_studies, 1);
}

TEST_F(ListingsTest, AStudyThatCameToAPatientShowsAtOnce) {
  Listings listings(archive.source(), clock());
  listings.studies_of("P1", now.load());
  archive.put(study(2), 1);
  ++archive.last_change;
  pass(seconds(1));
  EXPECT_EQ(listings.studies_of("P1", now.load()).size(), 2U);
  archive.put(study(3), 1);
  listings.note_change(core::patient_resource_id("P1"));
  EXPECT_EQ(listings.studies_of("P1", now.load()).size(), 3U);
}

TEST_F(ListingsTest, APatientWhoseStudyGrowsIsNotAskedFor) {
  Listings listings(archive.source(), clock());
  listings.studies_of("P1", now.load());
  listings.note_change(core::resource_id(study(1)));
  listings.studies_of("P1", now.load());
  EXPECT_EQ(archive.asked_for_studies, 1);
}

TEST_F(ListingsTest, AStudyThatAPatientLostShowsAtOnceOrTenSecondsAfterAnotherOrthancDeletedIt) {
  archive.put(study(2), 1);
  archive.put(study(3), 1);
  Listings listings(archive.source(), clock());
  listings.studies_of("P1", now.load());
  archive.remove(study(3));
  listings.note_deletion(core::resource_id(study(3)));
  EXPECT_EQ(listings.studies_of("P1", now.load()).size(), 2U);
  archive.remove(study(2));
  pass(seconds(11));
  EXPECT_EQ(listings.studies_of("P1", now.load()).size(), 1U);
}

TEST_F(ListingsTest, ThoseWhoComeTogetherHaveAStudyListedOnce) {
  Listings listings(archive.source(), clock());
  auto release = archive.hold_next();
  auto first = std::async(std::launch::async, [&] { return present(listings, study(1)); });
  archive.wait_until_held();
  std::vector<std::future<Listings::Listing>> others;
  for (int i = 0; i < 7; ++i) {
    others.push_back(std::async(std::launch::async, [&] { return present(listings, study(1)); }));
  }
  while (archive.asked_for_last_update < 8) std::this_thread::yield();
  release.set_value();
  const auto listing = first.get();
  for (auto& other : others) EXPECT_EQ(other.get(), listing);
  EXPECT_EQ(archive.asked, 1);
}

TEST_F(ListingsTest, WhoeverWaitedForAListingThatIsTooOldGetsANewOne) {
  Listings listings(archive.source(), clock());
  auto release = archive.hold_next();
  auto first = std::async(std::launch::async, [&] { return present(listings, study(1)); });
  archive.wait_until_held();
  archive.put(study(1), 2);
  listings.note_change(core::resource_id(study(1)));
  auto second = std::async(std::launch::async, [&] { return present(listings, study(1)); });
  while (archive.asked_for_last_update < 2) std::this_thread::yield();
  release.set_value();
  EXPECT_EQ(size_of(first.get()), 1U);
  EXPECT_EQ(size_of(second.get()), 2U);
}

TEST_F(ListingsTest, LargeStudiesDoNotFillTheMemory) {
  archive.put(study(1), 1000);
  archive.put(study(2), 1000);
  archive.put(study(3), 1000);
  const auto listings = listings_within(400'000);  // two of them
  present(*listings, study(1));
  present(*listings, study(2));
  present(*listings, study(1));
  present(*listings, study(3));
  EXPECT_NE(listings->last(core::resource_id(study(1))), nullptr);
  EXPECT_EQ(listings->last(core::resource_id(study(2))), nullptr);
  EXPECT_NE(listings->last(core::resource_id(study(3))), nullptr);
}

TEST_F(ListingsTest, AStudyLargerThanTheLimitIsKeptAlone) {
  archive.put(study(1), 1000);
  const auto listings = listings_within(1);
  present(*listings, study(1));
  present(*listings, study(1));
  EXPECT_EQ(archive.asked, 1);
}

TEST_F(ListingsTest, StoppingDoesNotWaitForAllThatIsToBeRenewed) {
  constexpr int kStudies = 100;
  for (int i = 0; i < kStudies; ++i) archive.put(study(i), 1);
  {
    Listings listings(archive.source(), clock());
    for (int i = 0; i < kStudies; ++i) present(listings, study(i));
    pass(seconds(11));
    archive.takes_a_second = [this] { pass(seconds(1)); };
    for (int i = 0; i < kStudies; ++i) present(listings, study(i));
    while (archive.asked == kStudies) std::this_thread::yield();
  }
  EXPECT_LT(archive.asked, 2 * kStudies);
}

}  // namespace
}  // namespace sekisho::plugin
