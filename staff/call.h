// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "audit/event.h"
#include "core/demand.h"
#include "core/time.h"
#include "staff/json.h"
#include "staff/ports.h"
#include "staff/reply.h"
#include "staff/roles.h"

namespace sekisho::staff {

/// One call of the staff API, taken apart: what a handler gets.
struct Call {
  const Ports& ports;
  std::vector<std::string> ids;              ///< what stands for the braces of the route's path
  std::map<std::string, std::string> query;  ///< only what the route knows
  Json::Value body;                          ///< an object
  std::string actor;
  core::Time now;
  /// Of a creation that may be sent again.
  std::optional<sharing::CreationKey> creation_key{};
  core::Demand demand{};    ///< what it throws ends the call: 503
  std::string look_name{};  ///< as the caller has it
  Roles roles{};            ///< of the actor
};

/// What staff are about to do, and to or for which recipient; the caller appends it.
audit::Event staff_event(const Call& call, audit::EventCode code);
audit::Event staff_event(const Call& call, audit::EventCode code,
                         const sharing::Recipient& recipient);

/// Of names that staff give: characters.
inline constexpr std::size_t kLongestName = 200;
/// Of reasons that they give.
inline constexpr std::size_t kLongestReason = 500;
/// Of acknowledgements that they give back.
inline constexpr std::size_t kLongestAcknowledgement = 64;
/// Characters of a PatientID: LO, PS3.5 §6.2.
inline constexpr std::size_t kLongestPatientId = 64;

/// The recipient that the first id of the path names, else 404.
std::variant<sharing::Recipient, Reply> recipient_of(const Call& call);

/// 403 where a share needs an approval and who acts has no name: who would be another than nobody?
std::optional<Reply> refuse_nameless(const Call& call);

/// The end of something that staff hand out, from "ExpiresAt": the configured default if absent,
/// never beyond the configured maximum. `nullopt` after a complaint.
std::optional<core::Time> expiry(BodyReader& body, const Call& call);

}  // namespace sekisho::staff
