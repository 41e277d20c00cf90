// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/dicom_store.h"

namespace sekisho::core {

/// Orthanc's own names for its resources: SHA-1 of the DICOM identifiers from the patient down,
/// joined with "|", in five groups of eight hexadecimal digits. Derived in a microsecond where a
/// search takes milliseconds. Never shown to a recipient: an unkeyed hash of identifiers.
std::string patient_resource_id(std::string_view patient_id);
std::string resource_id(const StudyKey& study);
std::string resource_id(const SeriesKey& series);
std::string resource_id(const InstanceKey& instance);

/// Whether a text has the form of such a name.
bool is_resource_id(std::string_view text);

/// The way back, which only Orthanc knows: what it holds under such a name, `nullopt` for nothing.
/// Throws StoreError.
struct ResourceNames {
  template <class Named>
  using Find = std::function<std::optional<Named>(const std::string& id)>;
  Find<std::string> patient;  ///< its PatientID
  Find<StudyKey> study;
  Find<SeriesKey> series;
  Find<InstanceKey> instance;
};

}  // namespace sekisho::core
