// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/dicom_store.h"

namespace sekisho::plugin {

/// Orthanc's own names for its resources: SHA-1 of the DICOM identifiers from the patient down,
/// joined with "|", in five groups of eight hexadecimal digits. Derived in a microsecond where a
/// search takes milliseconds. Never shown to a recipient: an unkeyed hash of identifiers.
std::string patient_resource_id(std::string_view patient_id);
std::string resource_id(const core::StudyKey& study);
std::string resource_id(const core::SeriesKey& series);
std::string resource_id(const core::InstanceKey& instance);

}  // namespace sekisho::plugin
