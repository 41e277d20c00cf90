// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/dataset.h"

#include <algorithm>
#include <iterator>

#include "core/dicom/dictionary.h"
#include "core/dicom/numbers.h"

namespace sekisho::core::dicom {
namespace {

// PS3.6 2026c: attributes of VR "US or SS", those of which the value is a pixel value or describes
// one. (0028,1101–1103, 3002 and the like are signed in their second value only: US serves.)
constexpr Tag kPixelValues[] = {
    {0x0018, 0x9810}, {0x0022, 0x1452}, {0x0028, 0x0071}, {0x0028, 0x0104}, {0x0028, 0x0105},
    {0x0028, 0x0106}, {0x0028, 0x0107}, {0x0028, 0x0108}, {0x0028, 0x0109}, {0x0028, 0x0110},
    {0x0028, 0x0111}, {0x0028, 0x0120}, {0x0028, 0x0121}, {0x0040, 0x9211}, {0x0040, 0x9216},
    {0x0060, 0x3004}, {0x0060, 0x3006},
};

}  // namespace

Vr OpenVrs::of(const Token& element) {
  constexpr Tag kPixelRepresentation{0x0028, 0x0103};
  const Tag tag = element.tag;
  if (element.vr == Vr::UN && !tag.is_private() && dataset_.order == ByteOrder::little) {
    const Vr known = implicit_vr(tag);
    if (known != Vr::SQ) return known;
  } else if (dataset_.vr == VrCoding::implicit_vr && element.vr == Vr::US) {
    if (tag == kPixelRepresentation && element.value.size() == 2) {
      pixels_are_signed_ = read_u16(element.value, dataset_.order) == 1;
    }
    const bool open = std::binary_search(std::begin(kPixelValues), std::end(kPixelValues), tag);
    if (open && pixels_are_signed_) return Vr::SS;
  }
  return element.vr;
}

}  // namespace sekisho::core::dicom
