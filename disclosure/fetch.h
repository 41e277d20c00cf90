// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <variant>

#include "anonymization/masking/mask.h"
#include "core/demand.h"
#include "core/dicom_store.h"
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

/// The file of one instance as `view` shows it. Throws core::StoreError and
/// core::DemandOver.
std::variant<anonymization::Masked, Unavailable> fetch(core::DicomStore& store,
                                                       const ShareView& view,
                                                       const InstanceRef& instance,
                                                       const core::Demand& demand);

}  // namespace sekisho::disclosure
