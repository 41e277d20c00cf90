// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/dicom_store.h"
#include "core/random.h"
#include "support/dicom_builder.h"

/// What every core::DicomStore promises, as tests. To run them on a store:
///
///     INSTANTIATE_TEST_SUITE_P(Memory, DicomStoreContract,
///                              ::testing::Values([] { return std::make_unique<MyArchive>(); }));
///
/// The archive may hold other things and be used by others: each test makes its own UIDs.
namespace sekisho::tests {

/// A store and the way to change what it holds. A change has been made when put() or remove()
/// returns.
class Archive {
 public:
  virtual ~Archive() = default;
  virtual core::DicomStore& store() = 0;
  /// Adds the instance, or replaces the one with these identifiers. `part10` carries those of
  /// `key`, so that an archive that reads files may ignore it.
  virtual void put(const core::InstanceKey& key, Bytes part10) = 0;
  virtual void remove(const core::InstanceKey& key) = 0;

 protected:
  Archive() = default;
  Archive(const Archive&) = default;
  Archive& operator=(const Archive&) = default;
};

using MakeArchive = std::function<std::unique_ptr<Archive>()>;

/// A UID that no other test has.
inline core::Uid a_uid() {
  std::array<Byte, 8> random{};
  core::fill_random(random);
  std::uint64_t number = 0;
  for (const Byte byte : random) number = (number << 8) | byte;
  return *core::Uid::parse("2.25." + std::to_string(number));
}

inline core::StudyKey a_study() { return {"P" + a_uid().str().substr(5), a_uid()}; }
inline core::SeriesKey a_series(const core::StudyKey& study) { return {study, a_uid()}; }
inline core::InstanceKey an_instance(const core::SeriesKey& series) { return {series, a_uid()}; }
inline core::InstanceKey an_instance_of_study(const core::StudyKey& study) {
  return an_instance(a_series(study));
}
inline core::InstanceKey an_instance() { return an_instance(a_series(a_study())); }

/// A small file with the identifiers of `key`; `comment` tells versions of it apart.
inline Bytes a_part10(const core::InstanceKey& key, std::string_view comment = "first") {
  constexpr std::string_view kRawData = "1.2.840.10008.5.1.4.1.1.66";
  return DatasetBuilder()
      .text(Tag{0x0008, 0x0016}, Vr::UI, kRawData)
      .text(Tag{0x0008, 0x0018}, Vr::UI, key.instance.text())
      .text(Tag{0x0008, 0x0060}, Vr::CS, "OT")
      .text(Tag{0x0010, 0x0010}, Vr::PN, "Test^Contract")
      .text(Tag{0x0010, 0x0020}, Vr::LO, key.series.study.patient_id)
      .text(Tag{0x0020, 0x000D}, Vr::UI, key.series.study.study.text())
      .text(Tag{0x0020, 0x000E}, Vr::UI, key.series.series.text())
      .text(Tag{0x0020, 0x4000}, Vr::LT, comment)
      .part10(kRawData, key.instance.text());
}

class DicomStoreContract : public ::testing::TestWithParam<MakeArchive> {
 protected:
  core::DicomStore& store() { return archive_->store(); }
  /// Of now.
  std::shared_ptr<const core::StudyListing> list(const core::StudyKey& study) {
    return store().list(study, core::system_clock()());
  }
  std::vector<core::StudyKey> studies_of(const std::string& patient_id) {
    return store().studies_of(patient_id, core::system_clock()());
  }
  void put(const core::InstanceKey& key, std::string_view comment = "first") {
    archive_->put(key, a_part10(key, comment));
  }
  void remove(const core::InstanceKey& key) { archive_->remove(key); }

  static std::string text_of(const core::StoredFile& file) {
    Bytes bytes(file.size_bytes());
    file.read(0, bytes);
    return std::string(core::as_text(bytes));
  }
  static std::string expected(const core::InstanceKey& key, std::string_view comment = "first") {
    return std::string(core::as_text(a_part10(key, comment)));
  }

