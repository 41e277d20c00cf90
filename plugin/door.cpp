// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/door.h"

#include "plugin/sdk_edge.h"

namespace sekisho::plugin {

Door::Door(gateway::Options options, gateway::Ports ports, std::chrono::milliseconds retry_after)
    : options_(std::move(options)), ports_(std::move(ports)), retry_after_(retry_after) {
  const std::string trouble = try_to_open();
  if (trouble.empty()) return;
  ports_.report(core::Severity::error,
                "The recipient door is shut and tried again from time to time. " + trouble);
  opener_ =
      core::Thread("sekisho-door", [this](const std::stop_token& stop) { keep_trying(stop); });
}

Door::~Door() { close(std::chrono::milliseconds(0)); }

std::string Door::try_to_open() {
  auto gateway = std::make_unique<gateway::Gateway>(options_, ports_);
  const auto trouble = trouble_in([&] { gateway->open(); });
  const core::MutexLock lock(mutex_);
  trouble_ = trouble ? trouble->for_staff : "";
  if (trouble) return trouble->for_log;
  gateway_ = std::move(gateway);
  return {};
}

void Door::keep_trying(const std::stop_token& stop) {
  for (;;) {
    core::pause_for(retry_after_, stop);
    if (stop.stop_requested()) return;
    if (try_to_open().empty()) {
      ports_.report(core::Severity::warning, "The recipient door is open now.");
      return;
    }
  }
}

void Door::close(std::chrono::milliseconds deadline) {
  opener_.end();
  // Nobody else replaces gateway_ from here on; state() may go on looking at it.
  if (gateway_ == nullptr) return;
  gateway_->close(deadline);
  const core::MutexLock lock(mutex_);
  gateway_.reset();
  trouble_ = "Orthanc is stopping.";
}

Door::State Door::state() const {
  const core::MutexLock lock(mutex_);
  if (gateway_ == nullptr) return {.trouble = trouble_};
  return {.open = gateway_->is_open(),
          .tls_port = gateway_->tls_port(),
          .plain_port = gateway_->plain_port(),
          .connections = gateway_->connections(),
          .trouble = {}};
}

}  // namespace sekisho::plugin
