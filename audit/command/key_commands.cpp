// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/key_commands.h"

#include <ostream>

#include "audit/command/command_options.h"
#include "audit/command/progress.h"
#include "audit/keys/rotate_key.h"
#include "audit/place.h"
#include "audit/recover.h"

namespace sekisho::audit {

ExitCode rotate_signing_key(const Options& options, std::ostream& out, std::ostream&) {
  const NoteVerifier key = rotate_key(AuditPlace::in(options.get("--data")));
  out << "The key is rotated. Give this line to everybody who has the old one, witnesses first:\n"
      << key.line() << '\n';
  return ExitCode::good;
}

ExitCode recover_log(const Options& options, std::ostream& out, std::ostream&) {
  options.get("--anchor");  // without one there is nothing that a log falls behind
  const Recovery done = recover(place_of(options), options.get("--origin"), options.get("--reason"),
                                core::system_clock(), boot_time(), Progress().advance());
  out << "A new log is made, which says of the old one what was found. All that there was of the\n"
         "old log is in "
      << done.kept.string()
      << ": keep it.\n"
         "Whoever is to verify the new one needs this line:\n"
      << done.key.line() << '\n';
  return ExitCode::good;
}

}  // namespace sekisho::audit
