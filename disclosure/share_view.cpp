// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/share_view.h"

#include <algorithm>
#include <functional>
#include <set>
#include <stdexcept>

#include "core/dicom/checked_file.h"
#include "disclosure/study_words.h"

namespace sekisho::disclosure {
namespace {

/// Two names, in both directions, a verdict and the row of a list.
constexpr std::uint64_t kInstance_bytes = 640;
constexpr std::uint64_t kSeries_bytes = 512;
constexpr std::uint64_t kStudy_bytes = 1024;
constexpr std::uint64_t kView_bytes = 4096;

/// The studies that a scope names, each once.
struct StudiesOf {
  core::DicomStore& store;
  core::Time since;
  std::vector<core::StudyKey> operator()(const sharing::PatientScope& scope) const {
    return store.studies_of(scope.patient_id, since);
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

/// By address.
template <class Shown>
bool is_in(const std::vector<Shown>& list, const Shown* one) {
  const std::less<const Shown*> before;
  return !list.empty() && !before(one, &list.front()) && !before(&list.back(), one);
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

Listings list_scope(core::DicomStore& store, const sharing::Scope& scope, core::Time since,
                    const core::Demand& demand) {
  Listings listings;
  for (const core::StudyKey& study : std::visit(StudiesOf{store, since}, scope)) {
    demand.ask();
    if (auto listing = store.list(study, since)) listings.push_back(std::move(listing));
  }
  return listings;
}

ShareView::ShareView(const sharing::Share& share,
                     std::shared_ptr<const anonymization::Profile> profile, core::ByteView mask_key,
                     Listings listings, core::DicomStore& store,
                     const anonymization::PixelPolicy& policy,
                     const anonymization::Verdicts* verdicts, const ShareView* before,
                     const Returned& returned, const OnMasked& on_masked,
                     const core::Demand& demand)
    : share_(share.id),
      profile_(std::move(profile)),
      authors_(authors(returned)),
      received_(received(returned)),
      pseudonyms_(mask_key, names_of(returned.own)),
      names_(*profile_, pseudonyms_),
      policy_(policy),
      approved_(share.approved_series),
      listings_(std::move(listings)) {
  // After an approval nothing is known for certain.
  if (before != nullptr && before->approved_ != approved_) before = nullptr;
  Deciding by{store, verdicts, {}, before, on_masked, demand};
  if (verdicts != nullptr) by.profile = anonymization::Verdicts::digest_of(*profile_);
  for (const auto& listing : listings_) {
    if (auto study = show(listing, share.scope, by)) {
      studies_.push_back(*std::move(study));
    }
  }
  sort_by_uid(studies_);
}

std::optional<ShownStudy> ShareView::show(const std::shared_ptr<const core::StudyListing>& listing,
                                          const sharing::Scope& scope, const Deciding& by) {
  const ScopeIndex index(scope);
  ShownStudy study{{}, listing, {}, {}};
  for (const core::ListedSeries& listed : listing->series) {
    const core::SeriesKey key{listing->key, listed.series};
    ShownSeries series{{}, &listed, {}};
    for (const core::ListedInstance& instance : listed.instances) {
      is_unsettled_ |= received_.contains({listed.series, instance.instance});
      if (!index.covers(key, instance.instance)) continue;
      if (!is_shown(key, instance, by)) continue;
      series.instances.push_back({names_.add(instance.instance), &instance});
    }
    if (series.instances.empty()) continue;
    series.uid = names_.add(listed.series);
    sort_by_uid(series.instances);
    study.series.push_back(std::move(series));
  }
  if (study.series.empty()) return std::nullopt;
  const audit::StudyWords* known = by.before == nullptr ? nullptr : by.before->words_of(*listing);
  study.words = known != nullptr ? *known : study_words(by.store, *listing, by.demand);
  study.uid = names_.add(listing->key.study);
  sort_by_uid(study.series);
  return study;
}

const audit::StudyWords* ShareView::words_of(const core::StudyListing& study) const {
  const auto found = std::ranges::find(
      studies_, &study, [](const ShownStudy& shown) { return shown.original.get(); });
  return found == studies_.end() ? nullptr : &found->words;
}

bool ShareView::is_shown(const core::SeriesKey& series, const core::ListedInstance& instance,
                         const Deciding& by) {
  by.demand.ask();
  if (by.before != nullptr) {
    const auto known = by.before->seen_.find(instance.revision);
    if (known != by.before->seen_.end()) {
      return seen_.insert(*known).first->second != Seen::withheld;
    }
  }
  const core::InstanceKey key{series, instance.instance};
  const bool is_final = !received_.contains({series.series, instance.instance});
  const anonymization::Verdicts::Terms terms{by.profile, approval_of(key), author_of(key)};
  const anonymization::Verdicts* verdicts = is_final ? by.verdicts : nullptr;
  const auto verdict =
      verdicts == nullptr ? std::nullopt : verdicts->find(instance.revision, terms);
  if (profile_->is_identity()) {
    // Everything is shown: a file of which nothing is known is not read for that.
    if (verdict) seen_.emplace(instance.revision, verdict->withheld ? Seen::unfit : Seen::fit);
    return true;
  }
  if (verdict) {
    seen_.emplace(instance.revision, verdict->withheld ? Seen::withheld : Seen::fit);
    return !verdict->withheld;
  }
  auto file = by.store.open(key);
  if (!file) return true;
  const auto checked = core::dicom::CheckedFile::check(std::move(*file), by.demand);
  const auto* sound = std::get_if<core::dicom::CheckedFile>(&checked);
  // Only the attempt tells whether it can be cleaned and masked.
  Seen seen = Seen::unfit;
  if (sound != nullptr) {
    const auto released = release(*sound, key, by.demand);
    const auto* masked = std::get_if<anonymization::Masked>(&released);
    seen = masked != nullptr ? Seen::fit : Seen::withheld;
    if (masked != nullptr && is_final) by.on_masked(instance.revision, *masked);
    if (verdicts != nullptr) {
      anonymization::Verdict found;
      if (masked == nullptr) found.withheld = std::get<anonymization::WithholdReason>(released);
      verdicts->keep(instance.revision, terms, found);
    }
  }
  if (is_final) seen_.emplace(instance.revision, seen);
  return seen != Seen::withheld;
}

std::optional<Fitness> ShareView::fitness(const InstanceRef& instance) const {
  const auto found = seen_.find(instance.instance->original->revision);
  if (found == seen_.end()) return std::nullopt;
  return found->second == Seen::fit ? Fitness::fit : Fitness::unfit;
}

anonymization::Author ShareView::author_of(const core::InstanceKey& instance) const {
  const auto known = authors_.find({instance.series.series, instance.instance});
  return known == authors_.end() ? anonymization::Author::hospital : known->second;
}

/// As far as release() asks.
anonymization::Approval ShareView::approval_of(const core::InstanceKey& instance) const {
  using anonymization::Approval;
  if (author_of(instance) == anonymization::Author::recipient) return Approval::made_by_recipient;
  return std::ranges::binary_search(approved_, instance.series) ? Approval::by_staff
                                                                : Approval::none;
}

std::variant<anonymization::Masked, anonymization::WithholdReason> ShareView::release(
    const core::dicom::CheckedFile& file, const core::InstanceKey& instance,
    const core::Demand& demand) const {
  return anonymization::release(file, *profile_, pseudonyms_, policy_, approval_of(instance),
                                author_of(instance), demand);
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

const ShownStudy* ShareView::study(const core::Uid& shown) const {
  const auto found = std::ranges::lower_bound(studies_, shown, {}, &ShownStudy::uid);
  return found == studies_.end() || found->uid != shown ? nullptr : &*found;
}

std::uint64_t ShareView::size_bytes() const {
  std::uint64_t bytes = kView_bytes + studies_.size() * kStudy_bytes;
  for (const ShownStudy& study : studies_) {
    bytes += study.series.size() * kSeries_bytes + study.instances() * kInstance_bytes;
  }
  return bytes;
}

bool ShareView::shows(const ShownPath& path) const {
  const ShownStudy* study = this->study(path.study);
  if (study == nullptr || path.series.empty()) return study != nullptr;
  const auto series = with_uid(study->series, path.series);
  if (series.empty() || path.instance.empty()) return !series.empty();
  return !with_uid(series.front().instances, path.instance).empty();
}

bool ShareView::has(const InstanceRef& instance) const {
  return is_in(studies_, instance.study) && is_in(instance.study->series, instance.series) &&
         is_in(instance.series->instances, instance.instance);
}

}  // namespace sekisho::disclosure
