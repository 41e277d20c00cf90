// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/search_run.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "core/dicom/dictionary.h"
#include "core/dicom/padding.h"
#include "core/dicom/text_reader.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Tag;
using core::dicom::TextReader;
using core::dicom::Token;

/// The first value of a top-level text attribute; empty where there is none.
std::string first_value(const MaskedRow& row, Tag tag) {
  std::string value;
  TextReader reader;
  for_each_token(row.dataset(), [&](const Token& token) {
    const bool found =
        reader.depth() == 0 && token.tag == tag && token.kind == Token::Kind::element;
    reader.see(token);
    if (!found) return;
    std::string scratch;
    const std::string_view text = reader.text(token, scratch);
    value = core::dicom::without_trailing_padding(text.substr(0, text.find('\\')));
  });
  return value;
}

/// The values of one attribute, but for the empty one.
std::string joined(std::set<std::string> values) {
  values.erase("");
  std::string text;
  for (const std::string& value : values) {
    if (!text.empty()) text += '\\';
    text += value;
  }
  return text;
}

/// The UIDs of a row, those below its level left out.
auto uids_of(const SearchRun::Hit& hit, Level level) {
  static const core::Uid kNone;
  return std::tie(hit.at.study->uid, level >= Level::series ? hit.at.series->uid : kNone,
                  level >= Level::instance ? hit.at.instance->uid : kNone);
}

/// A date is shorter; of what stands there instead, this much decides the order.
constexpr std::size_t kMostDateBytes = 15;
constexpr std::size_t kMostAnswerBytes = 32U << 20U;

constexpr Tag kPatientId{0x0010, 0x0020};

/// As the recipient knows: where patients carry no number, all are one.
bool is_of_patient(const ShareView& view, const ShownStudy& study, const std::string& patient_id) {
  const anonymization::Profile& profile = view.profile();
  const auto action = profile.action_for(kPatientId);
  const bool are_told_apart = profile.is_identity() || action == anonymization::Action::keep ||
                              action == anonymization::Action::pseudonymise;
  return !are_told_apart || study.original->key.patient_id == patient_id;
}

std::size_t count_series(const ShareView& view, const std::string& patient_id) {
  std::size_t count = 0;
  for (const ShownStudy* study : view.studies()) {
    if (is_of_patient(view, *study, patient_id)) count += study->series.size();
  }
  return count;
}

std::size_t count_studies(const ShareView& view, const std::string& patient_id) {
  return static_cast<std::size_t>(std::count_if(
      view.studies().begin(), view.studies().end(),
      [&](const ShownStudy* study) { return is_of_patient(view, *study, patient_id); }));
}

std::size_t count_instances(const ShareView& view, const std::string& patient_id) {
  std::size_t count = 0;
  for (const ShownStudy* study : view.studies()) {
    if (is_of_patient(view, *study, patient_id)) count += study->instances();
  }
  return count;
}

}  // namespace

SearchRun::SearchRun(const Ports& ports, RowCache& cache, const Search& search,
                     const Matched& target, std::string_view root_url)
    : ports_(ports),
      cache_(cache),
      search_(search),
      target_(target),
      level_(target.route->level),
      root_url_(root_url),
      match_(search) {
  prepare_attributes();
}

void SearchRun::prepare_attributes() {
  const auto want = [this](Tag tag) { wanted_.push_back(tag); };
  // What the path names needs no repetition, but for its UIDs (PS3.18 §10.6.3.3.2).
  std::vector<Level> levels = {level_};
  if (level_ > Level::study && target_.path.study.empty()) levels.push_back(Level::study);
  if (level_ > Level::series && target_.path.series.empty()) levels.push_back(Level::series);
  for (const Level level : levels) {
    for (const Tag tag : required_attributes(level)) want(tag);
  }
  want(tags::kStudyInstanceUid);
  if (level_ >= Level::series) want(tags::kSeriesInstanceUid);
  const std::set<Tag> required(wanted_.begin(), wanted_.end());
  for (const Tag tag : search_.include) {
    if (level_of(tag) <= level_) want(tag);
  }
  std::sort(wanted_.begin(), wanted_.end());
  wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());

  for (const Tag tag : wanted_) {
    if (!is_computed(tag) && !required.contains(tag)) continue;
    // An attribute that is not there looks like one that is empty. (0008,0005) is for those that
    // have text to declare.
    if (tag == tags::kSpecificCharacterSet) continue;
    extras_.push_back({tag,
                       core::dicom::implicit_vr(tag),
                       {},
                       is_computed(tag) ? Extra::When::always : Extra::When::if_absent});
  }

  const auto cached = cached_attributes();
  const auto beyond_cache = [&](Tag tag) {
    return !is_computed(tag) && !std::binary_search(cached.begin(), cached.end(), tag);
  };
  if (std::ranges::any_of(match_.reads(), beyond_cache)) matched_ = Rows::whole;
  if (search_.include_kind == Search::Include::all || std::ranges::any_of(wanted_, beyond_cache)) {
    shown_ = Rows::whole;
  }
}

