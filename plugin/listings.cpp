// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/listings.h"

#include <algorithm>

#include "core/resource_id.h"
#include "plugin/sdk_edge.h"

namespace sekisho::plugin {
namespace {

/// At 500 instances a second, what 8 seconds bring; older listings are asked for anew.
constexpr std::size_t kRememberedChanges = 4096;
constexpr std::size_t kMostPatients = 1024;

bool same_content(const core::StudyListing& a, const core::StudyListing& b) {
  const auto same_instance = [](const core::ListedInstance& x, const core::ListedInstance& y) {
    return x.instance == y.instance && x.revision == y.revision && x.size_bytes == y.size_bytes;
  };
  return std::ranges::equal(a.series, b.series, [&](const auto& x, const auto& y) {
    return x.series == y.series && std::ranges::equal(x.instances, y.instances, same_instance);
  });
}

std::vector<std::size_t> hashes(const std::vector<std::string>& ids) {
  std::vector<std::size_t> hashed(ids.size());
  std::ranges::transform(ids, hashed.begin(), std::hash<std::string>{});
  std::ranges::sort(hashed);
  return hashed;
}

/// What is noted beside the name of a study that has gone: to have lost it is news for its patient,
/// to have it grow is none.
std::string deletion_of(std::string_view id) { return "deleted " + std::string(id); }

/// Of a listing and all that is kept with it, as the allocator hands it out.
std::size_t size_of(const core::StudyListing& listing, std::size_t parts) {
  constexpr std::size_t kStudy = 400;    // the row, its name twice, two pointers
  constexpr std::size_t kRevision = 48;  // the text of a UUID
  std::size_t size = kStudy + parts * sizeof(std::size_t);
  for (const core::ListedSeries& series : listing.series) {
    size += sizeof series + series.instances.capacity() * sizeof(core::ListedInstance) +
            series.instances.size() * kRevision;
  }
  return size;
}

}  // namespace

/// That one caller lists a study, until this goes.
class Listings::Turn {
 public:
  /// `nullopt` where somebody else had it: then they have finished.
  static std::optional<Turn> take(Listings& listings, const std::string& id) {
    core::MutexLock lock(listings.mutex_);
    if (listings.being_listed_.insert(id).second) return std::optional<Turn>(Turn(listings, id));
    listings.listed_.wait(lock, [&] { return !listings.being_listed_.contains(id); });
    return std::nullopt;
  }
  Turn(Turn&& other) noexcept
      : listings_(std::exchange(other.listings_, nullptr)), id_(std::move(other.id_)) {}
  Turn& operator=(Turn&&) = delete;
  ~Turn() {
    if (listings_ == nullptr) return;
    {
      const core::MutexLock lock(listings_->mutex_);
      listings_->being_listed_.erase(id_);
    }
    listings_->listed_.notify_all();
  }

