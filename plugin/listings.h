// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/dicom_store.h"
#include "core/mutex.h"
#include "core/thread.h"
#include "core/time.h"
#include "plugin/arrivals.h"
#include "plugin/recent_changes.h"

namespace sekisho::plugin {

/// What Orthanc lists of a study, and Orthanc's names of all that is in it.
struct ListedStudy {
  core::StudyListing listing;
  std::vector<std::string> part_ids;  ///< of its series and instances, in any order
};

/// The listings of studies that are kept, for Orthanc needs 25 ms to list 900 instances, and of
/// patients their studies, of which it lists twelve in a millisecond. Any thread may call any
/// method; what the source throws, of() and studies_of() throw.
///
/// A kept listing is answered while nothing came into the study, by the list of changes (Arrivals)
/// or, where that does not tell, by Orthanc's LastUpdate, and no change was announced that concerns
/// it: whatever this Orthanc does shows at once. All are silent when another Orthanc on the same
/// database deletes. Therefore:
///
///   age                what of() does
///   to renewed_after   answers
///   to asked_after     answers, and has it listed anew in the background
///   above              lists anew before it answers
///
/// So what another Orthanc deleted may be listed for asked_after at most, and while somebody goes
/// on asking for renewed_after and the time that the renewer's queue takes. Nobody gets it: the
/// file is opened when it is answered, and is not there; what shows is that it was.
///
/// A study is listed by one caller, for whom the others wait. As many listings are kept as go into
/// limit_bytes; of more, those that were used last. A listing with the same content keeps its
/// object.
class Listings {
 public:
  using Listing = std::shared_ptr<const core::StudyListing>;
  using LastUpdate = std::optional<std::string>;  ///< as Orthanc writes it; `nullopt`: it has none
  /// How Orthanc is asked, by its name of the study. Called by any thread, many at once.
  struct Source {
    Arrivals::Source arrivals;
    std::function<std::vector<core::StudyKey>(const std::string& patient_id)> studies;
    std::function<LastUpdate(const std::string& id)> last_update;
    /// `nullopt` if the study is gone.
    std::function<std::optional<ListedStudy>(const core::StudyKey& study, const std::string& id)>
        list;
  };
  struct Limits {
    std::chrono::seconds renewed_after{10};
    std::chrono::seconds asked_after{60};
    std::size_t limit_bytes = 64 << 20;  ///< 250,000 instances, or 100,000 studies of one
  };

  Listings(Source source, core::Clock clock, Limits limits);
  Listings(Source source, core::Clock clock) : Listings(std::move(source), std::move(clock), {}) {}
  /// Waits for the one listing that is being renewed, if any; the others stay as they are.
  ~Listings();
  Listings(const Listings&) = delete;
  Listings& operator=(const Listings&) = delete;

  /// The studies of a patient at `since` or later. What another Orthanc deleted goes after
  /// renewed_after.
  std::vector<core::StudyKey> studies_of(const std::string& patient_id, core::Time since);
  /// The content of a study at `since` or later; null if it is gone.
  Listing of(const core::StudyKey& study, core::Time since);
  /// What was last listed under Orthanc's name of the study, however old; null if nothing is kept.
  Listing last(const std::string& id) const;
  /// A patient, a study or something in one has changed. Quick; never calls the source.
  void note_change(std::string_view id);
  /// The same of a study that has gone.
  void note_deletion(std::string_view id);

 private:
  struct Kept {
    Listing listing;
    /// Hashes of Orthanc's names of it and its parts, sorted: two alike ask once too often.
    std::vector<std::size_t> names;
    std::uint64_t untold = 0;  ///< Arrivals::untold() up to which nothing came into it
    LastUpdate last_update;
    core::Time taken_at;
    std::uint64_t checked_until = 0;  ///< position in changes_
    std::size_t size_bytes = 0;
    std::list<std::string>::iterator use;  ///< in uses_
  };

  struct KeptPatient {
    std::vector<core::StudyKey> studies;
    /// Hashes of what is noted when the patient gets or loses one, sorted.
    std::vector<std::size_t> names;
    std::uint64_t untold = 0;
    core::Time taken_at;
    std::uint64_t checked_until = 0;
  };
  /// What the archive said before a study is listed, or instead.
  struct Asked {
    std::uint64_t untold = 0;
    std::optional<LastUpdate> last_update;  ///< `nullopt`: it was not asked for that
  };
  class Turn;

  /// Whether a change behind `position` is one of these, by the hashes of their names.
  bool any_of(const std::vector<std::size_t>& names, std::uint64_t position) const;
  /// The kept one, if nothing speaks against it.
  Listing still_good(const core::StudyKey& study, const std::string& id, const Asked& asked);
  Listing list_anew(const core::StudyKey& study, const std::string& id, const Asked& asked);
  Listing keep(const std::string& id, Kept fresh);
  void forget(const std::string& id);
  void drop_least_used();
  bool is_old(const std::string& id);
  void run();
  std::optional<core::StudyKey> next_to_renew();
  void pause(std::chrono::microseconds time);
  void renew(const core::StudyKey& study);

  // Constant after construction.
  const Source source_;
  const core::Clock clock_;
  const Limits limits_;

  Arrivals arrivals_;
  mutable core::Mutex mutex_;
  // Guarded by mutex_.
  RecentChanges changes_;
  std::unordered_map<std::string, Kept> kept_;             ///< by Orthanc's name of the study
  std::unordered_map<std::string, KeptPatient> patients_;  ///< by PatientID
  std::list<std::string> uses_;                            ///< their names, last used first
  std::size_t size_bytes_ = 0;
  std::set<std::string> being_listed_;  ///< by their names
  core::Condition listed_;
  std::deque<core::StudyKey> to_renew_;
  std::set<core::StudyKey> awaited_;  ///< those, and the one that is being renewed
  core::Condition work_;
  bool stopping_ = false;

  core::Thread renewer_;  // last: it works on all of the above
};

}  // namespace sekisho::plugin