std::shared_ptr<const MaskedRow> SearchRun::row_of(const ShareView& view, const InstanceRef& at,
                                                   Rows rows) {
  const core::Demand& demand = demands_.at(&view);
  demand.ask();
  return rows == Rows::whole ? disclosure::read_row(ports_, view, at, demand)
                             : disclosure::row_of(ports_, cache_, view, at, demand);
}

SearchRun::First SearchRun::first_of(const ShareView& view, const ShownStudy& study,
                                     const ShownSeries* series) {
  First first;
  for (const ShownSeries& each : study.series) {
    if (series != nullptr && series != &each) continue;
    for (const disclosure::ShownInstance& instance : each.instances) {
      const InstanceRef at{&study, &each, &instance};
      auto row = row_of(view, at, matched_);
      if (row == nullptr || (first.row != nullptr && !row->is_readable())) continue;
      first = {at, std::move(row)};
      if (first.row->is_readable()) return first;
    }
  }
  return first;
}

bool SearchRun::add(const ShareView& view, core::Demand demand) {
  demands_[&view] = std::move(demand);
  const ShownPath& path = target_.path;
  bool found = path.study.empty();
  for (const ShownStudy* study : view.studies()) {
    if (!path.study.empty() && study->uid != path.study) continue;
    found |= path.series.empty();
    First first = first_of(view, *study, nullptr);
    if (first.row == nullptr) continue;
    study_dates_.push_back(first_value(*first.row, tags::kStudyDate).substr(0, kMostDateBytes));
    const std::string_view study_date = study_dates_.back();
    if (level_ == Level::study) {
      consider({&view, first.at, study_date}, first.row.get());
      continue;
    }
    first.row.reset();
    for (const ShownSeries& series : study->series) {
      if (!path.series.empty() && series.uid != path.series) continue;
      found = true;
      if (level_ == Level::series) {
        const First of_series = first_of(view, *study, &series);
        consider({&view, of_series.at, study_date}, of_series.row.get());
        continue;
      }
      if (!search_.keys.empty()) consider_instances({&view, {study}, study_date}, series);
    }
    // Where nothing has to match, a row is read once it is on the page: whether its file is still
    // there shows then.
    if (level_ == Level::instance && search_.keys.empty()) {
      wholes_.push_back({&view, study, study_date});
    }
  }
  return found;
}

void SearchRun::consider(const Hit& hit, const MaskedRow* row) {
  if (row != nullptr && matches(hit, *row)) hits_.push_back(hit);
}

void SearchRun::consider_instances(const Hit& of_study, const ShownSeries& series) {
  for (const disclosure::ShownInstance& instance : series.instances) {
    const Hit hit{of_study.view, {of_study.at.study, &series, &instance}, of_study.study_date};
    consider(hit, row_of(*hit.view, hit.at, matched_).get());
  }
}

template <class Take>
void SearchRun::for_each_instance(const Whole& whole, Take take) const {
  for (const ShownSeries& series : whole.study->series) {
    if (!target_.path.series.empty() && series.uid != target_.path.series) continue;
    for (const disclosure::ShownInstance& instance : series.instances) {
      take(Hit{whole.view, {whole.study, &series, &instance}, whole.study_date});
    }
  }
}

/// Whether no study stands there twice, and each behind the one before by its UID.
bool SearchRun::are_in_order() const {
  const auto is_not_before = [](const Whole& one, const Whole& next) {
    return !(one.study->uid < next.study->uid);
  };
  return std::ranges::adjacent_find(wholes_, is_not_before) == wholes_.end();
}

/// Of `available` matches behind the offset; notes where the server cuts.
std::size_t SearchRun::given_of(std::size_t available, std::size_t max_results) {
  const std::size_t asked = std::min(search_.limit.value_or(available), available);
  const std::size_t given = std::min(asked, max_results);
  was_cut_ = given < asked;
  return given;
}

/// As page() would cut it out of all instances, without a list of them.
std::vector<SearchRun::Hit> SearchRun::page_of_wholes(std::size_t max_results) {
  std::ranges::stable_sort(wholes_, {}, &Whole::study_date);
  std::size_t all = 0;
  for (const Whole& whole : wholes_) for_each_instance(whole, [&](const Hit&) { ++all; });
  std::size_t before = std::min(search_.offset, all);
  const std::size_t given = given_of(all - before, max_results);
  std::vector<Hit> hits;
  for (const Whole& whole : wholes_) {
    if (hits.size() == given) break;
    for_each_instance(whole, [&](const Hit& hit) {
      if (before > 0) {
        --before;
      } else if (hits.size() < given) {
        hits.push_back(hit);
      }
    });
  }
  return hits;
}

bool SearchRun::matches(const Hit& hit, const MaskedRow& row) {
  if (matched_ == Rows::whole) demands_.at(hit.view).ask();
  return match_.matches(row.dataset(), [&](Tag tag) { return computed(tag, hit, row); });
}

