// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/dicom_store.h"
#include "core/time.h"
#include "plugin/config.h"
#include "plugin/recent_changes.h"
#include "plugin/sdk.h"
#include "plugin/storage_area.h"

namespace sekisho::plugin {

/// The archive behind Orthanc. Works between OrthancStarted and OrthancStopped.
///
/// Listings are cached, for Orthanc needs 25 ms to list 900 instances. What Orthanc 1.10.1 tells of
/// changes, measured:
///
///   what happened        LastUpdate of study   change events (on a thread of Orthanc's, some ms
///                                              after the answer to whoever made the change)
///   instance added       the present second    NewInstance; NewChildInstance of series and study
///   instance overwritten the present second    Deleted instance, then as when added
///   instance deleted     unchanged             Deleted instance (parents that stay: nothing)
///   series deleted       unchanged             Deleted of its instances and of the series
///   last of study gone   404                   Deleted of all levels
///
/// So a cached listing is good while no event concerns it and LastUpdate, 6 µs to ask, is the same.
/// Both say nothing when another Orthanc on the same database deletes; so it is also listed anew
/// once it is kMaximumAge old (two seconds more while that is under way). A listing with the same
/// content keeps its object.
class OrthancStore final : public core::DicomStore {
 public:
  static constexpr std::chrono::seconds kMaximumAge{10};

  /// With a storage area, files are read from there where they are; else through the SDK.
  OrthancStore(const Sdk& sdk, std::optional<StorageArea> storage, core::Clock clock);

  /// To be told of every change. Quick; never calls Orthanc.
  void on_change(OrthancPluginChangeType change, OrthancPluginResourceType type,
                 std::string_view resource_id);

  std::vector<core::StudyKey> find_studies(const core::Uid& study) override;
  std::vector<core::SeriesKey> find_series(const core::Uid& series) override;
  std::vector<core::InstanceKey> find_instances(const core::Uid& instance) override;
  std::vector<core::StudyKey> studies_of(const std::string& patient_id) override;
  std::shared_ptr<const core::StudyListing> list(const core::StudyKey& study) override;
  std::optional<core::StoredFile> open(const core::InstanceKey& instance) override;
  /// What Orthanc itself names so; `id` has the form of such a name (resource_id.h).
  std::optional<std::string> patient_id(const std::string& id) const;
  std::optional<core::StudyKey> study_key(const std::string& id) const;
  std::optional<core::SeriesKey> series_key(const std::string& id) const;
  std::optional<core::InstanceKey> instance_key(const std::string& id) const;
  /// Orthanc may be configured to overwrite instances: the instance is looked for first.
  Stored store(const core::InstanceKey& key, core::ByteView part10) override;

 private:
  /// A listing and what is needed to tell whether it still holds.
  struct Cached {
    std::shared_ptr<const core::StudyListing> listing;
    std::unordered_set<std::string> parts;  ///< resource ids of its series and instances
    std::optional<std::string> last_update;

    core::Time taken_at;
    std::uint64_t checked_until = 0;  ///< position in changes_
    std::uint64_t used_at = 0;        ///< count of uses_
    /// Somebody asks anew because of its age; it does until then.
    std::optional<core::Time> renewing_since;
  };
  std::vector<std::string> lookup(const core::Uid& uid, const char* type) const;

  /// False if the study is gone.
  bool ask_for_listing(const core::StudyKey& study, const std::string& id, Cached& out) const;
  std::shared_ptr<const core::StudyListing> last_listing(const std::string& id);
  std::shared_ptr<const core::StudyListing> still_good(
      const std::string& id, const std::optional<std::string>& last_update);
  static bool is_being_renewed(Cached& entry, core::Time now);
  std::shared_ptr<const core::StudyListing> keep(const std::string& id, Cached entry);
  void forget(const std::string& id);
  std::optional<core::StoredFile> from_storage(const core::StudyListing& listing,
                                               const core::InstanceKey& instance) const;

  // Constant after construction.
  const Sdk& sdk_;
  const std::optional<StorageArea> storage_;
  const core::Clock clock_;

  std::mutex mutex_;
  // Guarded by mutex_.
  RecentChanges changes_;
  std::unordered_map<std::string, Cached> cache_;  ///< by the study's resource id
  std::uint64_t uses_ = 0;
};

/// The storage area to read from, if configuration and Orthanc allow: Orthanc's own kind, named by
/// an absolute path, with compression off. Works between OrthancStarted and OrthancStopped.
std::optional<StorageArea> find_storage_area(const Config& config, const Sdk& sdk);

}  // namespace sekisho::plugin
