// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/plugin.h"

#include <filesystem>
#include <mutex>
#include <vector>

#include "plugin/running.h"
#include "plugin/sdk_edge.h"
#include "staff/status.h"

namespace sekisho::plugin {
namespace {

staff::Reply cannot_work() {
  return staff::refused(503, "Sekisho cannot work; GET /sekisho/api/status says why.");
}

constexpr const char* kStopping = "Orthanc is stopping.";
constexpr std::string_view kWhatNow = " Orthanc runs on; restart it after mending.";
constexpr std::string_view kOnceThereIsRoom =
    " (The disk is full: Sekisho opens by itself once there is room. Free disk space.)";

bool has_log(const DataDirectory& directory) {
  std::error_code unknown;
  return std::filesystem::exists(directory.log.database, unknown);
}

}  // namespace

Plugin::Plugin(const Sdk& sdk, Config config)
    : sdk_(sdk),
      config_(std::move(config)),
      directory_(config_.data_directory, config_.audit_anchor_directory) {}

Plugin::~Plugin() = default;

void Plugin::start() {
  open();
  if (!waits_for_room_) return;
  opener_ = std::make_unique<Rounds>(
      std::vector<Rounds::Duty>{[this](const core::Demand&) { open_once_there_is_room(); }},
      [sdk = sdk_](core::Severity severity, std::string_view text) { sdk.log(severity, text); });
}

void Plugin::open() {
  std::unique_ptr<Running> running;
  const auto trouble = trouble_in([&] { running = std::make_unique<Running>(config_, sdk_); });
  waits_for_room_ = trouble && has_log(directory_) && lacks_room(directory_);
  const std::string what_now(waits_for_room_ ? kOnceThereIsRoom : kWhatNow);
  if (trouble) {
    sdk_.log(core::Severity::error, "Sekisho cannot work. " + trouble->for_log + what_now);
  } else {
    // Orthanc shows nothing below warnings unless it is asked to.
    sdk_.log(core::Severity::warning, running->summary());
  }
  const std::lock_guard lock(mutex_);
  running_ = std::move(running);
  trouble_ = trouble ? trouble->for_staff + what_now : "";
}

/// Who makes room may have moved the log away for a moment: a new one in its place is for a start
/// to make and for nobody else.
void Plugin::open_once_there_is_room() {
  if (waits_for_room_ && has_log(directory_) && !lacks_room(directory_)) open();
}

void Plugin::stop() {
  opener_.reset();
  // Calls of staff may still be running: they are asked to end, and end before what they work on
  // does. The door drains before that, while staff may still revoke.
  const auto failure = failure_in([&] {
    const std::shared_lock lock(mutex_);
    if (running_) running_->close();
  });
  if (failure != nullptr) sdk_.log(core::Severity::error, failure);
  stopping_.request_stop();
  const std::lock_guard lock(mutex_);
  running_.reset();
  trouble_ = kStopping;
}

void Plugin::on_change(OrthancPluginChangeType change, OrthancPluginResourceType type,
                       std::string_view resource_id) {
  const std::shared_lock lock(mutex_);
  if (running_) running_->store().on_change(change, type, resource_id);
}

staff::Reply Plugin::answer(staff::Request request) {
  request.stop = stopping_.get_token();
  const bool is_stopping = request.stop.stop_requested();
  const std::shared_lock lock(mutex_);
  if (running_ && !is_stopping) return running_->staff().answer(request);
  if (request.caller.roles.empty()) return staff::refuse(request.caller, staff::kAllRoles);
  if (request.verb == staff::Verb::get && request.path == "/status") {
    return staff::status_of({.trouble = is_stopping ? kStopping : trouble_});
  }
  return cannot_work();
}

staff::Reply Plugin::show_log_file(staff::Request request) {
  request.stop = stopping_.get_token();
  const std::shared_lock lock(mutex_);
  if (running_ && !request.stop.stop_requested()) return running_->staff().show_log_file(request);
  if (request.caller.roles.empty()) return staff::refuse(request.caller, staff::kAllRoles);
  return cannot_work();
}

std::optional<staff::Reply> Plugin::refuse_page(const staff::Request& request) {
  const std::shared_lock lock(mutex_);
  if (running_ && !stopping_.stop_requested()) return running_->staff().refuse_page(request);
  if (request.caller.roles.empty()) return staff::refuse(request.caller, staff::kAllRoles);
  return std::nullopt;
}

}  // namespace sekisho::plugin
