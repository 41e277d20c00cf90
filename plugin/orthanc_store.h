// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dicom_store.h"
#include "core/time.h"
#include "plugin/config.h"
#include "plugin/listings.h"
#include "plugin/sdk.h"
#include "plugin/storage_area.h"
#include "plugin/storing_pauses.h"

namespace sekisho::plugin {

/// The archive behind Orthanc. Works between OrthancStarted and OrthancStopped.
///
/// Listings are kept (Listings). What Orthanc 1.10.1 tells of changes, measured:
///
///   what happened        LastUpdate of study   change events (on a thread of Orthanc's, some ms
///                                              after the answer to whoever made the change)
///   instance added       the present second    NewInstance; NewChildInstance of series and study
///   instance overwritten the present second    Deleted instance, then as when added
///   instance deleted     unchanged             Deleted instance (parents that stay: nothing)
///   series deleted       unchanged             Deleted of its instances and of the series
///   last of study gone   404                   Deleted of all levels
class OrthancStore final : public core::DicomStore {
 public:
  /// With a storage area, files are read from there where they are; else through the SDK.
  OrthancStore(const Sdk& sdk, std::optional<StorageArea> storage, core::Clock clock,
               Listings::Limits limits);

  /// To be told of every change. Quick; never calls Orthanc.
  void on_change(OrthancPluginChangeType change, OrthancPluginResourceType type,
                 std::string_view resource_id);

  std::vector<core::StudyKey> find_studies(const core::Uid& study) override;
  std::vector<core::SeriesKey> find_series(const core::Uid& series) override;
  std::vector<core::InstanceKey> find_instances(const core::Uid& instance) override;
  std::vector<core::StudyKey> studies_of(const std::string& patient_id, core::Time since) override;
  std::shared_ptr<const core::StudyListing> list(const core::StudyKey& study,
                                                 core::Time since) override;
  std::optional<core::StoredFile> open(const core::InstanceKey& instance) override;
  /// What Orthanc itself names so; `id` has the form of such a name (resource_id.h).
  std::optional<std::string> patient_id(const std::string& id) const;
  std::optional<core::StudyKey> study_key(const std::string& id) const;
  std::optional<core::SeriesKey> series_key(const std::string& id) const;
  std::optional<core::InstanceKey> instance_key(const std::string& id) const;
  /// Orthanc may be configured to overwrite instances: the instance is looked for first. Returns
  /// late where a pause is due (StoringPauses): it is stored by then.
  Stored store(const core::InstanceKey& key, core::ByteView part10) override;

 private:
  std::optional<Arrivals::Number> last_change() const;
  std::optional<std::vector<std::string>> grown(Arrivals::Number since,
                                                Arrivals::Number last) const;
  std::vector<core::StudyKey> ask_for_studies(const std::string& patient_id) const;
  std::vector<std::string> lookup(const core::Uid& uid, const char* type) const;
  std::optional<ListedStudy> ask_for_listing(const core::StudyKey& study,
                                             const std::string& id) const;
  std::optional<core::StoredFile> from_storage(const core::StudyListing& listing,
                                               const core::InstanceKey& instance) const;

  // Constant after construction.
  const Sdk& sdk_;
  const std::optional<StorageArea> storage_;
  const core::Clock clock_;

  StoringPauses pauses_;
  Listings listings_;  // last: it asks through all of the above, on a thread of its own
};

/// The storage area to read from, if configuration and Orthanc allow: Orthanc's own kind, named by
/// an absolute path, with compression off. Works between OrthancStarted and OrthancStopped.
std::optional<StorageArea> find_storage_area(const Config& config, const Sdk& sdk);

}  // namespace sekisho::plugin
