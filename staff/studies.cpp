// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/studies.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/resource_id.h"
#include "core/spelling.h"
#include "core/utf8.h"
#include "disclosure/study_words.h"
#include "staff/lists.h"

namespace sekisho::staff {
namespace {

using core::FoundStudy;

constexpr std::size_t kLongestSearched = 64;  ///< characters of a LO (PS3.5 §6.2)
/// Studies that one call reads, so that it ends soon whatever it searches for.
constexpr std::size_t kMostRead = 500;
/// Live shares of a study that are counted; more is told as so many.
constexpr int kMostShares = 100;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// A text that the archive compares with: one with the wildcards and separators of DICOM means
/// something else there (PS3.4 §C.2.2.2).
std::string searched(const Call& call, const std::string& name, RequestProblems& problems) {
  const auto found = call.query.find(name);
  if (found == call.query.end()) return {};
  const std::string& text = found->second;
  if (text.empty() || text.size() > 4 * kLongestSearched || !core::is_utf8(text) ||
      text.find_first_of("*?\\") != std::string::npos) {
    problems.push_back('"' + name + R"(" must be a text of UTF-8, without "*", "?" and "\".)");
  }
  return text;
}

std::string day(const Call& call, const std::string& name, RequestProblems& problems) {
  const auto found = call.query.find(name);
  if (found == call.query.end()) return {};
  const std::string& text = found->second;
  if (text.size() != 8 || text.find_first_not_of("0123456789") != std::string::npos) {
    problems.push_back('"' + name + "\" must be a date in eight digits: 20260210.");
  }
  return text;
}

std::string resource(const Call& call, const std::string& name, RequestProblems& problems) {
  const auto found = call.query.find(name);
  if (found == call.query.end()) return {};
  if (!core::is_resource_id(found->second)) {
    problems.push_back('"' + name + "\" must be Orthanc's ID of a study.");
  }
  return found->second;
}

/// PS3.5 §6.2.1.2: up to three groups, as letters, ideographs and sounds.
Json::Value name_json(std::string_view name) {
  Json::Value json = Json::objectValue;
  for (const char* group : {"Alphabetic", "Ideographic", "Phonetic"}) {
    const auto end = std::min(name.find('='), name.size());
    if (end > 0) json[group] = std::string(name.substr(0, end));
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return json;
}

std::size_t live_shares(const Call& call, const core::StudyKey& key) {
  sharing::ShareFilter filter;
  filter.patient_id = key.patient_id;
  filter.study = key.study;
  filter.patients_of_study = {key.patient_id};
  filter.status = sharing::ShareStatus::live;
  filter.limit = kMostShares;
  return call.ports.shares.list(filter, call.now).size();
}

Json::Value study_json(const Call& call, const FoundStudy& study, const core::StudyListing& listing,
                       const disclosure::StudyDescription& said) {
  Json::Value json;
  json["ID"] = study.id;
  json["PatientID"] = study.key.patient_id;
  json["PatientName"] = name_json(said.words.patient_name);
  json["PatientBirthDate"] = said.birth_date;
  json["PatientSex"] = said.sex;
  json["StudyInstanceUID"] = study.key.study.str();
  json["StudyDate"] = said.words.date;
  json["StudyTime"] = said.time;
  json["StudyDescription"] = said.words.description;
  json["AccessionNumber"] = said.accession;
  json["ReferringPhysicianName"] = name_json(said.referring);
  json["Modalities"] = Json::arrayValue;
  std::string_view modalities = said.words.modalities;
  while (!modalities.empty()) {
    const auto end = std::min(modalities.find('\\'), modalities.size());
    json["Modalities"].append(std::string(modalities.substr(0, end)));
    modalities.remove_prefix(std::min(end + 1, modalities.size()));
  }
  std::size_t instances = listing.unnamed;
  for (const core::ListedSeries& series : listing.series) instances += series.instances.size();
  json["Series"] = Json::UInt64{listing.series.size()};
  json["Instances"] = Json::UInt64{instances};
  json["LiveShares"] = Json::UInt64{live_shares(call, study.key)};
  return json;
}

/// The archive looks through letters alone; kana and kanji are found here, in either width.
bool names(const disclosure::StudyDescription& said, const std::string& folded) {
  return core::fold_spelling(said.words.patient_name).find(folded) != std::string::npos ||
         core::fold_spelling(said.words.patient_id).find(folded) != std::string::npos;
}

bool is_newer(const FoundStudy& a, const FoundStudy& b) {
  return std::tie(a.date, a.time, a.id) > std::tie(b.date, b.time, b.id);
}

}  // namespace

Reply list_studies(const Call& call) {
  RequestProblems problems;
  core::StudySearch search;
  search.id = resource(call, "orthanc", problems);
  search.patient_id = searched(call, "patient", problems);
  search.accession = searched(call, "accession", problems);
  search.text = searched(call, "search", problems);
  search.from = day(call, "from", problems);
  search.to = day(call, "to", problems);
  search.modality = searched(call, "modality", problems);
  const std::string after = resource(call, "after", problems);
  const auto limit = page_limit(call, problems);
  if (!problems.empty()) return invalid(problems);
  std::string folded;
  if (!is_ascii(search.text)) folded = core::fold_spelling(std::exchange(search.text, {}));

  auto found = call.ports.find_studies(search);
  std::ranges::sort(found.studies, is_newer);
  auto next = found.studies.begin();
  if (!after.empty()) {
    next = std::ranges::find(found.studies, after, &FoundStudy::id);
    if (next == found.studies.end()) {
      return invalid({"\"after\" must be the \"Next\" of the page before."});
    }
    ++next;
  }
  Json::Value json;
  json["Studies"] = Json::arrayValue;
  json["Found"] = Json::UInt64{found.studies.size()};
  json["IsCut"] = found.is_cut;
  std::size_t read = 0;
  for (; next != found.studies.end(); ++next) {
    if (json["Studies"].size() == static_cast<Json::ArrayIndex>(*limit) || read == kMostRead) {
      json["Next"] = std::prev(next)->id;
      break;
    }
    // The archive finds identifiers without regard to case and accents.
    if (!search.patient_id.empty() && next->key.patient_id != search.patient_id) continue;
    const auto listing = call.ports.store.list(next->key, call.now);
    if (!listing) continue;  // gone meanwhile
    ++read;
    const auto said = disclosure::describe_study(call.ports.store, *listing, call.demand);
    if (folded.empty() || names(said, folded)) {
      json["Studies"].append(study_json(call, *next, *listing, said));
    }
  }
  return answered(200, json);
}

}  // namespace sekisho::staff
