// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <variant>

#include "anonymization/masking/mask.h"
#include "core/demand.h"
#include "core/memory_budget.h"
#include "disclosure/ports.h"
#include "disclosure/share_view.h"

namespace sekisho::disclosure {

/// Why an instance in scope cannot be given.
enum class Unavailable {
  gone,       ///< removed from the archive since it was listed
  malformed,  ///< not a sound DICOM file
  unmasked,   ///< the masker refuses it
  withheld,   ///< the pixel policy no longer lets it go: its file changed
};
std::string_view name(Unavailable why);

/// The file of one instance as `view` shows it, which keeps its part of the memory that it took.
/// `memory` is what was taken for it already. Throws core::StoreError, core::MemoryShortage and
/// core::DemandOver.
std::variant<anonymization::Masked, Unavailable> fetch(const Ports& ports, const ShareView& view,
                                                       const InstanceRef& instance,
                                                       core::MemoryBudget::Taken memory,
                                                       const core::Demand& demand);

}  // namespace sekisho::disclosure
