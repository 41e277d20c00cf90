// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/share_view.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/dicom/checked_file.h"
#include "disclosure/study_words.h"

namespace sekisho::disclosure {
namespace {

constexpr std::size_t kViewsInMemory = 256;
constexpr std::chrono::milliseconds kRecent{100};

/// The studies that a scope names, each once.
struct StudiesOf {
  core::DicomStore& store;
  std::vector<core::StudyKey> operator()(const sharing::PatientScope& scope) const {
    return store.studies_of(scope.patient_id);
  }
  std::vector<core::StudyKey> operator()(const sharing::StudyScope& scope) const {
    return unique(scope.studies, [](const core::StudyKey& key) { return key; });
  }
  std::vector<core::StudyKey> operator()(const sharing::SeriesScope& scope) const {
    return unique(scope.series, [](const core::SeriesKey& key) { return key.study; });
  }
  std::vector<core::StudyKey> operator()(const sharing::InstanceScope& scope) const {
    return unique(scope.instances, [](const core::InstanceKey& key) { return key.series.study; });
  }

  template <class Key, class ToStudy>
  static std::vector<core::StudyKey> unique(const std::vector<Key>& keys, ToStudy to_study) {
    std::set<core::StudyKey> studies;
    for (const Key& key : keys) studies.insert(to_study(key));
    return {studies.begin(), studies.end()};
  }
};

/// Membership in a scope by look-up: sharing::covers() reads through the whole list each time.
class ScopeIndex {
 public:
  explicit ScopeIndex(const sharing::Scope& scope) {
    if (const auto* series = std::get_if<sharing::SeriesScope>(&scope)) {
      all_ = false;
      series_.insert(series->series.begin(), series->series.end());
    } else if (const auto* instances = std::get_if<sharing::InstanceScope>(&scope)) {
      all_ = false;
      instances_.insert(instances->instances.begin(), instances->instances.end());
    }
  }
  bool covers(const core::SeriesKey& series, const core::Uid& instance) const {
    return all_ || series_.contains(series) || instances_.contains({series, instance});
  }

