// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>
#include <orthanc/OrthancCPlugin.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/log.h"
#include "core/stored_file.h"

namespace sekisho::plugin {

/// What the plugin asks of Orthanc, as C++ values. Any thread may call any method, but those marked
/// [database] work only between OrthancStarted and OrthancStopped. Absent is `nullopt`; trouble
/// throws core::StoreError.
class Sdk {
 public:
  explicit Sdk(OrthancPluginContext& context) : context_(context) {}
  OrthancPluginContext* context() const { return &context_; }

  /// The whole configuration as JSON.
  std::string configuration() const;
  /// [database] GET of Orthanc's own REST API.
  std::optional<std::string> get_text(const std::string& uri) const;
  std::optional<Json::Value> get(const std::string& uri) const;
  /// [database] POST of Orthanc's own REST API.
  Json::Value post(const std::string& uri, std::string_view body) const;
  /// [database] The file of an instance in memory.
  std::optional<core::StoredFile> dicom(const std::string& instance_id) const;

  void log(core::Severity severity, std::string_view message) const noexcept;
  /// What Orthanc shows of this plugin to its administrators.
  void describe(const char* plugin, const char* description) const;

 private:
  OrthancPluginContext& context_;
};

}  // namespace sekisho::plugin
