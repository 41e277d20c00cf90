// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/back_off.h"

#include "core/pause.h"

namespace sekisho::access {
namespace {

constexpr int kFreeOfAccount = 5;
constexpr int kFreeOfSite = 20;
constexpr std::chrono::seconds kFirstWait{30};
constexpr std::chrono::minutes kLongestWait{15};

}  // namespace

core::Time blocked_until(Counted counted, const Failures& failures) {
  const int free = counted == Counted::account ? kFreeOfAccount : kFreeOfSite;
  if (failures.count < free) return failures.last_at;
  return failures.last_at + core::pause_after(failures.count - free, kFirstWait, kLongestWait);
}

}  // namespace sekisho::access