 private:
  std::unique_ptr<Archive> archive_ = GetParam()();
};

TEST_P(DicomStoreContract, WhatIsAbsentIsEmptyOrNothing) {
  const core::InstanceKey key = an_instance();
  EXPECT_TRUE(store().find_studies(key.series.study.study).empty());
  EXPECT_TRUE(store().find_series(key.series.series).empty());
  EXPECT_TRUE(store().find_instances(key.instance).empty());
  EXPECT_TRUE(studies_of(key.series.study.patient_id).empty());
  EXPECT_EQ(list(key.series.study), nullptr);
  EXPECT_FALSE(store().open(key));
}

TEST_P(DicomStoreContract, FindsAnInstanceByEachOfItsIdentifiers) {
  const core::InstanceKey key = an_instance();
  put(key);
  EXPECT_EQ(store().find_studies(key.series.study.study), std::vector{key.series.study});
  EXPECT_EQ(store().find_series(key.series.series), std::vector{key.series});
  EXPECT_EQ(store().find_instances(key.instance), std::vector{key});
  EXPECT_EQ(studies_of(key.series.study.patient_id), std::vector{key.series.study});
}

TEST_P(DicomStoreContract, WhatIsStoredIsThere) {
  const core::InstanceKey key = an_instance();
  EXPECT_EQ(store().store(key, a_part10(key)), core::DicomStore::Stored::added);
  const auto file = store().open(key);
  ASSERT_TRUE(file);
  EXPECT_EQ(text_of(*file), expected(key));
  EXPECT_EQ(store().find_instances(key.instance), std::vector{key});
}

TEST_P(DicomStoreContract, WhatIsStoredIsListedAtOnce) {
  const core::InstanceKey key = an_instance();
  put(key);
  ASSERT_TRUE(list(key.series.study));
  const core::InstanceKey more = an_instance_of_study(key.series.study);
  store().store(more, a_part10(more));
  const auto listing = list(key.series.study);
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->series.size(), 2U);
}

TEST_P(DicomStoreContract, StoringReplacesNothing) {
  const core::InstanceKey key = an_instance();
  put(key, "first");
  EXPECT_EQ(store().store(key, a_part10(key, "second")), core::DicomStore::Stored::already_there);
  const auto file = store().open(key);
  ASSERT_TRUE(file);
  EXPECT_EQ(text_of(*file), expected(key, "first"));
}

TEST_P(DicomStoreContract, AUidOfAnotherLevelFindsNothing) {
  const core::InstanceKey key = an_instance();
  put(key);
  EXPECT_TRUE(store().find_studies(key.instance).empty());
  EXPECT_TRUE(store().find_series(key.series.study.study).empty());
  EXPECT_TRUE(store().find_instances(key.series.series).empty());
}

TEST_P(DicomStoreContract, OneStudyUidUnderTwoPatientsIsTwoStudies) {
  const core::InstanceKey first = an_instance();
  core::InstanceKey second = an_instance();
  second.series.study.study = first.series.study.study;
  put(first);
  put(second);

  std::vector found = store().find_studies(first.series.study.study);
  std::ranges::sort(found);
  std::vector both{first.series.study, second.series.study};
  std::ranges::sort(both);
  EXPECT_EQ(found, both);
  const auto listing = list(second.series.study);
  ASSERT_NE(listing, nullptr);
  ASSERT_EQ(listing->series.size(), 1U);
  EXPECT_EQ(listing->series[0].series, second.series.series);
}

TEST_P(DicomStoreContract, AKeyOfTheWrongPatientOpensNothing) {
  const core::InstanceKey key = an_instance();
  put(key);
  core::InstanceKey foreign = key;
  foreign.series.study.patient_id = a_study().patient_id;
  EXPECT_FALSE(store().open(foreign));
  EXPECT_EQ(list(foreign.series.study), nullptr);
}

TEST_P(DicomStoreContract, StudiesOfAPatientComeInOrderOfTheirUids) {
  core::StudyKey study = a_study();
  std::vector<core::StudyKey> all;
  for (int i = 0; i < 4; ++i) {
    study.study = a_uid();
    all.push_back(study);
    put(an_instance(a_series(study)));
  }
  std::ranges::sort(all);
  EXPECT_EQ(studies_of(study.patient_id), all);
}

TEST_P(DicomStoreContract, AListingIsCompleteAndInOrder) {
  const core::StudyKey study = a_study();
  std::vector<core::SeriesKey> series{a_series(study), a_series(study), a_series(study)};
  std::vector<core::InstanceKey> instances;
  for (int round = 0; round < 3; ++round) {
    for (const core::SeriesKey& key : series) {
      instances.push_back(an_instance(key));
      put(instances.back());
    }
  }
  std::ranges::sort(instances);

  const auto listing = list(study);
  ASSERT_NE(listing, nullptr);
  EXPECT_EQ(listing->key, study);
  ASSERT_EQ(listing->series.size(), series.size());
  std::vector<core::InstanceKey> listed;
  for (const core::ListedSeries& row : listing->series) {
    for (const core::ListedInstance& instance : row.instances) {
      listed.push_back({{study, row.series}, instance.instance});
      EXPECT_EQ(instance.size_bytes, expected(listed.back()).size());
      EXPECT_FALSE(instance.revision.empty());
    }
  }
  EXPECT_EQ(listed, instances);
}

