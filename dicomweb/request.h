// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/stored_file.h"
#include "core/time.h"
#include "core/uid.h"
#include "sharing/authenticate.h"

namespace sekisho::dicomweb {

enum class Verb { get, head, post };

/// A presentation state in the study of the path, by which an instance is to be shown.
struct PresentationName {
  core::Uid series;
  core::Uid instance;
};

/// One request below a DICOMweb root, already authenticated. Texts are percent-decoded.
struct Request {
  Verb verb = Verb::get;
  std::vector<std::string> path;  ///< segments below the root: {"studies", "2.25.1", "metadata"}
  std::vector<std::pair<std::string, std::string>> query;  ///< in order, repeated names included
  std::string content_type;                                ///< of the body, where there is one
  std::string content_encoding;                            ///< likewise
  std::optional<core::StoredFile> body;
  std::optional<PresentationName> presentation;  ///< of WADO-URI alone (PS3.18 §9.5.1)
  std::string accept;                            ///< all Accept header fields joined with ", "
  std::string user_agent;
  std::string request_id;  ///< made by the gateway
  std::string root_url;    ///< the public root, from configuration: "https://…/dicom-web"
  core::Time received_at;
  std::stop_token stop;  ///< requested when nobody waits for the answer any more
};

}  // namespace sekisho::dicomweb
