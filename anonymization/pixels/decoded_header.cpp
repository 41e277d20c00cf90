// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/decoded_header.h"

#include <algorithm>
#include <vector>

namespace sekisho::anonymization {

core::Bytes header_of_decoded(core::ByteView header, const core::dicom::TransferSyntax& syntax,
                              imaging::Photometric photometric, std::uint32_t samples,
                              imaging::Loss loss, std::span<const ElementReplacement> more) {
  using core::dicom::Tag;
  using core::dicom::Vr;
  constexpr Tag kPhotometricInterpretation{0x0028, 0x0004};
  constexpr Tag kPlanarConfiguration{0x0028, 0x0006};
  constexpr Tag kLossyImageCompression{0x0028, 0x2110};
  constexpr core::Byte kColourByPixel[] = {0, 0};
  std::vector<ElementReplacement> changes(more.begin(), more.end());
  changes.push_back({kPhotometricInterpretation, Vr::CS, core::as_bytes(name(photometric))});
  if (samples > 1) changes.push_back({kPlanarConfiguration, Vr::US, kColourByPixel});
  if (loss == imaging::Loss::possible) {
    changes.push_back(
        {kLossyImageCompression, Vr::CS, core::as_bytes("01"), ElementReplacement::When::if_empty});
  }
  std::ranges::sort(changes, {}, &ElementReplacement::tag);
  return splice(header, syntax, changes);
}

}  // namespace sekisho::anonymization