 private:
  bool all_ = true;
  std::set<core::SeriesKey> series_;
  std::set<core::InstanceKey> instances_;
};

template <class Shown>
void sort_by_uid(std::vector<Shown>& list) {
  std::ranges::sort(list, {}, &Shown::uid);
}

using Stage = sharing::ReturnedObject::Stage;

/// Whoever's it is that the archive has by the UIDs of an object that it never confirmed: nothing
/// in it is taken for the hospital's, and nothing is shown because the recipient made it.
std::map<std::pair<core::Uid, core::Uid>, anonymization::Author> authors(const Returned& returned) {
  std::map<std::pair<core::Uid, core::Uid>, anonymization::Author> all;
  for (const auto& [series, instance] : returned.through_other_shares) {
    all[{series, instance}] = anonymization::Author::another_recipient;
  }
  for (const sharing::ReturnedObject& each : returned.own) {
    all[{each.archived_series, each.archived_instance}] =
        each.stage == Stage::stored ? anonymization::Author::recipient
                                    : anonymization::Author::another_recipient;
  }
  return all;
}

std::set<std::pair<core::Uid, core::Uid>> received(const Returned& returned) {
  std::set<std::pair<core::Uid, core::Uid>> all;
  for (const sharing::ReturnedObject& each : returned.own) {
    if (each.stage == Stage::received) all.emplace(each.archived_series, each.archived_instance);
  }
  return all;
}

anonymization::Pseudonyms::Made names_of(const std::vector<sharing::ReturnedObject>& made) {
  anonymization::Pseudonyms::Made names;
  for (const sharing::ReturnedObject& each : made) {
    names[each.archived_series] = each.series;
    names[each.archived_instance] = each.instance;
  }
  return names;
}

/// Those with this UID, or all of them for an empty one.
template <class Shown>
std::span<const Shown> with_uid(const std::vector<Shown>& list, const core::Uid& uid) {
  if (uid.empty()) return list;
  const auto range = std::ranges::equal_range(list, uid, {}, &Shown::uid);
  return {range.begin(), range.end()};
}

}  // namespace

std::size_t ShownStudy::instances() const {
  std::size_t count = 0;
  for (const ShownSeries& each : series) count += each.instances.size();
  return count;
}

core::InstanceKey InstanceRef::key() const {
  return {{study->original->key, series->original->series}, instance->original->instance};
}

Listings list_scope(core::DicomStore& store, const sharing::Scope& scope) {
  Listings listings;
  for (const core::StudyKey& study : std::visit(StudiesOf{store}, scope)) {
    if (auto listing = store.list(study)) listings.push_back(std::move(listing));
  }
  return listings;
}

ShareView::ShareView(const sharing::Share& share, anonymization::Profile profile,
                     core::ByteView mask_key, Listings listings, core::DicomStore& store,
                     const anonymization::PixelPolicy& policy, const ShareView* before,
                     const Returned& returned)
    : share_(share.id),
      profile_(std::move(profile)),
      authors_(authors(returned)),
      received_(received(returned)),
      pseudonyms_(mask_key, names_of(returned.own)),
      names_(profile_, pseudonyms_),
      policy_(policy),
      approved_(share.approved_series),
      listings_(std::move(listings)) {
  // After an approval nothing is known for certain.
  if (before != nullptr && before->approved_ != approved_) before = nullptr;
  for (const auto& listing : listings_) {
    if (auto study = show(listing, share.scope, store, before)) {
      studies_.push_back(*std::move(study));
    }
  }
  sort_by_uid(studies_);
}

std::optional<ShownStudy> ShareView::show(const std::shared_ptr<const core::StudyListing>& listing,
                                          const sharing::Scope& scope, core::DicomStore& store,
                                          const ShareView* before) {
  const ScopeIndex index(scope);
  ShownStudy study{{}, listing, {}, {}};
  for (const core::ListedSeries& listed : listing->series) {
    const core::SeriesKey key{listing->key, listed.series};
    ShownSeries series{{}, &listed, {}};
    for (const core::ListedInstance& instance : listed.instances) {
      is_unsettled_ |= received_.contains({listed.series, instance.instance});
      if (!index.covers(key, instance.instance) || !shows(key, instance, store, before)) continue;
      series.instances.push_back({names_.add(instance.instance), &instance});
    }
    if (series.instances.empty()) continue;
    series.uid = names_.add(listed.series);
    sort_by_uid(series.instances);
    study.series.push_back(std::move(series));
  }
  if (study.series.empty()) return std::nullopt;
  const audit::StudyWords* known = before == nullptr ? nullptr : before->words_of(*listing);
  study.words = known != nullptr ? *known : study_words(store, *listing);
  study.uid = names_.add(listing->key.study);
  sort_by_uid(study.series);
  return study;
}

const audit::StudyWords* ShareView::words_of(const core::StudyListing& study) const {
  const auto found = std::ranges::find(
      studies_, &study, [](const ShownStudy& shown) { return shown.original.get(); });
  return found == studies_.end() ? nullptr : &found->words;
}

bool ShareView::shows(const core::SeriesKey& series, const core::ListedInstance& instance,
                      core::DicomStore& store, const ShareView* before) {
  if (profile_.is_identity()) return true;
  if (before != nullptr) {
    const auto known = before->verdicts_.find(instance.revision);
    if (known != before->verdicts_.end()) return verdicts_.insert(*known).first->second;
  }
  auto file = store.open({series, instance.instance});
  if (!file) return true;
  const auto checked = core::dicom::CheckedFile::check(std::move(*file));
  const auto* sound = std::get_if<core::dicom::CheckedFile>(&checked);
  // Only the attempt tells whether it can be cleaned and masked.
  const bool shown = sound == nullptr || std::holds_alternative<anonymization::Masked>(
                                             release(*sound, {series, instance.instance}));
  const bool is_final = !received_.contains({series.series, instance.instance});
  if (is_final) verdicts_.emplace(instance.revision, shown);
  return shown;
}

anonymization::Author ShareView::author_of(const core::InstanceKey& instance) const {
  const auto known = authors_.find({instance.series.series, instance.instance});
  return known == authors_.end() ? anonymization::Author::hospital : known->second;
}

std::variant<anonymization::Masked, anonymization::WithholdReason> ShareView::release(
    const core::dicom::CheckedFile& file, const core::InstanceKey& instance) const {
  using anonymization::Approval;
  const anonymization::Author author = author_of(instance);
  Approval approval = Approval::none;
  if (author == anonymization::Author::recipient) {
    approval = Approval::made_by_recipient;
  } else if (std::ranges::binary_search(approved_, instance.series)) {
    approval = Approval::by_staff;
  }
  return anonymization::release(file, profile_, pseudonyms_, policy_, approval, author);
}

std::vector<InstanceRef> ShareView::find(const ShownPath& path) const {
  std::vector<InstanceRef> found;
  for (const ShownStudy& study : with_uid(studies_, path.study)) {
    for (const ShownSeries& series : with_uid(study.series, path.series)) {
      for (const ShownInstance& instance : with_uid(series.instances, path.instance)) {
        found.push_back({&study, &series, &instance});
      }
    }
  }
  return found;
}

ShareViews::Known* ShareViews::known(const sharing::ShareId& share) {
  const auto found = by_share_.find(share);
  if (found == by_share_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second);
  return &recent_.front();
}

std::variant<std::shared_ptr<const ShareView>, sharing::Denial> ShareViews::of(
    const sharing::Share& share, Freshness freshness, core::Time now) {
  if (freshness == Freshness::recent) {
    const core::MutexLock lock(mutex_);
    const Known* last = known(share.id);
    if (last != nullptr && last->view->approved() == share.approved_series &&
        now >= last->checked_at && now - last->checked_at < kRecent) {
      return last->view;
    }
  }
  Listings listings = list_scope(store_, share.scope);
  std::shared_ptr<const ShareView> before;
  std::uint64_t drops = 0;
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
  }
  const auto key = shares_.mask_key(share.id);
  if (!key) return sharing::Denial::destroyed_key;
  auto profile = anonymization::Profile::from_json(share.profile_json);
  if (!profile) return sharing::Denial::unreadable_profile;
  const Returned returned = returned_to(share.id, listings);
  // Built outside the lock: 100,000 names take a tenth of a second, their files more.
  auto view = std::make_shared<const ShareView>(share, *std::move(profile), key->view(),
                                                std::move(listings), store_, policy_, before.get(),
                                                returned);
  const core::MutexLock lock(mutex_);
  if (drops_ != drops) return view;
  if (const auto old = by_share_.find(share.id); old != by_share_.end()) {
    recent_.erase(old->second);
  }
  recent_.push_front({view, now});
  by_share_[share.id] = recent_.begin();
  if (recent_.size() > kViewsInMemory) {
    by_share_.erase(recent_.back().view->share());
    recent_.pop_back();
  }
  return view;
}

Returned ShareViews::returned_to(const sharing::ShareId& share, const Listings& listings) const {
  Returned returned{shares_.returned(share), {}};
  for (const auto& listing : listings) {
    for (const core::ListedSeries& series : listing->series) {
      for (core::Uid& instance : shares_.returned_elsewhere(share, series.series)) {
        returned.through_other_shares.emplace(series.series, std::move(instance));
      }
    }
  }
  return returned;
}

void ShareViews::drop(const sharing::ShareId& share) {
  const core::MutexLock lock(mutex_);
  ++drops_;
  const auto found = by_share_.find(share);
  if (found == by_share_.end()) return;
  recent_.erase(found->second);
  by_share_.erase(found);
}

}  // namespace sekisho::disclosure
