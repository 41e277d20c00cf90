// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/study_search.h"

#include <json/writer.h>

#include <optional>
#include <set>
#include <utility>

#include "core/resource_id.h"

namespace sekisho::plugin {
namespace {

using core::FoundStudies;
using core::FoundStudy;
using core::StudySearch;

constexpr int kMostFound = 2000;

std::string text_of(const Json::Value& tags, const char* keyword) {
  const Json::Value& value = tags[keyword];
  return value.isString() ? value.asString() : std::string();
}

/// `nullopt` for one without a UID, and for one whose name is not that of what it says: nothing
/// else knows it by these, and it cannot be shared.
std::optional<FoundStudy> study_of(const Json::Value& resource) {
  const Json::Value& tags = resource["MainDicomTags"];
  const auto uid = core::Uid::parse(text_of(tags, "StudyInstanceUID"));
  if (!uid) return std::nullopt;
  FoundStudy found{text_of(resource, "ID"),
                   {text_of(resource["PatientMainDicomTags"], "PatientID"), *uid},
                   text_of(tags, "StudyDate"),
                   text_of(tags, "StudyTime")};
  if (resource_id(found.key) != found.id) return std::nullopt;
  return found;
}

Json::Value query_of(const StudySearch& search) {
  Json::Value query = Json::objectValue;
  const auto add = [&](const char* keyword, const std::string& value) {
    if (!value.empty()) query[keyword] = value;
  };
  add("PatientID", search.patient_id);
  add("AccessionNumber", search.accession);
  add("ModalitiesInStudy", search.modality);
  // PS3.4 §C.2.2.2.5.1: a range, open where it has no end.
  if (!search.from.empty() || !search.to.empty())
    query["StudyDate"] = search.from + '-' + search.to;
  return query;
}

/// Adds what `query` finds and is not there yet.
void find(const Sdk& sdk, const Json::Value& query, std::set<std::string>& known,
          FoundStudies& found) {
  Json::Value body;
  body["Level"] = "Study";
  body["Expand"] = true;
  body["Limit"] = kMostFound + 1;
  body["Query"] = query;
  const Json::Value answer =
      sdk.post("/tools/find", Json::writeString(Json::StreamWriterBuilder(), body));
  found.is_cut = found.is_cut || answer.size() > kMostFound;
  for (const Json::Value& resource : answer) {
    auto study = study_of(resource);
    if (study && known.insert(study->id).second) found.studies.push_back(*std::move(study));
  }
}

}  // namespace

FoundStudies search_studies(const Sdk& sdk, const StudySearch& search) {
  FoundStudies found;
  if (!search.id.empty()) {
    const auto resource = sdk.get("/studies/" + search.id);
    auto study = resource ? study_of(*resource) : std::nullopt;
    if (study) found.studies.push_back(*std::move(study));
    return found;
  }
  std::set<std::string> known;
  Json::Value query = query_of(search);
  if (search.text.empty()) {
    find(sdk, query, known, found);
    return found;
  }
  for (const char* keyword : {"PatientID", "PatientName"}) {
    Json::Value narrowed = query;
    narrowed[keyword] = '*' + search.text + '*';
    find(sdk, narrowed, known, found);
  }
  return found;
}

}  // namespace sekisho::plugin
