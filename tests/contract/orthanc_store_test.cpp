// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/orthanc_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "contract/orthanc_archive.h"
#include "core/resource_id.h"

namespace sekisho::tests {
namespace {

INSTANTIATE_TEST_SUITE_P(StorageFiles, DicomStoreContract, ::testing::Values([] {
                           return std::make_unique<OrthancArchive>(Path::storage_files);
                         }));
INSTANTIATE_TEST_SUITE_P(Sdk, DicomStoreContract, ::testing::Values([] {
                           return std::make_unique<OrthancArchive>(Path::sdk);
                         }));

TEST(OrthancStore, ReadsFilesWhereTheyLieOnlyIfItMay) {
  const core::InstanceKey key = an_instance();
  OrthancArchive direct(Path::storage_files);
  direct.put(key, a_part10(key));
  EXPECT_TRUE(direct.store().open(key).value().view().empty());  // an open descriptor
  OrthancArchive portable(Path::sdk);
  EXPECT_FALSE(portable.store().open(key).value().view().empty());  // memory that Orthanc gave
}

TEST(OrthancStore, UsesStorageFilesOnlyWhenConfigurationAllows) {
  const plugin::Sdk& sdk = host().sdk;
  plugin::Config config = host().config;
  EXPECT_TRUE(find_storage_area(config, sdk));
  config.orthanc.storage_compression = true;
  EXPECT_FALSE(find_storage_area(config, sdk));
  config = host().config;
  config.storage_fast_path = plugin::StorageFastPath::off;
  EXPECT_FALSE(find_storage_area(config, sdk));
  config = host().config;
  config.orthanc.storage_directory = "relative";
  EXPECT_FALSE(find_storage_area(config, sdk));
}

TEST(OrthancStore, FallsBackToTheSdkWhereAFileIsNotWhereItShouldBe) {
  const core::InstanceKey key = an_instance();
  OrthancArchive archive(Path::sdk);
  archive.put(key, a_part10(key));
  plugin::OrthancStore elsewhere(host().sdk, plugin::StorageArea("/nonexistent"),
                                 core::system_clock(), {});
  EXPECT_FALSE(elsewhere.open(key).value().view().empty());
}

TEST(OrthancStore, ARemovedSeriesLeavesTheListing) {
  const core::StudyKey study = a_study();
  const core::InstanceKey stays = an_instance(a_series(study));
  const core::InstanceKey goes = an_instance(a_series(study));
  OrthancArchive archive(Path::storage_files);
  archive.put(stays, a_part10(stays));
  archive.put(goes, a_part10(goes));
  ASSERT_EQ(archive.store().list(study, core::system_clock()())->series.size(), 2U);
  archive.remove_series(goes.series);

  const auto listing = archive.store().list(study, core::system_clock()());
  ASSERT_EQ(listing->series.size(), 1U);
  EXPECT_EQ(listing->series[0].series, stays.series.series);
  EXPECT_FALSE(archive.store().open(goes));
}

// Another Orthanc on the same database announces nothing here and leaves LastUpdate as it is.
TEST(OrthancStore, ADeletionThatNobodyAnnouncesShowsOnceTheListingIsOld) {
  const core::StudyKey study = a_study();
  const core::InstanceKey stays = an_instance(a_series(study));
  const core::InstanceKey goes = an_instance(stays.series);
  OrthancArchive archive(Path::storage_files);
  archive.put(stays, a_part10(stays));
  archive.put(goes, a_part10(goes));
  constexpr plugin::Listings::Limits kLimits;
  std::atomic<core::Time> now = core::system_clock()();
  plugin::OrthancStore deaf(host().sdk, std::nullopt, [&] { return now.load(); }, kLimits);
  const auto first = deaf.list(study, now.load());
  now = now.load() + kLimits.asked_after + std::chrono::seconds(1);
  EXPECT_EQ(deaf.list(study, now.load()), first);
  archive.remove(goes);
  EXPECT_EQ(deaf.list(study, now.load()), first);
  EXPECT_FALSE(deaf.open(goes));

  now = now.load() + kLimits.renewed_after + std::chrono::seconds(1);
  while (deaf.list(study, now.load()) == first) std::this_thread::yield();
  EXPECT_EQ(deaf.list(study, now.load())->series.at(0).instances.size(), 1U);
}

TEST(OrthancStore, KnowsWhatOrthancItselfNames) {
  const core::InstanceKey key = an_instance();
  OrthancArchive archive(Path::sdk);
  archive.put(key, a_part10(key));
  const plugin::OrthancStore store(host().sdk, std::nullopt, core::system_clock(), {});
  const core::SeriesKey& series = key.series;
  const std::string patient = core::patient_resource_id(series.study.patient_id);
  EXPECT_EQ(store.patient_id(patient), series.study.patient_id);
  EXPECT_EQ(store.study_key(core::resource_id(series.study)), series.study);
  EXPECT_EQ(store.series_key(core::resource_id(series)), series);
  EXPECT_EQ(store.instance_key(core::resource_id(key)), key);
  EXPECT_FALSE(store.study_key(core::resource_id(series)));
  EXPECT_FALSE(store.patient_id(core::patient_resource_id("nobody")));
}

// Orthanc hashes the PatientID as it spells it, whatever the file's character set.
TEST(OrthancStore, FindsPatientsWithStrangeIdentifiers) {
  struct Case {
    const char* character_set;
    std::string stored;
    std::string spelled;
  };
  const std::string unique = a_uid().str().substr(5, 12);
  const Case cases[] = {
      {"ISO_IR 192", "\u5c71\u7530" + unique, "\u5c71\u7530" + unique},
      {"ISO_IR 100", "\xc4\xd6" + unique, "\u00c4\u00d6" + unique},
      {"ISO_IR 13", "\xd4\xcf\xc0\xde" + unique, "\uff94\uff8f\uff80\uff9e" + unique},
      {"\\ISO 2022 IR 87", "\x1b$B;3ED\x1b(B" + unique, "\u5c71\u7530" + unique + "x"},
      {"ISO_IR 6", "  " + unique + " ", "  " + unique},
      {"ISO_IR 6", "a/b%20|c\"<" + unique, "a/b%20|c\"<" + unique},
      {"ISO_IR 6", "", ""},
  };
  OrthancArchive archive(Path::storage_files);
  for (Case odd : cases) {
    if (odd.character_set[0] == '\\') odd.stored += "x";  // another patient than the first
    core::InstanceKey key = an_instance();
    key.series.study.patient_id = odd.spelled;
    archive.put(key, DatasetBuilder()
                         .text(Tag{0x0008, 0x0005}, Vr::CS, odd.character_set)
                         .text(Tag{0x0008, 0x0018}, Vr::UI, key.instance.text())
                         .text(Tag{0x0010, 0x0020}, Vr::LO, odd.stored)
                         .text(Tag{0x0020, 0x000D}, Vr::UI, key.series.study.study.text())
                         .text(Tag{0x0020, 0x000E}, Vr::UI, key.series.series.text())
                         .part10("1.2.840.10008.5.1.4.1.1.66", key.instance.text()));
    EXPECT_EQ(archive.store().find_studies(key.series.study.study), std::vector{key.series.study});
    EXPECT_EQ(archive.store().find_instances(key.instance), std::vector{key});
    const auto studies = archive.store().studies_of(odd.spelled, core::system_clock()());
    EXPECT_NE(std::ranges::find(studies, key.series.study), studies.end());
    EXPECT_TRUE(archive.store().open(key));
  }
}

}  // namespace
}  // namespace sekisho::tests
