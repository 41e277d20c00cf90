// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/command.h"

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>

#include "audit/anchor.h"
#include "audit/command/backup_commands.h"
#include "audit/command/command_options.h"
#include "audit/command/export_command.h"
#include "audit/command/history_command.h"
#include "audit/command/keeping_commands.h"
#include "audit/command/key_commands.h"
#include "audit/command/monitor.h"
#include "audit/command/proof_commands.h"
#include "audit/command/reading.h"
#include "audit/entry/canonical_json.h"
#include "audit/place.h"
#include "audit/published_log.h"
#include "audit/report/report_command.h"
#include "audit/verify.h"

namespace sekisho::audit {
namespace {

constexpr std::string_view kUsage =
    "usage: sekisho-audit init   --data DIR --origin NAME [--anchor DIR]\n"
    "       sekisho-audit anchor --data DIR --anchor DIR\n"
    "       sekisho-audit verify --data DIR [--key LINE|FILE] [--json]\n"
    "       sekisho-audit export --data DIR --format dicom|fhir|csv [--from SEQ] [--to SEQ]\n"
    "                            [--since TIME] [--hashed]\n"
    "       sekisho-audit checkpoint --data DIR\n"
    "       sekisho-audit prove   --data DIR --seq SEQ | --from SIZE\n"
    "       sekisho-audit receipt --data DIR --seq SEQ\n"
    "       sekisho-audit receipt --data DIR --rotations\n"
    "       sekisho-audit receipt --check FILE --key LINE|FILE [--entry FILE] [--rotations FILE]\n"
    "       sekisho-audit publish --data DIR --to DIR [--entries]\n"
    "       sekisho-audit history --data DIR --patient ID | --study UID | --series UID |\n"
    "                             --instance UID | --recipient ID\n"
    "       sekisho-audit monitor --data DIR --state FILE [--key LINE|FILE]\n"
    "       sekisho-audit hold  --data DIR --patient ID | --recipient ID --case NUMBER [--end]\n"
    "       sekisho-audit shred --data DIR --patient ID | --recipient ID --case NUMBER\n"
    "       sekisho-audit prune --data DIR --witnesses FILE --quorum N [--years N] [--dry-run]\n"
    "       sekisho-audit rotate-key --data DIR\n"
    "       sekisho-audit recover --data DIR --anchor DIR --origin NAME --reason TEXT\n"
    "       sekisho-audit backup  --data DIR --to DIR\n"
    "       sekisho-audit restore --from COPY --data DIR [--anchor DIR] [--accept-loss]\n"
    "       sekisho-audit report --data DIR --patient ID --lang ja|en --format html|pdf\n"
    "                            [--from TIME] [--until TIME] [--zone +HH:MM] --to FILE\n"
    "       sekisho-audit report --check FILE --key LINE|FILE [--data DIR] [--rotations FILE]\n"
    "\n"
    "init    makes the keys and an empty log in DIR. NAME is what the log is known by for ever,\n"
    "        such as audit.hospital.example/sekisho. Keep a copy of DIR/audit.pub elsewhere.\n"
    "anchor  puts the newest head into another directory, which backups leave out: the service\n"
    "        compares it with the log at every start. For a log that was made without.\n"
    "verify  recomputes everything in DIR/audit.db and compares it with the head that the key\n"
    "        signed: DIR/audit.pub, or better the copy that you kept.\n"
    "        Ends with 0 if the log is sound, 1 if it is not, 2 if that cannot be told.\n"
    "export  writes entries with what they say about patients and recipients, or only hashes of\n"
    "        that: DICOM audit messages, FHIR AuditEvents or CSV, one on each line.\n"
    "checkpoint prints the newest head as the log signed it: keep it outside of this machine.\n"
    "prove   proves that entry SEQ is in the log (a C2SP tlog-proof without the entry), or that\n"
    "        the log continues the one that had SIZE entries: hashes, an empty line, a "
    "checkpoint.\n"
    "receipt writes a tlog-proof with the entry in it, or checks one offline against the log's "
    "key:\n"
    "        0 if it proves its entry, 1 if not. --rotations writes those of every rotation of "
    "the\n"
    "        key, which lead from a key that somebody has to the one that signed a receipt.\n"
    "publish brings checkpoint and tiles (C2SP tlog-tiles) in a directory up to date, without the\n"
    "        entries or with them.\n"
    "history lists every entry about somebody or something: seq, time, event, outcome.\n"
    "monitor tells what came since it was called last with that FILE, and whether the log still "
    "has\n"
    "        all that it had then: 0 if it does, 1 if not. Cheap enough for every minute.\n"
    "hold    keeps all that the log has about somebody from being pruned or shredded, until "
    "--end.\n"
    "shred   destroys the text about somebody; entries and their proofs stay.\n"
    "prune   removes entries that are proven to be older than N years (7; 5 is the least): a "
    "quorum\n"
    "        of N of the witnesses whose keys FILE lists had seen them by then.\n"
    "        hold, shred and prune are on record; the service must be down: while it runs, use "
    "the\n"
    "        staff API.\n"
    "rotate-key gives the log a new signing key; an entry that both keys signed says so. With the\n"
    "        service stopped.\n"
    "recover sets a log aside that its anchor does not let in, or that is damaged or gone, and "
    "makes\n"
    "        one of another NAME, which says so. With the service stopped.\n"
    "backup  copies the data directory to one that is not there yet, beside the running service,\n"
    "        and verifies the copy; it never has the anchor in it.\n"
    "restore puts such a COPY into DIR, which is empty, if it is sound and has all that the "
    "anchor\n"
    "        says was signed. --accept-loss: also if not; the recipient door then stays shut.\n"
    "report  tells in words who saw what of a patient, when, from where and why, with proofs of\n"
    "        every entry; or checks such a file offline, and with DIR against the log as well:\n"
    "        0 if it is proven, 1 if not, 2 if that cannot be told.\n";

void print_json(const Verdict& verdict, std::ostream& out) {
  std::string json;
  ObjectWriter object(json);
  object.number("entries", verdict.entries);
  object.number("objects", verdict.objects);
  object.text("origin", verdict.origin, kMaxJsonText);
  object.name("problems");
  json += '[';
  for (const std::string& problem : verdict.problems) {
    if (json.back() != '[') json += ',';
    append_text(json, problem, kMaxJsonText);
  }
  json += ']';
  object.text("root", verdict.root, kMaxJsonText);
  object.name("sound");
  json += verdict.sound() ? "true" : "false";
  object.number("unfinished", verdict.unfinished);
  object.close();
  out << json << '\n';
}

void print_text(const Verdict& verdict, std::ostream& out) {
  for (const std::string& problem : verdict.problems) out << "PROBLEM " << problem << '\n';
  out << (verdict.sound() ? "sound" : "NOT SOUND") << '\n'
      << "origin              " << (verdict.origin.empty() ? "unknown" : verdict.origin) << '\n'
      << "entries             " << verdict.entries << '\n'
      << "head                " << verdict.root << '\n'
      << "index rows          " << verdict.objects << '\n'
      << "unfinished intents  " << verdict.unfinished << '\n';
}

void print_what_follows(const Verdict& verdict, const std::string& data, std::ostream& out) {
  if (!verdict.sound()) return;
  out << "\nsekisho-audit checkpoint --data " << data
      << " prints this head as the log signed it:\n"
         "whoever keeps it outside of this machine can prove every later change.\n";
}

ExitCode init(std::span<const std::string_view> arguments, std::ostream& out) {
  static constexpr std::string_view kValued[] = {"--data", "--origin", "--anchor"};
  const Options options(arguments, kValued, {});
  AuditPlace place = AuditPlace::in(options.get("--data"));
  if (const auto anchor = options.find("--anchor")) place.anchor = AuditPlace::anchor_in(*anchor);
  initialise(place, options.get("--origin"));
  out << "The log is made. Whoever is to verify it one day needs this line, kept where nobody who\n"
         "administers this machine can change it:\n"
      << read_first_line(place.verifier_key) << '\n';
  return ExitCode::sound;
}

ExitCode verify_log(std::span<const std::string_view> arguments, std::ostream& out) {
  static constexpr std::string_view kValued[] = {"--data", "--key"};
  static constexpr std::string_view kFlags[] = {"--json"};
  const Options options(arguments, kValued, kFlags);
  const Reading reading(options.get("--data"));
  const AuditPlace& place = reading.place();
  const Verdict verdict = verify(place.database, key_line(options, place.verifier_key));
  reading.finish();
  if (options.has("--json")) {
    print_json(verdict, out);
  } else {
    print_text(verdict, out);
    print_what_follows(verdict, options.get("--data"), out);
  }
  return verdict.sound() ? ExitCode::sound : ExitCode::unsound;
}

/// Only of a log that is sound: what it says from now on is what it is held to.
ExitCode make_anchor(std::span<const std::string_view> arguments, std::ostream& out) {
  static constexpr std::string_view kValued[] = {"--data", "--anchor"};
  const Options options(arguments, kValued, {});
  const AuditPlace place = AuditPlace::in(options.get("--data"));
  const Verdict verdict = verify(place.database, read_first_line(place.verifier_key));
  if (!verdict.sound()) {
    print_text(verdict, out);
    return ExitCode::unsound;
  }
  Anchor::create(AuditPlace::anchor_in(options.get("--anchor")),
                 PublishedLog(place.database).checkpoint());
  out << "The anchor is made.\n";
  return ExitCode::sound;
}

struct Subcommand {
  std::string_view name;
  ExitCode (*run)(std::span<const std::string_view> arguments, std::ostream& out);
};
constexpr Subcommand kSubcommands[] = {
    {"init", init},           {"anchor", make_anchor},
    {"verify", verify_log},   {"export", export_entries},
    {"prove", prove},         {"receipt", receipt},
    {"publish", publish},     {"history", history},
    {"report", report::run},  {"monitor", monitor},
    {"hold", hold},           {"shred", shred},
    {"prune", prune},         {"rotate-key", rotate_signing_key},
    {"recover", recover_log}, {"checkpoint", checkpoint},
    {"backup", backup_data},  {"restore", restore_data},
};

}  // namespace

ExitCode run_command(std::span<const std::string_view> arguments, std::ostream& out,
                     std::ostream& err) {
  try {
    for (const Subcommand& subcommand : kSubcommands) {
      if (!arguments.empty() && arguments.front() == subcommand.name) {
        return subcommand.run(arguments.subspan(1), out);
      }
    }
    err << kUsage;
  } catch (const UsageError& error) {
    err << "sekisho-audit: " << error.what() << '\n' << kUsage;
  } catch (const std::exception& error) {
    err << "sekisho-audit: " << error.what() << '\n';
  }
  return ExitCode::unusable;
}

}  // namespace sekisho::audit
