// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/share_views.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "disclosure/settle_returns.h"

namespace sekisho::disclosure {
namespace {

constexpr std::size_t kMostProfiles = 64;
constexpr std::chrono::milliseconds kRecent{100};
constexpr std::size_t kMostShownStudies = 1'000'000;

std::size_t hash_of(const core::Uid& uid) { return std::hash<core::Uid>{}(uid); }

}  // namespace

/// That one caller builds the view of a share, until this goes.
class ShareViews::Building {
 public:
  Building(ShareViews& views, const sharing::ShareId& share) : views_(views), share_(share) {}
  ~Building() {
    {
      const core::MutexLock lock(views_.mutex_);
      views_.building_.erase(share_);
    }
    views_.built_.notify_all();
  }
  Building(const Building&) = delete;
  Building& operator=(const Building&) = delete;

 private:
  ShareViews& views_;
  const sharing::ShareId& share_;
};

ShareViews::Known* ShareViews::known(const sharing::ShareId& share) {
  const auto found = by_share_.find(share);
  if (found == by_share_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second);
  return &recent_.front();
}

ShareViews::Answer ShareViews::of(const sharing::Share& share, Freshness freshness, core::Time now,
                                  const core::Demand& demand) {
  if (freshness == Freshness::recent) {
    const core::MutexLock lock(mutex_);
    const Known* last = known(share.id);
    if (last != nullptr && last->view->approved() == share.approved_series &&
        last->view->is_settled() && now >= last->checked_at && now - last->checked_at < kRecent) {
      return last->view;
    }
  }
  while (true) {
    Listings listings = list_scope(ports_.store, share.scope, now, demand);
    std::shared_ptr<const ShareView> before;
    std::uint64_t drops = 0;
    bool is_builder = false;
    {
      const core::MutexLock lock(mutex_);
      drops = drops_;
      if (Known* last = known(share.id)) {
        before = last->view;
        if (before->is_of(listings, share.approved_series)) {
          last->checked_at = now;
          return before;
        }
      }
      is_builder = building_.insert(share.id).second;
    }
    if (!is_builder) {
      wait_for_builder(share.id, demand);
      continue;  // what they listed may be older than what was asked for: look again
    }
    const Building building(*this, share.id);
    // Built outside the lock: 100,000 names take a tenth of a second, their files more.
    Answer answer = build(share, std::move(listings), before.get(), demand);
    if (const auto* view = std::get_if<std::shared_ptr<const ShareView>>(&answer)) {
      const core::MutexLock lock(mutex_);
      if (drops_ == drops) keep(*view, now);
    }
    return answer;
  }
}

void ShareViews::wait_for_builder(const sharing::ShareId& share, const core::Demand& demand) {
  const auto is_over = [&] {
    core::MutexLock lock(mutex_);
    if (building_.contains(share)) built_.wait_for(lock, core::kAskWhileWaiting);
    return !building_.contains(share);
  };
  while (!is_over()) demand.ask();
}

ShareViews::Answer ShareViews::of_study(const sharing::Share& share, const core::Uid& study,
                                        Freshness freshness, core::Time now,
                                        const core::Demand& demand) {
  std::shared_ptr<const ShareView> view;
  {
    const core::MutexLock lock(mutex_);
    const Known* last = known(share.id);
    if (last != nullptr && last->view->approved() == share.approved_series &&
        last->view->is_settled()) {
      view = last->view;
    }
  }
  if (view == nullptr) return of(share, freshness, now, demand);
  const ShownStudy* shown = view->study(study);
  if (shown != nullptr && freshness == Freshness::present &&
      ports_.store.list(shown->original->key, now) != shown->original) {
    return of(share, freshness, now, demand);
  }
  return view;
}

ShareViews::Answer ShareViews::build(const sharing::Share& share, Listings listings,
                                     const ShareView* before, const core::Demand& demand) {
  const auto key = ports_.shares.mask_key(share.id);
  if (!key) return sharing::Denial::destroyed_key;
  auto profile = profile_of(share);
  if (!profile) return sharing::Denial::unreadable_profile;
  Look look = ports_.looks.begin({LookFor::view, share.recipient, share.id}, demand);
  settle_returns(ports_, share.id, key->view(), demand);
  const Returned returned = returned_to(share.id, listings, demand);
  const auto keep_row = [&](const std::string& revision, const anonymization::Masked& masked) {
    rows_.put(share.id.text(), revision, std::make_shared<const MaskedRow>(masked, rows_.kept()));
  };
  return std::make_shared<const ShareView>(
      share, std::move(profile), key->view(), std::move(listings), ports_.store, ports_.memory,
      ports_.pixel_policy, ports_.verdicts, before, returned, keep_row, look);
}

std::shared_ptr<const anonymization::Profile> ShareViews::profile_of(const sharing::Share& share) {
  {
    const core::MutexLock lock(mutex_);
    const auto found = profiles_.find(share.profile_json);
    if (found != profiles_.end()) {
      if (auto profile = found->second.lock()) return profile;
    }
  }
  auto read = anonymization::Profile::from_json(share.profile_json.str());
  if (!read) return nullptr;
  auto profile = std::make_shared<const anonymization::Profile>(*std::move(read));
  const core::MutexLock lock(mutex_);
  if (profiles_.size() >= kMostProfiles) profiles_.clear();
  profiles_[share.profile_json] = profile;
  return profile;
}

void ShareViews::keep(std::shared_ptr<const ShareView> view, core::Time now) {
  const auto old = by_share_.find(view->share());
  if (old != by_share_.end()) let_go_of(old->second);
  held_bytes_ += view->size_bytes();
  remember_shown(*view);
  const sharing::ShareId share = view->share();
  recent_.push_front({std::move(view), now});
  by_share_[share] = recent_.begin();
  while (held_bytes_ > limit_bytes_ && recent_.size() > 1) let_go_of(std::prev(recent_.end()));
}

std::vector<const sharing::Share*> ShareViews::that_may_show(const core::Uid& study,
                                                             const sharing::SharedShares& shares) {
  std::vector<const sharing::Share*> found;
  const std::size_t hash = hash_of(study);
  const core::MutexLock lock(mutex_);
  for (const auto& share : shares) {
    const auto shown = shown_.find(share->id);
    const bool is_known = shown != shown_.end() && shown->second.approved == share->approved_series;
    if (!is_known || std::ranges::binary_search(shown->second.studies, hash)) {
      found.push_back(share.get());
    }
  }
  return found;
}

void ShareViews::remember_shown(const ShareView& view) {
  Shown shown{{}, view.approved()};
  for (const ShownStudy* study : view.studies()) shown.studies.push_back(hash_of(study->uid));
  std::ranges::sort(shown.studies);
  if (shown_studies_ > kMostShownStudies) {
    shown_.clear();
    shown_studies_ = 0;
  }
  Shown& before = shown_[view.share()];
  shown_studies_ += shown.studies.size() - before.studies.size();
  before = std::move(shown);
}

void ShareViews::let_go_of(Recent::iterator view) {
  held_bytes_ -= view->view->size_bytes();
  by_share_.erase(view->view->share());
  recent_.erase(view);
}

Returned ShareViews::returned_to(const sharing::ShareId& share, const Listings& listings,
                                 const core::Demand& demand) const {
  Returned returned{ports_.shares.returned(share), {}};
  for (const auto& listing : listings) {
    for (const core::ListedSeries& series : listing->series) {
      demand.ask();
      for (const core::Uid& instance : ports_.shares.returned_elsewhere(share, series.series)) {
        returned.through_other_shares.emplace(series.series, instance);
      }
    }
  }
  return returned;
}

void ShareViews::drop(const sharing::ShareId& share) {
  const core::MutexLock lock(mutex_);
  ++drops_;
  const auto found = by_share_.find(share);
  if (found != by_share_.end()) let_go_of(found->second);
  const auto shown = shown_.find(share);
  if (shown == shown_.end()) return;
  shown_studies_ -= shown->second.studies.size();
  shown_.erase(shown);
}

}  // namespace sekisho::disclosure
