// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "anonymization/pixels/pixel_policy.h"
#include "anonymization/pixels/verdicts.h"
#include "anonymization/profiles/profile.h"
#include "core/dicom_store.h"
#include "disclosure/looks.h"
#include "staff/findings.h"
#include "staff/scope_content.h"

namespace sekisho::staff {

/// Something that may identify the patient and would leave all the same. Staff read it and say that
/// they have (docs/masking.md, "Residual risks").
struct ResidualRisk {
  RiskKind kind;
  std::size_t instances = 0;
  std::set<std::string> attributes;  ///< keywords, or tags of private elements; never values
};

/// How many instances of each series.
using InstancesBySeries = std::map<core::SeriesKey, std::size_t>;

/// What a share would hold at present.
struct ScopeAssessment {
  std::map<anonymization::WithholdReason, InstancesBySeries> withheld;
  std::vector<ResidualRisk> risks;  ///< in order of their codes
};

/// What everything is looked at by. It all outlives the assessment.
struct Assessing {
  const anonymization::Profile& profile;
  const anonymization::PixelPolicy& policy;
  const anonymization::Verdicts* verdicts;  ///< of before; null: none are kept
  /// By staff: as if all series were approved. What they have looked at in the pixels is no risk.
  anonymization::Approval approval = anonymization::Approval::none;
};
/// Reads, cleans and masks all of them whose verdict is not known yet: risks are looked for in what
/// would leave, and what is withheld is what the share would withhold. `look` counts them. Throws
/// core::StoreError, and core::DemandOver: what was found by then is kept among the verdicts.
ScopeAssessment assess(const ScopeContent& content, const Assessing& by, core::DicomStore& store,
                       disclosure::Look& look);

}  // namespace sekisho::staff
