// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/rounds.h"

#include "plugin/sdk_edge.h"

namespace sekisho::plugin {

Rounds::Rounds(std::vector<Duty> duties, core::Log report, std::chrono::milliseconds interval)
    : duties_(std::move(duties)),
      report_(std::move(report)),
      interval_(interval),
      told_(duties_.size()),
      thread_("sekisho-rounds", [this](const std::stop_token& stop) { run(stop); }) {}

Rounds::~Rounds() = default;

void Rounds::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    for (std::size_t i = 0; i < duties_.size(); ++i) {
      const char* failure = failure_in([&] { duties_[i](core::Demand(stop)); });
      const std::string_view text = failure == nullptr ? "" : failure;
      if (!text.empty() && text != told_[i]) report_(core::Severity::error, text);
      told_[i] = text;
    }
    core::pause_for(interval_, stop);
  }
}

}  // namespace sekisho::plugin
