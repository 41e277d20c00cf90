// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "audit/proof/cosignature.h"
#include "core/setup_trouble.h"

namespace sekisho::plugin {

/// Who is asked to cosign the log's head.
struct WitnessMember {
  audit::CosignatureVerifier key;
  std::string url;               ///< to which "/add-checkpoint" is added
  core::ConfiguredPath ca_file;  ///< of an empty path: the system's authorities
};

enum class WhenUnwitnessed {
  tell,  ///< the operator's log and GET /status
  shut,  ///< and the recipient door answers 503
};

/// The object "Witnesses" of the configuration.
struct WitnessPolicy {
  std::vector<WitnessMember> members;
  std::size_t quorum = 0;            ///< so many of them must have cosigned one checkpoint
  std::chrono::minutes longest{60};  ///< that the newest such checkpoint may be old
  std::chrono::seconds interval{60};
  WhenUnwitnessed when_unwitnessed = WhenUnwitnessed::tell;
};

}  // namespace sekisho::plugin
