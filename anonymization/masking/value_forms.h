// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// What an element's values are found to be, each but for its padding and empty ones aside. Of a VR
/// without a form of its own nothing is said: they have it.
struct ValueForms {
  std::size_t values = 0;  ///< of such a VR, empty ones among them; 0 for an empty element
  bool have_form = true;   ///< that of PS3.5 Table 6.2-1, and as machines write it
  bool are_right = true;   ///< and need no repair
};
/// AE, AS, CS, DA, DS, DT, IS, TM, UI and UR have forms.
ValueForms forms_of(core::dicom::Vr vr, core::ByteView value);

/// Whether each value has the form of such a VR; true for every other VR.
bool has_form_of(core::dicom::Vr vr, core::ByteView value);

/// The values that have the form, others as they can be said in it (a decimal comma, an integer
/// with a fraction, a DS of more than 16 characters), else empty. What is repaired needs
/// no further repair. `nullopt` if no value is left, and for VRs without a form.
std::optional<std::string> repaired(core::dicom::Vr vr, core::ByteView value);

}  // namespace sekisho::anonymization
