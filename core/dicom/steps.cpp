// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/steps.h"

namespace sekisho::core::dicom {

std::vector<Step> record(ByteView dataset, const TransferSyntax& syntax) {
  std::vector<Step> steps;
  Walker walker(dataset, syntax.vr, syntax.order);
  do {
    steps.emplace_back(walker.next());
  } while (steps.back().kind != Token::Kind::end && steps.back().kind != Token::Kind::defect);
  return steps;
}

}  // namespace sekisho::core::dicom
