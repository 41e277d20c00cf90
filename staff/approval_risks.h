// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>
#include <vector>

#include "core/dicom_store.h"
#include "staff/known_share.h"
#include "staff/scope_assessment.h"

namespace sekisho::staff {

/// What of the series would leave through the share once it is approved, and may identify the
/// patient. What may be seen in the pixels is none of it: whoever approves has looked at them. As
/// at a creation, every file is looked at: the call's look counts them, and a Reply refuses it.
/// Throws core::StoreError and core::DemandOver.
std::variant<std::vector<ResidualRisk>, Reply> risks_of_approval(const Call& call,
                                                                 const KnownShare& known,
                                                                 const core::SeriesKey& series);

/// What shows that staff have read of these risks: of this share, series and kinds of risk. Valid
/// while this process runs.
std::string acknowledgement_of(const Call& call, const sharing::ShareId& share,
                               const core::SeriesKey& series,
                               const std::vector<ResidualRisk>& risks);

}  // namespace sekisho::staff
