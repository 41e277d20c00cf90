// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/store_error.h"
#include "core/stored_file.h"
#include "core/time.h"
#include "core/uid.h"

namespace sekisho::core {

/// A study of one patient. The archive may hold one StudyInstanceUID under two PatientIDs: these
/// are two studies.
struct StudyKey {
  std::string patient_id;  ///< as the archive spells it, UTF-8
  Uid study;
  friend auto operator<=>(const StudyKey&, const StudyKey&) = default;
  friend bool operator==(const StudyKey&, const StudyKey&) = default;
};

struct SeriesKey {
  StudyKey study;
  Uid series;
  friend auto operator<=>(const SeriesKey&, const SeriesKey&) = default;
  friend bool operator==(const SeriesKey&, const SeriesKey&) = default;
};

struct InstanceKey {
  SeriesKey series;
  Uid instance;
  friend auto operator<=>(const InstanceKey&, const InstanceKey&) = default;
  friend bool operator==(const InstanceKey&, const InstanceKey&) = default;
};

/// One row of a listing.
struct ListedInstance {
  Uid instance;
  /// Names these very bytes: changes when the archive replaces the instance. Never shown outside.
  std::string revision;
  std::uint64_t size_bytes = 0;
};

struct ListedSeries {
  Uid series;
  std::vector<ListedInstance> instances;
};

/// What a study consisted of at one moment. Series and instances in order of their UIDs.
struct StudyListing {
  StudyKey key;
  std::vector<ListedSeries> series;
  /// Instances that are not in it, because they or their series have no name that a Uid can be.
  std::size_t unnamed = 0;
};

/// The port to the archive. Calls block; any thread may call any method. Absent is `nullopt`,
/// null or empty; trouble throws StoreError.
class DicomStore {
 public:
  virtual ~DicomStore() = default;

  /// Every study with this StudyInstanceUID: none, one, or one for each patient that has it.
  virtual std::vector<StudyKey> find_studies(const Uid& study) = 0;
  virtual std::vector<SeriesKey> find_series(const Uid& series) = 0;
  virtual std::vector<InstanceKey> find_instances(const Uid& instance) = 0;
  /// The patient's studies at `since` or later, in order of their UIDs.
  virtual std::vector<StudyKey> studies_of(const std::string& patient_id, Time since) = 0;

  /// The content of the study at `since` or later: who wants that of now says when they were asked
  /// for it, and the archive is asked once for all studies of theirs. While nothing changes, the
  /// same object is returned again: callers may key caches by it. Null if the study is gone.
  virtual std::shared_ptr<const StudyListing> list(const StudyKey& study, Time since) = 0;

  /// The file of an instance as stored: Part 10, or a data set alone. `nullopt` if it is gone.
  virtual std::optional<StoredFile> open(const InstanceKey& instance) = 0;

  enum class Stored {
    added,
    already_there  ///< an instance with these identifiers; it stays as it is
  };
  /// Adds a Part 10 file that CheckedFile accepted and whose identifiers are those of `key`.
  /// Durable on return. Throws StoreError where the archive does not take it.
  virtual Stored store(const InstanceKey& key, ByteView part10) = 0;

 protected:
  DicomStore() = default;
  DicomStore(const DicomStore&) = default;
  DicomStore& operator=(const DicomStore&) = default;
};

}  // namespace sekisho::core
