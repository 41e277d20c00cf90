// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/replay.h"

namespace sekisho::core::dicom {

std::vector<Step> record(Walker& walker, std::uint64_t most, const Demand& demand) {
  constexpr std::size_t kUsualSteps = 512;
  std::vector<Step> steps;
  steps.reserve(kUsualSteps);
  DemandSteps asking(demand);
  do {
    asking.step();
    steps.emplace_back(walker.next());
  } while (steps.back().kind != Token::Kind::end && steps.back().kind != Token::Kind::defect &&
           steps.size() < most);
  return steps;
}

}  // namespace sekisho::core::dicom
