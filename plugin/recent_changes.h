// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

namespace sekisho::plugin {

/// The resources that changed lately, in order, as far back as memory allows. One thread at a time.
class RecentChanges {
 public:
  explicit RecentChanges(std::size_t capacity) : capacity_(capacity) {}

  void add(std::string resource_id);
  /// Where the list ends now: what is added later lies behind it.
  std::uint64_t position() const { return end_; }
  /// Whether a resource that satisfies `concerned` changed behind `position`. True as well when
  /// changes behind it are forgotten: better ask once more than miss one.
  bool any_since(std::uint64_t position,
                 const std::function<bool(const std::string&)>& concerned) const;

 private:
  const std::size_t capacity_;
  std::deque<std::string> ids_;
  std::uint64_t end_ = 0;  ///< how many were ever added
};

}  // namespace sekisho::plugin
