// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>

#include "anonymization/masking/mask.h"
#include "anonymization/pixels/pixel_policy.h"
#include "core/memory_budget.h"

namespace sekisho::anonymization {

/// What becomes of an instance's pixels under a profile. The identity profile releases everything;
/// for any other, decide() and the profile's modalities. Pure.
PixelDecision decide_release(const core::dicom::CheckedFile& file, const Profile& profile,
                             const PixelPolicy& policy, Approval approval);

/// The one way from a stored file to what a recipient may see, header and pixels; every
/// representation takes its pixels from the answer. Withheld is as good as not there.
///
/// `known` saves a second look at the same bytes. Blackouts are done here (see clean_pixels() for
/// memory and limits). The object says so, and under the Clean Pixel Data Option also where staff
/// approved the image or a rule released it, and nowhere else: (0028,0301) is NO, code 113101 joins
/// (0012,0064). Throws what reading the file throws, MemoryShortage and DemandOver. Any thread.
std::variant<Masked, WithholdReason> release(const core::dicom::CheckedFile& file,
                                             const Profile& profile, const Pseudonyms& pseudonyms,
                                             const PixelPolicy& policy, Approval approval,
                                             Author author = Author::hospital,
                                             const core::Demand& demand = {},
                                             core::MemoryBudget::Taken* memory = nullptr,
                                             const KnownPixels::OfFile& known = {});

}  // namespace sekisho::anonymization
