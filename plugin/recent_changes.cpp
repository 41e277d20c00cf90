// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/recent_changes.h"

#include <algorithm>

namespace sekisho::plugin {

void RecentChanges::add(std::string resource_id) {
  ids_.push_back(std::move(resource_id));
  ++end_;
  if (ids_.size() > capacity_) ids_.pop_front();
}

bool RecentChanges::any_since(std::uint64_t position,
                              const std::function<bool(const std::string&)>& concerned) const {
  const std::uint64_t added = end_ - position;
  if (added > ids_.size()) return true;
  return std::any_of(ids_.end() - static_cast<std::ptrdiff_t>(added), ids_.end(), concerned);
}

}  // namespace sekisho::plugin
