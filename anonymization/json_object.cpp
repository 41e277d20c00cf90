// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/json_object.h"

#include <json/json.h>

#include <memory>

namespace sekisho::anonymization {

std::optional<Json::Value> parse_object(std::string_view json) {
  Json::CharReaderBuilder builder;
  Json::CharReaderBuilder::strictMode(&builder.settings_);
  builder["stackLimit"] = 16;  // its parser recurses
  const std::unique_ptr<Json::CharReader> reader(builder.newCharReader());
  Json::Value root;
  try {
    if (!reader->parse(json.data(), json.data() + json.size(), &root, nullptr)) return std::nullopt;
  } catch (const Json::Exception&) {  // nested deeper than stackLimit
    return std::nullopt;
  }
  if (!root.isObject()) return std::nullopt;
  return root;
}

}  // namespace sekisho::anonymization
