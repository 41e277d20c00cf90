// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bytes.h"
#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// Whether each value, but for its padding, is empty or of the form that PS3.5 Table 6.2-1 gives
/// the VR, and as machines write it: ages, dates, times, numbers, codes, UIDs, URIs and application
/// entities. True for every other VR.
bool has_form_of(core::dicom::Vr vr, core::ByteView value);

}  // namespace sekisho::anonymization
