// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret.h"

namespace sekisho::witness {

/// What a witness remembers of one log: notes as the log alone signed them.
struct LogRecord {
  std::string newest;               ///< the checkpoint that was cosigned last
  std::optional<std::string> fork;  ///< the first one of its size that had another root
};

/// All that a witness is: its key and what it has cosigned (docs/formats/audit.md, "The witness's
/// file").
struct State {
  core::Secret key;                       ///< the line that audit::Cosigner::parse() reads
  std::map<std::string, LogRecord> logs;  ///< by origin

  core::Secret text() const;
  static std::optional<State> parse(std::string_view text);
  State clone() const { return {key.clone(), logs}; }
};

}  // namespace sekisho::witness
