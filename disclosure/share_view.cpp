// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/share_view.h"

#include <algorithm>
#include <functional>
#include <set>
#include <span>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

#include "core/dicom/checked_file.h"
#include "disclosure/scope_index.h"
#include "disclosure/study_words.h"

namespace sekisho::disclosure {
namespace {

/// Two names and what is known of it; and as much again where its names are asked for.
constexpr std::uint64_t kInstance_bytes = 320;
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

/// Of what the archive is known to have from the recipient: by names of the recipient's nothing of
/// anybody else's is shown.
anonymization::Pseudonyms::Made names_of(const std::vector<sharing::ReturnedObject>& made) {
  anonymization::Pseudonyms::Made names;
  for (const sharing::ReturnedObject& each : made) {
    if (each.stage != Stage::stored) continue;
    names[each.archived_series] = each.series;
    names[each.archived_instance] = each.instance;
  }
  return names;
}

const core::Uid& uid_of(const ShownStudy* study) { return study->uid; }

std::size_t instances_in(const core::StudyListing& study, const ScopeIndex& scope) {
  std::size_t count = 0;
  for (const core::ListedSeries& series : study.series) {
    const core::SeriesKey key{study.key, series.series};
    const auto is_covered = [&](const auto& each) { return scope.covers(key, each.instance); };
    count += static_cast<std::size_t>(std::ranges::count_if(series.instances, is_covered));
  }
  return count;
}

/// Those with this UID, or all of them for an empty one.
template <class Shown, class UidOf = const core::Uid Shown::*>
std::span<const Shown> with_uid(const std::vector<Shown>& list, const core::Uid& uid,
                                UidOf uid_of = &Shown::uid) {
  if (uid.empty()) return list;
  const auto range = std::ranges::equal_range(list, uid, {}, uid_of);
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

struct ShareView::SeenStudy {
  ShownStudy shown;  ///< without series where nothing is shown
  /// By revision, which the listing holds; without what is unknown, or whose author is in doubt.
  std::unordered_map<std::string_view, Seen> files;
  bool is_settled = true;

  Seen of(std::string_view revision) const {
    const auto found = files.find(revision);
    return found == files.end() ? Seen::unknown : found->second;
  }
};

struct ShareView::Deciding {
  core::DicomStore& store;
  core::MemoryBudget& memory;
  const anonymization::Verdicts* verdicts;
  core::Sha256 profile;  ///< for the verdicts
  ScopeIndex scope;
  const ShareView* before;
  bool same_authors;  ///< as before
  const OnMasked& on_masked;
  Look& look;
};

ShareView::ShareView(const sharing::Share& share,
                     std::shared_ptr<const anonymization::Profile> profile, core::ByteView mask_key,
                     Listings listings, core::DicomStore& store, core::MemoryBudget& memory,
                     const anonymization::PixelPolicy& policy,
                     const anonymization::Verdicts* verdicts, const ShareView* before,
                     const Returned& returned, const OnMasked& on_masked, Look& look)
    : share_(share.id),
      profile_(std::move(profile)),
      authors_(authors(returned)),
      received_(received(returned)),
      pseudonyms_(mask_key, names_of(returned.own)),
      names_(*profile_, pseudonyms_),
      policy_(policy),
      verdicts_(verdicts),
      approved_(share.approved_series),
      listings_(std::move(listings)) {
  // After an approval nothing is known for certain.
  if (before != nullptr && before->approved_ != approved_) before = nullptr;
  const bool same_authors =
      before != nullptr && before->authors_ == authors_ && before->received_ == received_;
  Deciding by{store,  memory,       verdicts,  {},  ScopeIndex(share.scope),
              before, same_authors, on_masked, look};
  if (verdicts != nullptr) by.profile = anonymization::Verdicts::digest_of(*profile_);
  std::size_t instances = 0;
  for (const auto& listing : listings_) instances += instances_in(*listing, by.scope);
  look.expect(instances);
  for (const auto& listing : listings_) {
    seen_.push_back(look_at(listing, by));
    const SeenStudy& seen = *seen_.back();
    is_settled_ &= seen.is_settled;
    if (!seen.shown.series.empty()) shown_.push_back(&seen.shown);
  }
  std::ranges::sort(shown_, {}, uid_of);
}

ShareView::~ShareView() = default;

std::shared_ptr<const ShareView::SeenStudy> ShareView::seen(const core::StudyKey& study) const {
  const auto key_of = [](const auto& each) -> const core::StudyKey& {
    return each->shown.original->key;
  };
  const auto found = std::ranges::lower_bound(seen_, study, {}, key_of);
  return found == seen_.end() || key_of(*found) != study ? nullptr : *found;
}

std::shared_ptr<const ShareView::SeenStudy> ShareView::look_at(
    const std::shared_ptr<const core::StudyListing>& listing, const Deciding& by) const {
  auto before = by.before == nullptr ? nullptr : by.before->seen(listing->key);
  const bool is_same = before != nullptr && before->shown.original == listing;
  if (is_same && by.same_authors && before->is_settled) {
    by.look.add_done(instances_in(*listing, by.scope));
    return before;
  }

  auto now = std::make_shared<SeenStudy>();
  ShownStudy& study = now->shown;
  study.original = listing;
  for (const core::ListedSeries& listed : listing->series) {
    const core::SeriesKey key{listing->key, listed.series};
    ShownSeries series{{}, &listed, {}};
    for (const core::ListedInstance& instance : listed.instances) {
      const core::InstanceKey one{key, instance.instance};
      const bool one_is_settled = is_author_settled(one);
      now->is_settled &= one_is_settled;
      if (!by.scope.covers(key, instance.instance)) continue;
      by.look.demand().ask();
      Seen seen = before == nullptr ? Seen::unknown : before->of(instance.revision);
      if (seen == Seen::unknown) seen = look_at(one, instance.revision, by);
      by.look.add_done(1);
      if (seen != Seen::unknown && one_is_settled) now->files.emplace(instance.revision, seen);
      if (seen == Seen::withheld) continue;
      series.instances.push_back({names_.shown(instance.instance), &instance});
    }
    if (series.instances.empty()) continue;
    series.uid = names_.shown(listed.series);
    sort_by_uid(series.instances);
    study.series.push_back(std::move(series));
  }
  if (study.series.empty()) return now;
  const bool has_words = is_same && !before->shown.series.empty();
  study.words = has_words ? before->shown.words : study_words(by.store, *listing, by.look.demand());
  study.uid = names_.shown(listing->key.study);
  sort_by_uid(study.series);
  return now;
}

ShareView::Seen ShareView::look_at(const core::InstanceKey& instance, const std::string& revision,
                                   const Deciding& by) const {
  const bool is_settled = is_author_settled(instance);
  const anonymization::Verdicts::Terms terms{by.profile, approval_of(instance),
                                             author_of(instance)};
  const anonymization::Verdicts* verdicts = is_settled ? by.verdicts : nullptr;
  const auto verdict = verdicts == nullptr ? std::nullopt : verdicts->find(revision, terms);
  if (profile_->is_identity()) {
    // Everything is shown: a file of which nothing is known is not read for that.
    if (!verdict) return Seen::unknown;
    return verdict->withheld ? Seen::unfit : Seen::fit;
  }
  if (verdict) return verdict->withheld ? Seen::withheld : Seen::fit;
  auto file = by.store.open(instance);
  if (!file) return Seen::unknown;
  const auto checked = core::dicom::CheckedFile::check_or_mend(std::move(*file), by.look.demand());
  const auto* sound = std::get_if<core::dicom::CheckedFile>(&checked);
  if (sound == nullptr) return Seen::unfit;
  // Only the attempt tells whether it can be cleaned and masked.
  auto memory = by.memory.take(0);
  const auto released = release(*sound, instance, memory, by.look.demand());
  const auto* masked = std::get_if<anonymization::Masked>(&released);
  if (masked != nullptr && is_settled) by.on_masked(revision, *masked);
  if (verdicts != nullptr) {
    anonymization::Verdict found;
    if (masked == nullptr) found.withheld = std::get<anonymization::WithholdReason>(released);
    verdicts->keep(revision, terms, found);
  }
  return masked != nullptr ? Seen::fit : Seen::withheld;
}

std::optional<Fitness> ShareView::fitness(const InstanceRef& instance) const {
  const auto seen = this->seen(instance.study->original->key);
  switch (seen == nullptr ? Seen::unknown : seen->of(instance.instance->original->revision)) {
    case Seen::fit:
      return Fitness::fit;
    case Seen::unfit:
    case Seen::withheld:
      return Fitness::unfit;
    case Seen::unknown:
      break;
  }
  return std::nullopt;
}

anonymization::Author ShareView::author_of(const core::InstanceKey& instance) const {
  const auto known = authors_.find({instance.series.series, instance.instance});
  return known == authors_.end() ? anonymization::Author::hospital : known->second;
}

bool ShareView::is_author_settled(const core::InstanceKey& instance) const {
  return !received_.contains({instance.series.series, instance.instance});
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
    core::MemoryBudget::Taken& memory, const core::Demand& demand) const {
  const std::uint64_t masked = file.header().size() + file.trailer().size();
  const std::uint64_t both = file.memory_bytes() + masked;
  if (both > core::kUncountedBytes) memory.grow(both, demand);
  const anonymization::KnownPixels* pixels = verdicts_ == nullptr ? nullptr : &verdicts_->pixels();
  return anonymization::release(file, *profile_, pseudonyms_, policy_, approval_of(instance),
                                author_of(instance), demand, &memory,
                                anonymization::KnownPixels::of_file(pixels, file.source()));
}

std::string ShareView::name_of(const InstanceRef& instance) const {
  const core::InstanceKey key = instance.key();
  std::string name = share_.text();
  name.append(1, '/').append(instance.instance->original->revision).append(1, '/');
  name += std::to_string(static_cast<int>(author_of(key)));
  return name.append(1, '/').append(std::to_string(static_cast<int>(approval_of(key))));
}

std::string ShareView::tag_of(const InstanceRef& instance, core::ByteView what) const {
  // Each of its own length, so that nothing of one is taken for the other's.
  return pseudonyms_.tag_of(
      core::sha256({core::sha256(core::as_bytes(name_of(instance))), core::sha256(what)}));
}

std::vector<InstanceRef> ShareView::find(const ShownPath& path) const {
  std::vector<InstanceRef> found;
  for (const ShownStudy* study : with_uid(shown_, path.study, uid_of)) {
    for (const ShownSeries& series : with_uid(study->series, path.series)) {
      for (const ShownInstance& instance : with_uid(series.instances, path.instance)) {
        found.push_back({study, &series, &instance});
      }
    }
  }
  return found;
}

const ShownStudy* ShareView::study(const core::Uid& shown) const {
  const auto found = std::ranges::lower_bound(shown_, shown, {}, uid_of);
  return found == shown_.end() || (*found)->uid != shown ? nullptr : *found;
}

std::uint64_t ShareView::size_bytes() const {
  std::uint64_t bytes = kView_bytes + seen_.size() * kStudy_bytes;
  for (const ShownStudy* study : shown_) {
    bytes += study->series.size() * kSeries_bytes + study->instances() * kInstance_bytes;
  }
  return bytes;
}

const anonymization::ReverseMap& ShareView::names() const {
  const core::MutexLock lock(names_mutex_);
  if (has_names_) return names_;
  for (const ShownStudy* study : shown_) {
    names_.add(study->original->key.study, study->uid);
    for (const ShownSeries& series : study->series) {
      names_.add(series.original->series, series.uid);
      for (const ShownInstance& instance : series.instances) {
        names_.add(instance.original->instance, instance.uid);
      }
    }
  }
  has_names_ = true;
  return names_;
}

bool ShareView::shows(const ShownPath& path) const {
  const ShownStudy* study = this->study(path.study);
  if (study == nullptr || path.series.empty()) return study != nullptr;
  const auto series = with_uid(study->series, path.series);
  if (series.empty() || path.instance.empty()) return !series.empty();
  return !with_uid(series.front().instances, path.instance).empty();
}

bool ShareView::has(const InstanceRef& instance) const {
  return study(instance.study->uid) == instance.study &&
         is_in(instance.study->series, instance.series) &&
         is_in(instance.series->instances, instance.instance);
}

}  // namespace sekisho::disclosure
