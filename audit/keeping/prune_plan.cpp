// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/keeping/prune_plan.h"

#include <algorithm>
#include <array>

namespace sekisho::audit {
namespace {

constexpr std::size_t kPage = 1000;

/// Without these the rest cannot be verified or explained.
constexpr EventCode kAlwaysKept[] = {
    EventCode::log_open,  EventCode::hold_set,   EventCode::hold_end,   EventCode::text_shred,
    EventCode::log_prune, EventCode::key_rotate, EventCode::log_recover};

bool is_about_the_log(const Entry& entry) {
  const auto code = event_code(entry.event);
  // What a later version wrote is not known to be without weight.
  return !code || std::ranges::find(kAlwaysKept, *code) != std::end(kAlwaysKept);
}

}  // namespace

void KeptEntries::add(std::uint64_t seq) {
  std::array<core::Byte, 8> spelled{};
  for (std::size_t i = 0; i < spelled.size(); ++i) {
    spelled[i] = static_cast<core::Byte>(seq >> (8 * (spelled.size() - 1 - i)));
  }
  hash_ = core::sha256({hash_, spelled});
  ++count_;
}

PrunePlanner::PrunePlanner(LogReader& log) : log_(log), holds_(log.holds()) {}

Prune PrunePlanner::slice(std::uint64_t before) {
  Prune prune{before, {}};
  bool whole_event_stays = false;
  std::vector<Entry> event;
  const auto end_event = [&] {
    for (const Entry& entry : event) {
      if (whole_event_stays) {
        kept_.add(entry.seq);
      } else {
        prune.removals.push_back({entry.seq, entry.subjects});
      }
    }
    event.clear();
  };
  while (next_ < before) {
    const auto page = log_.entries(next_, before, kPage);
    if (page.empty()) break;
    for (const ReadEntry& read : page) {
      const bool goes_on = read.entry.part > 1;
      if (!goes_on) end_event();
      // The beginning of an event that reaches over a boundary has stayed.
      if (event.empty()) whole_event_stays = goes_on;
      whole_event_stays |= stays(read.entry, prune.removals);
      event.push_back(read.entry);
    }
    next_ = page.back().entry.seq + 1;
  }
  if (!event.empty() && event.back().part < event.back().parts) whole_event_stays = true;
  end_event();
  next_ = before;
  return prune;
}

bool PrunePlanner::stays(const Entry& entry, std::span<const Prune::Removal> removals) {
  if (is_about_the_log(entry)) return true;
  const auto is_held = [this](const Subject& subject) { return holds_.contains(subject); };
  if (std::ranges::any_of(entry.subjects, is_held)) return true;
  if (!entry.intent ||
      std::ranges::binary_search(removals, *entry.intent, {}, &Prune::Removal::seq)) {
    return false;
  }
  return log_.entry(*entry.intent).has_value();
}

}  // namespace sekisho::audit