TEST_P(DicomStoreContract, TheSameListingIsReturnedWhileNothingChanges) {
  const core::InstanceKey key = an_instance();
  put(key);
  const auto first = list(key.series.study);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(list(key.series.study), first);
  put(an_instance());  // of another study
  EXPECT_EQ(list(key.series.study), first);
}

TEST_P(DicomStoreContract, ALateInstanceShowsInTheNextListing) {
  const core::InstanceKey key = an_instance();
  put(key);
  const auto before = list(key.series.study);
  ASSERT_NE(before, nullptr);
  const core::InstanceKey late = an_instance(key.series);
  const core::InstanceKey in_new_series = an_instance(a_series(key.series.study));
  put(late);
  put(in_new_series);

  const auto after = list(key.series.study);
  ASSERT_NE(after, nullptr);
  ASSERT_EQ(after->series.size(), 2U);
  EXPECT_EQ(after->series[0].instances.size() + after->series[1].instances.size(), 3U);
  EXPECT_TRUE(store().open(late));
  // What was handed out before does not change under its holder.
  ASSERT_EQ(before->series.size(), 1U);
  EXPECT_EQ(before->series[0].instances.size(), 1U);
}

TEST_P(DicomStoreContract, ReplacedContentHasANewRevision) {
  const core::InstanceKey key = an_instance();
  put(key, "first");
  const auto before = list(key.series.study);
  ASSERT_NE(before, nullptr);
  put(key, "second version");

  const auto after = list(key.series.study);
  ASSERT_NE(after, nullptr);
  ASSERT_EQ(after->series.size(), 1U);
  ASSERT_EQ(after->series[0].instances.size(), 1U);
  EXPECT_NE(after->series[0].instances[0].revision, before->series[0].instances[0].revision);
  EXPECT_EQ(after->series[0].instances[0].size_bytes, expected(key, "second version").size());
  EXPECT_EQ(text_of(store().open(key).value()), expected(key, "second version"));
}

TEST_P(DicomStoreContract, RemovedInstancesAreGone) {
  const core::SeriesKey series = a_series(a_study());
  const core::InstanceKey stays = an_instance(series);
  const core::InstanceKey goes = an_instance(series);
  put(stays);
  put(goes);
  ASSERT_NE(list(series.study), nullptr);
  remove(goes);

  EXPECT_FALSE(store().open(goes));
  EXPECT_TRUE(store().find_instances(goes.instance).empty());
  const auto listing = list(series.study);
  ASSERT_NE(listing, nullptr);
  ASSERT_EQ(listing->series.size(), 1U);
  ASSERT_EQ(listing->series[0].instances.size(), 1U);
  EXPECT_EQ(listing->series[0].instances[0].instance, stays.instance);
}

TEST_P(DicomStoreContract, AStudyWithoutInstancesIsGone) {
  const core::InstanceKey key = an_instance();
  put(key);
  ASSERT_NE(list(key.series.study), nullptr);
  remove(key);
  EXPECT_EQ(list(key.series.study), nullptr);
  EXPECT_TRUE(store().find_studies(key.series.study.study).empty());
  EXPECT_TRUE(studies_of(key.series.study.patient_id).empty());
}

TEST_P(DicomStoreContract, OpenGivesTheExactBytes) {
  const core::InstanceKey key = an_instance();
  put(key);
  const auto file = store().open(key);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size_bytes(), expected(key).size());
  EXPECT_EQ(text_of(*file), expected(key));
}

TEST_P(DicomStoreContract, AHeldFileStaysReadableAfterRemoval) {
  const core::InstanceKey key = an_instance();
  put(key);
  const auto file = store().open(key);
  ASSERT_TRUE(file);
  remove(key);
  EXPECT_EQ(text_of(*file), expected(key));
}

TEST_P(DicomStoreContract, ReadersAndWritersWorkAtOnce) {
  const core::SeriesKey series = a_series(a_study());
  const core::InstanceKey held = an_instance(series);
  put(held);
  constexpr int kWrites = 20;
  std::atomic<bool> writing = true;
  std::atomic<int> failures = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      do {
        const auto listing = list(series.study);
        const auto file = store().open(held);
        const bool good = listing && listing->series.size() == 1 && file &&
                          text_of(*file) == expected(held) &&
                          store().find_instances(held.instance) == std::vector{held};
        if (!good) ++failures;
      } while (writing);
    });
  }
  for (int i = 0; i < kWrites; ++i) put(an_instance(series));
  writing = false;
  for (std::thread& reader : readers) reader.join();

  EXPECT_EQ(failures, 0);
  const auto listing = list(series.study);
  ASSERT_NE(listing, nullptr);
  ASSERT_EQ(listing->series.size(), 1U);
  EXPECT_EQ(listing->series[0].instances.size(), kWrites + 1U);
}

}  // namespace sekisho::tests
