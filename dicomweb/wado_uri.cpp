// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/wado_uri.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace sekisho::dicomweb {
namespace {

constexpr std::string_view kDicom = "application/dicom";
/// Where one side of a picture is bounded and the other is not.
constexpr std::string_view kUnbounded = "16384";

/// The parameters of a request by name; `nullopt` where one that is known stands there twice.
class Parameters {
 public:
  static std::optional<Parameters> of(const Request& request) {
    Parameters all;
    for (const auto& [name, value] : request.query) {
      const bool is_new = all.values_.emplace(name, value).second;
      if (!is_new && std::ranges::find(kKnown, name) != std::end(kKnown)) return std::nullopt;
    }
    return all;
  }
  bool has(std::string_view name) const { return values_.contains(name); }
  /// Empty where it is not there.
  std::string_view operator[](std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string_view() : std::string_view(found->second);
  }

 private:
  // PS3.18 Table 9.1.2-1, Table 9.5.1-1 and what these name.
  static constexpr std::string_view kKnown[] = {
      "requestType",    "studyUID",        "seriesUID",
      "objectUID",      "contentType",     "charset",
      "anonymize",      "annotation",      "rows",
      "columns",        "region",          "windowCenter",
      "windowWidth",    "frameNumber",     "imageQuality",
      "transferSyntax", "presentationUID", "presentationSeriesUID"};
  std::map<std::string, std::string, std::less<>> values_;
};

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 9 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// PS3.18 §9.5.1.2: what rendering is asked for, by the names of §8.3.5.1. False: unreadable.
bool translate_rendering(const Parameters& given, Request& out) {
  const auto add = [&](const char* name, std::string value) {
    out.query.emplace_back(name, std::move(value));
  };
  const std::string_view rows = given["rows"];
  const std::string_view columns = given["columns"];
  if ((given.has("rows") && !is_number(rows)) || (given.has("columns") && !is_number(columns))) {
    return false;
  }
  if (given.has("rows") || given.has("columns")) {
    std::string viewport(columns.empty() ? kUnbounded : columns);
    add("viewport", viewport.append(",").append(rows.empty() ? kUnbounded : rows));
  }
  // One without the other says nothing (§9.5.1.2.4).
  if (given.has("windowCenter") != given.has("windowWidth")) return false;
  if (given.has("windowCenter")) {
    std::string window(given["windowCenter"]);
    add("window", window.append(",").append(given["windowWidth"]).append(",linear"));
  }
  if (given.has("imageQuality")) add("quality", std::string(given["imageQuality"]));
  if (given.has("annotation")) add("annotation", std::string(given["annotation"]));
  return true;
}

std::optional<std::vector<std::string>> path_of(const Parameters& given) {
  for (const char* name : {"studyUID", "seriesUID", "objectUID"}) {
    if (given[name].empty()) return std::nullopt;
  }
  return std::vector<std::string>{"studies",   std::string(given["studyUID"]),
                                  "series",    std::string(given["seriesUID"]),
                                  "instances", std::string(given["objectUID"])};
}

/// The presentation state by which the instance is to be seen, which says the window itself
/// (PS3.18 §9.5.1). False: unreadable.
bool translate_presentation(const Parameters& given, Request& out) {
  if (!given.has("presentationUID") && !given.has("presentationSeriesUID")) return true;
  if (given.has("windowCenter")) return false;
  auto series = core::Uid::parse(given["presentationSeriesUID"]);
  auto instance = core::Uid::parse(given["presentationUID"]);
  if (!series || !instance) return false;
  out.presentation = PresentationName{*std::move(series), *std::move(instance)};
  return true;
}

}  // namespace

bool is_wado_uri(const Request& request) {
  return request.verb != Verb::post && request.path.size() == 1 && request.path.front() == "wado";
}

std::optional<Request> as_wado_rs(const Request& request) {
  const auto given = Parameters::of(request);
  if (!given || (*given)["requestType"] != "WADO") return std::nullopt;
  // Masking is the share's, whoever asks; parts of a picture are asked for by `viewport`.
  if (given->has("anonymize") || given->has("region")) return std::nullopt;
  auto path = path_of(*given);
  if (!path) return std::nullopt;
  Request out = request;
  out.path = *std::move(path);
  out.query.clear();
  const std::string_view type = (*given)["contentType"];
  const bool is_file = type.substr(0, type.find_first_of(";,")) == kDicom;
  if (given->has("contentType")) out.accept = type;
  if (is_file) {
    // §9.4.1.2.2 and §9.4: one file, by itself; frames are of pictures.
    if (given->has("frameNumber") || given->has("presentationUID")) return std::nullopt;
    out.accept = kDicom;
    if (given->has("transferSyntax")) {
      out.accept.append("; transfer-syntax=").append((*given)["transferSyntax"]);
    }
    return out;
  }
  if (given->has("frameNumber")) {
    if (!is_number((*given)["frameNumber"])) return std::nullopt;
    out.path.insert(out.path.end(), {"frames", std::string((*given)["frameNumber"])});
  }
  out.path.emplace_back("rendered");
  if (!translate_rendering(*given, out) || !translate_presentation(*given, out)) {
    return std::nullopt;
  }
  return out;
}

}  // namespace sekisho::dicomweb
