// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "contract/host.h"
#include "core/resource_id.h"
#include "support/dicom_store_contract.h"

namespace sekisho::tests {

enum class Path { storage_files, sdk };

/// OrthancStore on the Orthanc that runs the tests. A change counts as made once Orthanc has
/// announced it: its announcements come some milliseconds after its answers.
class OrthancArchive final : public Archive {
 public:
  explicit OrthancArchive(Path path)
      : store_(host().sdk,
               path == Path::storage_files ? find_storage_area(host().config, host().sdk)
                                           : std::nullopt,
               core::system_clock(), {}) {
    host().announcements.add(store_);
  }
  ~OrthancArchive() override { host().announcements.remove(store_); }
  core::DicomStore& store() override { return store_; }

  void put(const core::InstanceKey& key, Bytes part10) override {
    constexpr auto kGrown = OrthancPluginChangeType_NewChildInstance;
    const std::string study = core::resource_id(key.series.study);
    const int before = host().announcements.count(kGrown, study);
    const Json::Value answer = host().sdk.post("/instances", core::as_text(part10));
    EXPECT_EQ(answer["ID"].asString(), core::resource_id(key));
    host().announcements.wait(kGrown, study, before);
  }
  void remove(const core::InstanceKey& key) override {
    remove_resource("/instances/", core::resource_id(key));
  }
  void remove_series(const core::SeriesKey& key) {
    remove_resource("/series/", core::resource_id(key));
  }

 private:
  static void remove_resource(const std::string& folder, const std::string& id) {
    constexpr auto kDeleted = OrthancPluginChangeType_Deleted;
    const int before = host().announcements.count(kDeleted, id);
    const std::string uri = folder + id;
    ASSERT_EQ(OrthancPluginRestApiDelete(host().sdk.context(), uri.c_str()),
              OrthancPluginErrorCode_Success);
    host().announcements.wait(kDeleted, id, before);
  }

  plugin::OrthancStore store_;
};

}  // namespace sekisho::tests
