// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/dicom_store.h"
#include "core/time.h"
#include "plugin/recent_changes.h"

namespace sekisho::plugin {

/// What Orthanc lists of a study, and Orthanc's names of all that is in it.
struct ListedStudy {
  core::StudyListing listing;
  std::vector<std::string> part_ids;  ///< of its series and instances, in any order
};

/// The listings of studies that are kept, for Orthanc needs 25 ms to list 900 instances. Any thread
/// may call any method; what the source throws, of() throws.
///
/// A kept listing is answered while Orthanc's LastUpdate of the study is the same and no change was
/// announced that concerns it: whatever this Orthanc does shows at once. Both are silent when
/// another Orthanc on the same database deletes. Therefore:
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
/// As many are kept as go into limit_bytes; of more, those that were used last. A listing with the
/// same content keeps its object.
class Listings {
 public:
  using Listing = std::shared_ptr<const core::StudyListing>;
  /// How Orthanc is asked, by its name of the study. Called by any thread, many at once.
  struct Source {
    std::function<std::optional<std::string>(const std::string& id)> last_update;
    /// `nullopt` if the study is gone.
    std::function<std::optional<ListedStudy>(const core::StudyKey& study, const std::string& id)>
        list;
  };
  struct Limits {
    std::chrono::seconds renewed_after{10};
    std::chrono::seconds asked_after{60};
    std::size_t limit_bytes = 128 << 20;  ///< half a million instances, or 200,000 studies of one
  };

  Listings(Source source, core::Clock clock, Limits limits);
  Listings(Source source, core::Clock clock) : Listings(std::move(source), std::move(clock), {}) {}
  /// Waits for the one listing that is being renewed, if any; the others stay as they are.
  ~Listings();
  Listings(const Listings&) = delete;
  Listings& operator=(const Listings&) = delete;

  /// The present content of a study; null if it is gone.
  Listing of(const core::StudyKey& study);
  /// What was last listed under Orthanc's name of the study, however old; null if nothing is kept.
  Listing last(const std::string& id) const;
  /// A study, or something in one, has changed. Quick; never calls the source.
  void note_change(std::string_view id);

 private:
  struct Kept {
    Listing listing;
    std::vector<std::size_t> parts;  ///< hashes of their ids, sorted: two alike ask once too often
    std::optional<std::string> last_update;
    core::Time taken_at;
    std::uint64_t checked_until = 0;  ///< position in changes_
    std::size_t size_bytes = 0;
    std::list<std::string>::iterator use;  ///< in uses_
  };

  Listing still_good(const core::StudyKey& study, const std::string& id,
                     const std::optional<std::string>& last_update);
  Listing list_anew(const core::StudyKey& study, const std::string& id,
                    std::optional<std::string> last_update);
  Listing keep(const std::string& id, Kept fresh);
  void forget(const std::string& id);
  void drop_least_used();
  bool is_old(const std::string& id);
  void run(const std::stop_token& stop);
  void renew(const core::StudyKey& study);

  // Constant after construction.
  const Source source_;
  const core::Clock clock_;
  const Limits limits_;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  RecentChanges changes_;
  std::unordered_map<std::string, Kept> kept_;  ///< by Orthanc's name of the study
  std::list<std::string> uses_;                 ///< their names, last used first
  std::size_t size_bytes_ = 0;
  std::deque<core::StudyKey> to_renew_;
  std::set<core::StudyKey> awaited_;  ///< those, and the one that is being renewed
  std::condition_variable_any work_;

  std::jthread renewer_;  // last: it works on all of the above
};

}  // namespace sekisho::plugin
