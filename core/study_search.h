// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/dicom_store.h"

namespace sekisho::core {

/// Which studies are looked for; a member that is empty narrows nothing.
struct StudySearch {
  std::string id{};          ///< Orthanc's name of the one study (resource_id.h)
  std::string patient_id{};  ///< all of it
  std::string accession{};   ///< the AccessionNumber, all of it
  std::string text{};        ///< ASCII: a part of PatientID or PatientName, whatever its case
  std::string from{};        ///< the first StudyDate (DA)
  std::string to{};          ///< the last one
  std::string modality{};    ///< of one of its series (CS)
};

/// A study by what the archive orders it by. Texts are read from its files: archives break some.
struct FoundStudy {
  std::string id;  ///< Orthanc's name of it
  StudyKey key;
  std::string date;  ///< StudyDate (DA)
  std::string time;  ///< StudyTime (TM)
};

struct FoundStudies {
  std::vector<FoundStudy> studies;  ///< in any order
  bool is_cut = false;              ///< there are more than the archive is asked for at once
};

/// Asks the archive. Throws StoreError.
using FindStudies = std::function<FoundStudies(const StudySearch&)>;

}  // namespace sekisho::core
