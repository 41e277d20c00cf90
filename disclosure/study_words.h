// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "audit/event.h"
#include "core/demand.h"
#include "core/dicom_store.h"

namespace sekisho::disclosure {

/// By what people know a study and its patient. Originals in UTF-8, for the hospital's own eyes;
/// what is not known is empty.
struct StudyDescription {
  audit::StudyWords words;
  std::string time{};        ///< StudyTime (TM)
  std::string accession{};   ///< AccessionNumber
  std::string referring{};   ///< ReferringPhysicianName (PN)
  std::string birth_date{};  ///< DA
  std::string sex{};         ///< CS
};

/// Read from one file of each of its series (of the first sixteen). A file that is gone or
/// malformed says nothing. Throws core::StoreError and core::DemandOver.
StudyDescription describe_study(core::DicomStore& store, const core::StudyListing& study,
                                const core::Demand& demand = {});

/// Of that, what the access log says of a study beside its UIDs.
audit::StudyWords study_words(core::DicomStore& store, const core::StudyListing& study,
                              const core::Demand& demand = {});

}  // namespace sekisho::disclosure