 private:
  Turn(Listings& listings, std::string id) : listings_(&listings), id_(std::move(id)) {}
  Listings* listings_;
  std::string id_;
};

Listings::Listings(Source source, core::Clock clock, Limits limits)
    : source_(std::move(source)),
      clock_(std::move(clock)),
      limits_(limits),
      arrivals_(source_.arrivals, clock_, [this](const std::string& id) { note_change(id); }),
      changes_(kRememberedChanges),
      renewer_("sekisho-list", [this](const std::stop_token&) { run(); }) {}

Listings::~Listings() {
  {
    const core::MutexLock lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
}

void Listings::note_change(std::string_view id) {
  std::string changed(id);
  const core::MutexLock lock(mutex_);
  changes_.add(std::move(changed));
}

void Listings::note_deletion(std::string_view id) {
  std::string deleted = deletion_of(id);
  const core::MutexLock lock(mutex_);
  changes_.add(std::string(id));
  changes_.add(std::move(deleted));
}

Listings::Listing Listings::last(const std::string& id) const {
  const core::MutexLock lock(mutex_);
  const auto found = kept_.find(id);
  return found == kept_.end() ? nullptr : found->second.listing;
}

std::vector<core::StudyKey> Listings::studies_of(const std::string& patient_id, core::Time since) {
  KeptPatient fresh;
  fresh.untold = arrivals_.untold(since);
  fresh.taken_at = clock_();
  {
    const core::MutexLock lock(mutex_);
    fresh.checked_until = changes_.position();
    const auto found = patients_.find(patient_id);
    if (found != patients_.end()) {
      KeptPatient& kept = found->second;
      const auto age = fresh.taken_at - kept.taken_at;
      const bool is_good = kept.untold == fresh.untold && age >= age.zero() &&
                           age <= limits_.renewed_after && !any_of(kept.names, kept.checked_until);
      if (is_good) {
        kept.checked_until = fresh.checked_until;
        return kept.studies;
      }
    }
  }
  fresh.studies = source_.studies(patient_id);
  std::vector<std::string> names = {core::patient_resource_id(patient_id)};
  for (const core::StudyKey& study : fresh.studies) {
    names.push_back(deletion_of(resource_id(study)));
  }
  fresh.names = hashes(names);
  std::vector<core::StudyKey> studies = fresh.studies;
  const core::MutexLock lock(mutex_);
  if (patients_.size() >= kMostPatients) patients_.clear();
  patients_[patient_id] = std::move(fresh);
  return studies;
}

bool Listings::any_of(const std::vector<std::size_t>& names, std::uint64_t position) const {
  return changes_.any_since(position, [&](const std::string& changed) {
    return std::ranges::binary_search(names, std::hash<std::string>{}(changed));
  });
}

Listings::Listing Listings::of(const core::StudyKey& study, core::Time since) {
  const std::string id = resource_id(study);
  Asked asked{arrivals_.untold(since), {}};
  if (Listing listing = still_good(study, id, asked)) return listing;
  asked.last_update = source_.last_update(id);
  while (true) {
    if (Listing listing = still_good(study, id, asked)) return listing;
    if (const auto turn = Turn::take(*this, id)) return list_anew(study, id, asked);
    // What was listed meanwhile may be older than what was asked for: look again.
  }
}

Listings::Listing Listings::still_good(const core::StudyKey& study, const std::string& id,
                                       const Asked& asked) {
  const core::Time now = clock_();
  const core::MutexLock lock(mutex_);
  const auto found = kept_.find(id);
  if (found == kept_.end()) return nullptr;
  Kept& kept = found->second;
  const auto age = now - kept.taken_at;
  if (age < age.zero() || age > limits_.asked_after) return nullptr;
  const bool all_is_told = kept.untold == asked.untold;
  const bool is_same = asked.last_update && *asked.last_update == kept.last_update;
  if (!all_is_told && !is_same) return nullptr;
  if (any_of(kept.names, kept.checked_until)) return nullptr;
  if (age > limits_.renewed_after && awaited_.insert(study).second) {
    to_renew_.push_back(study);
    work_.notify_one();
  }
  kept.untold = asked.untold;
  kept.checked_until = changes_.position();
  uses_.splice(uses_.begin(), uses_, kept.use);
  return kept.listing;
}

/// What changes from when it was asked on is looked at next time.
Listings::Listing Listings::list_anew(const core::StudyKey& study, const std::string& id,
                                      const Asked& asked) {
  Kept fresh;
  fresh.untold = asked.untold;
  fresh.last_update = asked.last_update.value_or(std::nullopt);
  {
    const core::MutexLock lock(mutex_);
    fresh.checked_until = changes_.position();
  }
  fresh.taken_at = clock_();
  auto listed = source_.list(study, id);
  if (!listed) {
    forget(id);
    return nullptr;
  }
  listed->part_ids.push_back(id);
  fresh.names = hashes(listed->part_ids);
  fresh.listing = std::make_shared<const core::StudyListing>(std::move(listed->listing));
  fresh.size_bytes = size_of(*fresh.listing, fresh.names.size());
  return keep(id, std::move(fresh));
}

Listings::Listing Listings::keep(const std::string& id, Kept fresh) {
  const core::MutexLock lock(mutex_);
  const auto known = kept_.find(id);
  if (known != kept_.end()) {
    Kept& old = known->second;
    if (same_content(*old.listing, *fresh.listing)) fresh.listing = old.listing;
    size_bytes_ -= old.size_bytes;
    uses_.splice(uses_.begin(), uses_, old.use);
  } else {
    uses_.push_front(id);
  }
  fresh.use = uses_.begin();
  size_bytes_ += fresh.size_bytes;
  Listing listing = fresh.listing;
  kept_[id] = std::move(fresh);
  while (size_bytes_ > limits_.limit_bytes && kept_.size() > 1) drop_least_used();
  return listing;
}

void Listings::drop_least_used() {
  const auto last = kept_.find(uses_.back());
  size_bytes_ -= last->second.size_bytes;
  kept_.erase(last);
  uses_.pop_back();
}

void Listings::forget(const std::string& id) {
  const core::MutexLock lock(mutex_);
  const auto found = kept_.find(id);
  if (found == kept_.end()) return;
  size_bytes_ -= found->second.size_bytes;
  uses_.erase(found->second.use);
  kept_.erase(found);
}

// --- the renewer --------------------------------------------------------------------------------

/// One at a time, and as long a pause as each took: the PACS has others to serve.
void Listings::run() {
  constexpr std::chrono::microseconds kLongestPause = std::chrono::seconds(1);
  while (const auto study = next_to_renew()) {
    const core::Time begun = clock_();
    renew(*study);
    pause(std::clamp(clock_() - begun, kLongestPause.zero(), kLongestPause));
  }
}

/// Waits for one; none at the end.
std::optional<core::StudyKey> Listings::next_to_renew() {
  core::MutexLock lock(mutex_);
  work_.wait(lock, [this] { return stopping_ || !to_renew_.empty(); });
  if (stopping_) return std::nullopt;
  core::StudyKey study = std::move(to_renew_.front());
  to_renew_.pop_front();
  return study;
}

void Listings::pause(std::chrono::microseconds time) {
  core::MutexLock lock(mutex_);
  work_.wait_for(lock, time, [this] { return stopping_; });
}

bool Listings::is_old(const std::string& id) {
  const core::Time now = clock_();
  const core::MutexLock lock(mutex_);
  const auto found = kept_.find(id);
  return found != kept_.end() && now - found->second.taken_at > limits_.renewed_after;
}

/// Where it cannot be listed it stays, and whoever needs it once it is too old hears why.
void Listings::renew(const core::StudyKey& study) {
  const std::string id = resource_id(study);
  if (is_old(id)) {
    failure_in([&] {
      const std::uint64_t untold = arrivals_.untold(clock_());
      list_anew(study, id, {untold, source_.last_update(id)});
    });
  }
  const core::MutexLock lock(mutex_);
  awaited_.erase(study);
}

}  // namespace sekisho::plugin
