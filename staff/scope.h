// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "audit/event.h"
#include "core/demand.h"
#include "core/dicom_store.h"
#include "core/uid.h"
#include "sharing/share.h"
#include "staff/call.h"

namespace sekisho::staff {

enum class ScopeLevel { patient, study, series, instance };

/// What staff ask to share, read but not looked up yet.
struct ScopeRequest {
  ScopeLevel level = ScopeLevel::study;
  std::optional<std::string> patient_id{};  ///< beside UIDs: whose they are
  std::vector<core::Uid> uids{};            ///< empty at patient level
  std::vector<std::string> orthanc_ids{};   ///< instead of all that; one at patient level
};

/// Reads {"Level"} and what it is of: "PatientID", "Uids", "Uids" with "PatientID", "OrthancId" or
/// "OrthancIds". Anything is wrong only if `body` has complaints after.
ScopeRequest read_scope(BodyReader& body);
/// Orthanc's name for one resource, if it is there and can be read.
std::optional<std::string> read_orthanc_id(BodyReader& body);

/// 404: `details` name it.
Reply not_there(const std::vector<std::string>& details);
/// Looks every object up in the archive, but for a patient, of whom it has what it lists. 404 names
/// what is not there, 409 what is there twice: one UID may stand in the archive under two patients.
/// Throws core::StoreError and core::DemandOver.
std::variant<sharing::Scope, Reply> resolve_scope(const ScopeRequest& request, const Ports& ports,
                                                  const core::Demand& demand);

/// As requests have it: {"Level", "PatientID"} or {"Level", "Uids"}, these with the "PatientID" if
/// all are of one patient.
Json::Value scope_json(const sharing::Scope& scope);
/// Each object of it with the UIDs of all levels.
Json::Value objects_json(const sharing::Scope& scope);
/// As the access log takes it.
std::vector<audit::ObjectRef> objects_of(const sharing::Scope& scope);

}  // namespace sekisho::staff
