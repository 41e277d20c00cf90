// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dicom/tag.h"

namespace sekisho::anonymization {

/// What an object that comes back gets from the archive's own study, at the top level: all that
/// says of which patient and study it is.
bool is_of_patient_or_study(core::dicom::Tag tag);

/// Dates that an object derived from an image copies from it: they move back on its way into the
/// archive, and forth when it is shown.
bool is_of_acquisition(core::dicom::Tag tag);

}  // namespace sekisho::anonymization
