// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/command/command_line.h"
#include "audit/proof/note.h"

namespace sekisho::audit {

/// What a look leaves for the next one. A value.
struct LastLook {
  std::string known;       ///< the key that was given; empty in a file of an earlier version
  std::string signer;      ///< the key that it led to, which signed the checkpoint
  std::string checkpoint;  ///< as the log signed it
  std::string text() const;
  static std::optional<LastLook> parse(std::string_view text);
};

/// What has happened to a log since somebody looked at it last.
struct Look {
  bool goes_on() const { return alarms.empty(); }

  std::vector<std::string> alarms;  ///< the log is not the one that it was
  std::uint64_t from = 0;           ///< its size at the last look
  LastLook left;                    ///< to remember; nothing where there is an alarm
  std::uint64_t size = 0;
  std::map<std::string, std::uint64_t> events;  ///< how many of each since
  /// Entries that somebody should know of: "seq time event detail", at most 1,000.
  std::vector<std::string> notable;
};

/// Reads the entries that came after the tree of `last`, and whether the log still has that tree
/// and what it signs is what it has. `known` is any key that the log ever had, as verify() takes
/// it. Costs as much as what is new; with another key than at the last look, one reading of the
/// entries more. Throws AuditError or core::DatabaseError where the log cannot be read.
Look look(const std::filesystem::path& database, const NoteVerifier& known,
          const std::optional<LastLook>& last);

/// "sekisho-audit monitor": looks, tells, and remembers in a file. Throws UsageError, AuditError,
/// core::DatabaseError or std::system_error.
ExitCode monitor(const Options& options, std::ostream& out, std::ostream& err);

}  // namespace sekisho::audit
