// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/gateway.h"

namespace sekisho::plugin {

/// The object "Sekisho" of Orthanc's configuration, read and checked.
struct Config {
  bool enabled = true;
  std::filesystem::path data_directory;
  gateway::Options gateway;
  std::chrono::days default_expiry{90};
  std::chrono::days maximum_expiry{365};
  std::string default_profile = "ps3.15-basic";
};

/// Pure. Reads Orthanc's whole configuration; the answer is a Config or every problem at once, each
/// a sentence for the person who edits the file. Unknown keys are problems.
std::variant<Config, std::vector<std::string>> parse_config(std::string_view orthanc_json);

}  // namespace sekisho::plugin
