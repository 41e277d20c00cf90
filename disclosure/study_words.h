// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audit/event.h"
#include "core/demand.h"
#include "core/dicom_store.h"

namespace sekisho::disclosure {

/// What the access log says of a study beside its UIDs, read from one file of each of its series
/// (of the first sixteen). For the log alone: these are originals. A file that is gone or malformed
/// says nothing. Throws core::StoreError and core::DemandOver.
audit::StudyWords study_words(core::DicomStore& store, const core::StudyListing& study,
                              const core::Demand& demand = {});

}  // namespace sekisho::disclosure
