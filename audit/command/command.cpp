// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/command.h"

#include "audit/command/backup_commands.h"
#include "audit/command/consistency_command.h"
#include "audit/command/export_command.h"
#include "audit/command/history_command.h"
#include "audit/command/keeping_commands.h"
#include "audit/command/key_commands.h"
#include "audit/command/log_commands.h"
#include "audit/command/monitor.h"
#include "audit/command/proof_commands.h"
#include "audit/command/report_command.h"

namespace sekisho::audit {
namespace {

/// In the order of the alphabet.
constexpr core::OptionWord kWords[] = {
    {"--accept-loss", "", "also a copy that lacks entries which the anchor says were signed"},
    {"--anchor", "DIR", "the directory with the log's anchor, which backups leave out"},
    {"--case", "NUMBER", "why: the number of your file, never a name; it stands in clear"},
    {"--check", "FILE", "the receipt or report to check, offline"},
    {"--copy", "DIR", "what `sekisho-audit backup` made"},
    {"--data", "DIR", "the directory of the log: the data directory of the service"},
    {"--dry-run", "", "say what would be removed, and remove nothing"},
    {"--end", "", "end the hold"},
    {"--entries", "", "with the entries, which are about patients and recipients"},
    {"--entry", "SEQ", "the place of an entry in the log, from 0, or <log>#<place>"},
    {"--entry-file", "FILE", "the bytes of the entry, where the proof does not bring them"},
    {"--even-if-none", "", "also where the log knows nobody of that ID"},
    {"--first", "SEQ", "the place of the first entry"},
    {"--format", "FORMAT", "dicom, fhir, csv or excel; of a report html or pdf"},
    {"--from", "TIME",
     "only what is not older: 2026-01-31T09:00:00+09:00, or a day such as 2026-01-31 in local "
     "time"},
    {"--hashed", "", "name patients, studies and recipients by keyed hashes alone"},
    {"--instance", "UID", "whose history: a SOPInstanceUID as the archive has it"},
    {"--institution", "NAME", "what the hospital is called, where the log does not know it"},
    {"--json", "", "answer with one JSON object"},
    {"--key", "LINE|FILE",
     "the log's verifier key, which you keep from elsewhere, or a file that begins with it; "
     "without it audit.pub beside the log"},
    {"--lang", "LANGUAGE", "ja or en"},
    {"--last", "SEQ", "the place of the last entry"},
    {"--origin", "NAME", "what the log is known by for ever: audit.hospital.example/sekisho"},
    {"--patient", "ID", "who: a PatientID as the archive has it"},
    {"--patient-name", "NAME", "the patient's name, where it is not to be the log's"},
    {"--quorum", "N", "how many of the witnesses must have seen it"},
    {"--reason", "TEXT", "why the old log ends; it stands in the new one"},
    {"--recipient", "ID", "who: the ID of a recipient"},
    {"--rotations", "FILE",
     "what `sekisho-audit rotations` wrote: it leads from your key to the one that signed"},
    {"--series", "UID", "whose history: a SeriesInstanceUID as the archive has it"},
    {"--size", "SIZE", "how many entries the log had"},
    {"--state", "FILE", "what this command remembers from one call to the next"},
    {"--study", "UID", "whose history: a StudyInstanceUID as the archive has it"},
    {"--tiles", "DIR", "a directory that `sekisho-audit publish` keeps, or a copy of it"},
    {"--time-zone", "ZONE",
     "whose local time: Asia/Tokyo, or +09:00; without it that of this machine"},
    {"--to", "PATH", "where to write"},
    {"--until", "TIME", "only what is older; a day is taken in to its end"},
    {"--witnesses", "FILE", "the verifier keys of witnesses, one on each line"},
    {"--years", "N", "how long entries are kept: 7, and no less than 5"},
};

/// In the order in which somebody comes to need them.
constexpr core::Command kCommands[] = {
    {"init", "make the keys and an empty log", "--data DIR --origin NAME [--anchor DIR]",
     "Makes the keys and an empty log in DIR, which exists. Keep a copy of DIR/audit.pub where "
     "nobody who administers this machine can change it: whoever verifies the log needs it.",
     init},
    {"anchor", "make the anchor of a log that has none", "--data DIR --anchor DIR",
     "Puts the newest head into another directory, which backups leave out: the service compares "
     "it with the log at every start. For a sound log that was made without one.",
     make_anchor},
    {"verify", "recompute the log and compare it with what was signed",
     "--data DIR [--key LINE|FILE] [--json]",
     "Recomputes everything in DIR/audit.db and compares it with the head that the log's key "
     "signed. The key may be any that the log ever had.",
     verify_log},
    {"monitor", "tell what came since the last call, cheaply",
     "--data DIR --state FILE [--key LINE|FILE]",
     "Tells what came since it was called last with that FILE, and whether the log still has all "
     "that it had then. The key may be any that the log ever had. Cheap enough for every minute.",
     monitor},
    {"history", "list every entry about somebody or something",
     "--data DIR --patient ID [--hashed]\n"
     "--data DIR --study UID [--hashed]\n"
     "--data DIR --series UID [--hashed]\n"
     "--data DIR --instance UID [--hashed]\n"
     "--data DIR --recipient ID [--hashed]",
     "Lists every entry about somebody or something: place, time, event, outcome, who, from where "
     "and what, with tabs between. The outcome of a transfer names nobody and is not among them: "
     "`sekisho-audit report` tells it. Without entries it says \"no entry\" and ends with 1.",
     history},
    {"export", "write entries as DICOM, FHIR or CSV",
     "--data DIR --format FORMAT [--from TIME] [--until TIME] [--first SEQ] [--last SEQ] "
     "[--hashed]",
     "Writes entries with what they say about patients and recipients, or only hashes of that: "
     "DICOM audit messages, FHIR AuditEvents or CSV, one on each line. What Excel is to open is "
     "--format excel: CSV behind a byte order mark, with IDs of digits as they are.\n"
     "Times are those that the machine's clock said. Where it was set, find the places of the "
     "entries and use --first and --last.",
     export_entries},
    {"report", "tell in words who saw what of a patient, or check such a file",
     "--data DIR --patient ID --lang LANGUAGE --format FORMAT [--from TIME] [--until TIME] "
     "[--time-zone ZONE] [--institution NAME] [--patient-name NAME] --to PATH\n"
     "--check FILE --key LINE|FILE [--data DIR] [--rotations FILE]",
     "Tells in words who saw what of a patient, when, from where and why, with proofs of every "
     "entry; or checks such a file offline, and with DIR against the log as well. With "
     "--rotations or --data the key may be any that the log ever had.",
     report::run},
    {"checkpoint", "print the newest head as the log signed it", "--data DIR",
     "Prints the newest head as the log signed it: whoever keeps it outside of this machine can "
     "prove every later change.",
     checkpoint},
    {"prove", "prove that an entry is in the log, or that the log continues an earlier one",
     "--data DIR --entry SEQ\n"
     "--data DIR --size SIZE",
     "Proves that an entry is in the log (a C2SP tlog-proof without the entry), or that the log "
     "continues the one that had SIZE entries: hashes, an empty line, a checkpoint.",
     prove},
    {"consistency", "check that a later checkpoint continues an earlier one",
     "OLD NEW --key LINE|FILE [--rotations FILE]\n"
     "OLD NEW --tiles DIR --key LINE|FILE [--rotations FILE]\n"
     "OLD NEW --data DIR [--key LINE|FILE]",
     "Checks that NEW, a checkpoint of the log or what `sekisho-audit prove --size` wrote, "
     "continues OLD, an earlier one: that no entry which OLD covers was changed, removed or moved. "
     "Offline: from the hashes in NEW, from the published tiles or from a copy of the log. Both "
     "must be signed by the log; with --rotations or --data the key may be any that it ever had.",
     consistency},
    {"receipt", "write a proof with the entry in it, or check one offline",
     "--data DIR --entry SEQ\n"
     "--check FILE --key LINE|FILE [--entry-file FILE] [--rotations FILE] [--data DIR]",
     "Writes a C2SP tlog-proof with the entry in it, or checks one offline against the log's key. "
     "With --rotations, or the log behind --data, the key may be any that the log ever had.",
     receipt},
    {"rotations", "write the receipts of every change of the log's key", "--data DIR",
     "Writes the receipts of every rotation of the log's key, one behind the other. They lead "
     "from a key that somebody has to the one that signed.",
     rotations},
    {"publish", "bring checkpoint and tiles in a directory up to date",
     "--data DIR --to PATH [--entries]",
     "Brings checkpoint and tiles (C2SP tlog-tiles) in a directory up to date, without the "
     "entries or with them.",
     publish},
    {"hold", "keep what is about somebody from being pruned or shredded",
     "--data DIR [--anchor DIR] --patient ID --case NUMBER [--even-if-none]\n"
     "--data DIR [--anchor DIR] --recipient ID --case NUMBER [--even-if-none]\n"
     "--data DIR [--anchor DIR] --patient ID --case NUMBER --end\n"
     "--data DIR [--anchor DIR] --recipient ID --case NUMBER --end",
     "Keeps all that the log has about somebody from being pruned or shredded, until --end, and "
     "says how many entries that are. It is on record. The service must be down: while it runs, "
     "use the staff API.",
     hold},
    {"shred", "destroy the text about somebody",
     "--data DIR [--anchor DIR] --patient ID --case NUMBER\n"
     "--data DIR [--anchor DIR] --recipient ID --case NUMBER",
     "Destroys the text about somebody; entries and their proofs stay. It is on record. The "
     "service must be down: while it runs, use the staff API.",
     shred},
    {"prune", "remove entries that are proven to be old",
     "--data DIR [--anchor DIR] --witnesses FILE --quorum N [--years N] [--dry-run]",
     "Removes entries that are proven to be older than so many years: a quorum of the witnesses "
     "had seen them by then. It is on record. The service must be down: while it runs, use the "
     "staff API.",
     prune},
    {"rotate-key", "give the log a new signing key", "--data DIR",
     "Gives the log a new signing key; an entry that both keys signed says so. The service must "
     "be down.",
     rotate_signing_key},
    {"recover", "set a lost or damaged log aside and begin another",
     "--data DIR --anchor DIR --origin NAME --reason TEXT",
     "Sets a log aside that its anchor does not let in, or that is damaged or gone, and makes one "
     "of another NAME, which says so. The service must be down.",
     recover_log},
    {"backup", "copy the data directory beside the running service", "--data DIR --to PATH",
     "Copies the data directory to one that is not there yet, beside the running service, and "
     "verifies the copy; it never has the anchor in it.",
     backup_data},
    {"restore", "put such a copy into an empty data directory",
     "--copy DIR --data DIR [--anchor DIR] [--accept-loss]",
     "Puts a copy into DIR, which is empty, if it is sound and has all that the anchor says was "
     "signed. With --accept-loss also if not; the recipient door then stays shut.",
     restore_data},
};

constexpr core::Program kProgram = {
    "sekisho-audit", "Reads, checks and keeps the access log of Sekisho.", kWords, kCommands, ""};

}  // namespace

const core::Program& audit_program() { return kProgram; }

ExitCode run_command(std::span<const std::string_view> arguments, std::ostream& out,
                     std::ostream& err) {
  return core::run_program(kProgram, arguments, out, err);
}

}  // namespace sekisho::audit
