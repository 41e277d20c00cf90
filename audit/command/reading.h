// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include "audit/place.h"
#include "core/at_rest.h"

namespace sekisho::audit {

/// The log of a command that only reads it: nothing is made or changed in its directory, and
/// whoever runs the command needs no more than to read its files.
class Reading {
 public:
  /// Throws AuditError where the log cannot be read by who asks.
  explicit Reading(const std::filesystem::path& directory);
  ~Reading();
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  const AuditPlace& place() const { return place_; }
  /// To be called when all is read. Throws AuditError where somebody began to write meanwhile to
  /// files that were read as they lay: what was read may be of two states.
  void finish() const;

 private:
  AuditPlace place_;
  std::optional<core::db::AtRest> at_rest_;  ///< where nobody had the log open
  std::optional<std::filesystem::path> copy_;
};

}  // namespace sekisho::audit
