// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/condition.h"
#include "audit/export/repository_feed.h"
#include "audit/proof/witness_session.h"
#include "core/digest.h"
#include "core/time.h"
#include "mail/postman.h"
#include "openid/provider.h"
#include "returns/inspector.h"

namespace sekisho::staff {

/// The recipient door.
struct DoorState {
  bool open = false;
  std::uint16_t tls_port = 0;
  std::uint16_t plain_port = 0;
  int connections = 0;
  std::string trouble{};  ///< why it is shut; empty while it is open
};

/// The access log.
struct LogState {
  std::string origin{};
  std::uint64_t size = 0;
  core::Sha256 root{};
  bool anchored = false;
  std::string broken{};  ///< why nothing can be put on record; empty while all is well
  audit::Condition condition = audit::Condition::sound;
  bool lacks_reserve = false;  ///< there is no room for the one that it should have
};

struct WitnessState {
  std::string name{};
  std::optional<std::chrono::sys_seconds> cosigned_at{};  ///< last, by its clock
  std::optional<audit::WitnessProblem> problem{};
};

/// All witnesses of the access log.
struct WitnessesState {
  std::optional<std::uint64_t> size{};             ///< of the newest witnessed checkpoint
  std::optional<std::chrono::sys_seconds> time{};  ///< of it, by their clocks
  bool overdue = true;
  bool keeps = true;  ///< whether that checkpoint could be written down
  std::vector<WitnessState> members{};
  /// Why files that the members' settings name cannot be read, in words for staff.
  std::vector<std::string> file_troubles{};
};

/// An authority whose certificates clients may show.
struct ClientAuthorityState {
  std::string name{};  ///< its subject
  core::Sha256 key{};  ///< what rules name it by
  core::Time not_after{};
  std::optional<core::Time> lists_until{};  ///< absent where it has signed no revocation list
};

struct ClientAuthoritiesState {
  std::vector<ClientAuthorityState> members{};
  std::vector<std::string> troubles{};  ///< in words for staff
};

/// How everything stands at one moment. A value: whoever put the parts together fills it in.
struct SystemState {
  std::string trouble{};  ///< why nothing works: then all below is absent
  std::optional<DoorState> door{};
  std::optional<LogState> log{};
  std::string spool_trouble{};  ///< why what arrives lies elsewhere; empty while it does not
  std::optional<audit::RepositoryState> repository{};   ///< absent where none is configured
  std::optional<WitnessesState> witnesses{};            ///< absent where none are configured
  std::optional<mail::State> mail{};                    ///< absent where no server is configured
  std::optional<ClientAuthoritiesState> authorities{};  ///< absent where none are configured
  std::optional<returns::ReturnsState> returns{};       ///< what came back
  std::optional<openid::State> provider{};              ///< absent where none is configured
};

/// Everything that is wrong, in words for staff.
std::vector<std::string> problems_of(const SystemState& state);

/// The answer of GET /status.
Json::Value to_json(const SystemState& state);

}  // namespace sekisho::staff
