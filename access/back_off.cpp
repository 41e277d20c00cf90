// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/back_off.h"

#include <algorithm>

namespace sekisho::access {
namespace {

constexpr int kFreeOfAccount = 5;
constexpr int kFreeOfSite = 20;
constexpr std::chrono::seconds kFirstWait{30};
constexpr std::chrono::minutes kLongestWait{15};
constexpr int kDoublings = 5;  // beyond the longest wait

}  // namespace

core::Time blocked_until(Counted counted, const Failures& failures) {
  const int free = counted == Counted::account ? kFreeOfAccount : kFreeOfSite;
  if (failures.count < free) return failures.last_at;
  const int doublings = std::min(failures.count - free, kDoublings);
  return failures.last_at +
         std::min<std::chrono::seconds>(kFirstWait * (1 << doublings), kLongestWait);
}

}  // namespace sekisho::access
