// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "anonymization/masking/mask.h"
#include "anonymization/pixels/pixel_policy.h"
#include "anonymization/profiles/profile_catalogue.h"
#include "core/demand.h"
#include "core/dicom/checked_file.h"

namespace sekisho::staff {

/// One element of an instance as it is and as the recipient would get it.
struct PreviewElement {
  /// Tags and, behind those of sequences, the position of the item in the original, from 0.
  std::vector<std::uint32_t> path;
  core::dicom::Vr vr = core::dicom::Vr::UN;
  std::optional<std::string> before;  ///< absent: the masker adds it
  std::optional<std::string> after;   ///< absent: it goes
  anonymization::Action action = anonymization::Action::remove;
  std::string source;  ///< where the action comes from

  core::dicom::Tag tag() const { return core::dicom::Tag(path.back()); }
  /// "00081140[0].00081155"
  std::string path_text() const;
};

struct Preview {
  std::vector<PreviewElement> elements;  ///< in the order of the data set
  std::size_t left_out = 0;              ///< elements beyond the limit
};

/// Both sides of every element of `file`. `masked` is null where the file cannot be masked;
/// `decision` is what becomes of its pixels. Throws core::DemandOver.
Preview preview_elements(const core::dicom::CheckedFile& file,
                         const anonymization::ExplainedProfile& profile,
                         const anonymization::Masked* masked,
                         const anonymization::PixelDecision& decision, const core::Demand& demand);

}  // namespace sekisho::staff
