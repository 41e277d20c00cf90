// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/backup_commands.h"

#include <ostream>
#include <string>

#include "audit/backup/backup.h"
#include "audit/backup/restore.h"
#include "audit/command/command_options.h"
#include "audit/command/progress.h"

namespace sekisho::audit {

ExitCode backup_data(const Options& options, std::ostream& out, std::ostream&) {
  const std::string to = options.get("--to");
  const Backup made = back_up(options.get("--data"), to, Progress().advance());
  out << "The copy is in " << to << " and verified: shares, and a log of " << made.entries
      << " entries.\nIts keys open all that is in it: keep it as you keep the data.\n";
  for (const std::string& name : made.left_out) out << "left out  " << name << '\n';
  return ExitCode::good;
}

ExitCode restore_data(const Options& options, std::ostream& out, std::ostream&) {
  const auto anchor = options.find("--anchor");
  const Loss loss = options.has("--accept-loss") ? Loss::accepted : Loss::refused;
  const Restored done =
      restore(options.get("--copy"), options.get("--data"), anchor, loss, Progress().advance());
  out << "Restored and verified: a log of " << done.entries << " entries.\n";
  if (done.missing > 0) {
    out << "It lacks " << done.missing
        << " entries that the anchor says were signed: the recipient door stays shut\n"
           "until sekisho-audit recover has begun another log.\n";
  } else if (anchor) {
    out << "It has all that the anchor says was signed: start the service.\n";
  } else {
    out << "It was compared with no anchor (--anchor): where the service has one, it does so when "
           "it\nstarts, and the recipient door stays shut if entries are missing.\n";
  }
  return ExitCode::good;
}

}  // namespace sekisho::audit