std::vector<SearchRun::Hit> SearchRun::page(std::size_t max_results) {
  if (!wholes_.empty() && are_in_order()) return page_of_wholes(max_results);
  // Several shares show one study: each of its instances once.
  for (const Whole& whole : wholes_) {
    for_each_instance(whole, [this](const Hit& hit) { hits_.push_back(hit); });
  }
  const auto uids = [this](const Hit& hit) { return uids_of(hit, level_); };
  // They come in order of the views, and in these of UIDs.
  if (!std::ranges::is_sorted(hits_, {}, uids)) std::ranges::stable_sort(hits_, {}, uids);
  const auto repeated = std::ranges::unique(hits_, {}, uids);
  hits_.erase(repeated.begin(), repeated.end());
  if (!std::ranges::is_sorted(hits_, {}, &Hit::study_date)) {
    std::ranges::stable_sort(hits_, {}, &Hit::study_date);
  }
  const std::size_t begin = std::min(search_.offset, hits_.size());
  const std::size_t given = given_of(hits_.size() - begin, max_results);
  const auto first = hits_.begin() + static_cast<std::ptrdiff_t>(begin);
  return {first, first + static_cast<std::ptrdiff_t>(given)};
}

const std::string& SearchRun::modalities(const ShareView& view, const ShownStudy& study) {
  const auto [entry, is_new] = modalities_.try_emplace(&study);
  if (!is_new) return entry->second;
  std::set<std::string> found;
  for (const ShownSeries& series : study.series) {
    const First first = first_of(view, study, &series);
    if (first.row != nullptr) found.insert(first_value(*first.row, tags::kModality));
  }
  entry->second = joined(std::move(found));
  return entry->second;
}

/// Each once, of all its instances. What is known of one does not depend on what is searched for.
const std::string& SearchRun::classes(const ShareView& view, const ShownStudy& study) {
  const auto [entry, is_new] = classes_.try_emplace(&study);
  if (!is_new) return entry->second;
  std::set<std::string> found;
  for (const ShownSeries& series : study.series) {
    for (const disclosure::ShownInstance& instance : series.instances) {
      const auto row = row_of(view, {&study, &series, &instance}, Rows::cached);
      if (row != nullptr) found.insert(first_value(*row, tags::kSopClassUid));
    }
  }
  entry->second = joined(std::move(found));
  return entry->second;
}

/// `nullopt` for what the data set itself says.
std::optional<std::string> SearchRun::computed(Tag tag, const Hit& hit, const MaskedRow& row) {
  const InstanceRef& at = hit.at;
  const std::string& patient = at.study->original->key.patient_id;
  switch (tag.value) {
    case tags::kStudyInstanceUid.value:
      return at.study->uid.str();
    case tags::kSeriesInstanceUid.value:
      return at.series->uid.str();
    case tags::kSopInstanceUid.value:
      return at.instance->uid.str();
    case tags::kInstanceAvailability.value:
      return "ONLINE";
    case tags::kModalitiesInStudy.value:
      return modalities(*hit.view, *at.study);
    case tags::kSopClassesInStudy.value:
      return classes(*hit.view, *at.study);
    case tags::kAvailableTransferSyntaxUid.value:
      return row.transfer_syntax();
    case tags::kNumberOfPatientRelatedStudies.value:
      return std::to_string(count_studies(*hit.view, patient));
    case tags::kNumberOfPatientRelatedSeries.value:
      return std::to_string(count_series(*hit.view, patient));
    case tags::kNumberOfPatientRelatedInstances.value:
      return std::to_string(count_instances(*hit.view, patient));
    case tags::kNumberOfStudyRelatedSeries.value:
      return std::to_string(at.study->series.size());
    case tags::kNumberOfStudyRelatedInstances.value:
      return std::to_string(at.study->instances());
    case tags::kNumberOfSeriesRelatedInstances.value:
      return std::to_string(at.series->instances.size());
    case tags::kRetrieveUrl.value: {
      std::string url(root_url_);
      url += "/studies/" + at.study->uid.str();
      if (level_ >= Level::series) url += "/series/" + at.series->uid.str();
      if (level_ >= Level::instance) url += "/instances/" + at.instance->uid.str();
      return url;
    }
    default:
      return std::nullopt;
  }
}

std::string SearchRun::json(std::vector<Hit>& page) {
  Selection selection{wanted_, std::nullopt};
  if (search_.include_kind == Search::Include::all) selection.everything_up_to = level_;
  std::string text = "[";
  std::size_t given = 0;
  for (; given < page.size() && text.size() < kMostAnswerBytes; ++given) {
    const Hit& hit = page[given];
    const auto row = row_of(*hit.view, hit.at, shown_);
    if (row == nullptr) continue;
    if (text.size() > 1) text += ',';
    for (Extra& extra : extras_) {
      if (extra.when == Extra::When::always)
        extra.text = computed(extra.tag, hit, *row).value_or("");
    }
    const core::dicom::Dataset parts[] = {row->dataset()};
    append_json(text, parts, selection, extras_, demands_.at(hit.view));
  }
  text += ']';
  was_cut_ |= given < page.size();
  page.resize(given);
  return text;
}

}  // namespace sekisho::dicomweb
