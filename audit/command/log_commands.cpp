// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/log_commands.h"

#include <ostream>
#include <string>

#include "audit/command/command_options.h"
#include "audit/command/log_keys.h"
#include "audit/command/progress.h"
#include "audit/command/reading.h"
#include "audit/entry/canonical_json.h"
#include "audit/initialise.h"
#include "audit/store/anchor.h"
#include "audit/store/published_log.h"
#include "audit/verify/verify.h"

namespace sekisho::audit {
namespace {

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

}  // namespace

ExitCode init(const Options& options, std::ostream& out, std::ostream&) {
  const AuditPlace place = place_of(options);
  initialise(place, options.get("--origin"));
  out << "The log is made. Whoever is to verify it one day needs this line, kept where nobody who\n"
         "administers this machine can change it:\n"
      << read_first_line(place.verifier_key) << '\n';
  return ExitCode::good;
}

ExitCode verify_log(const Options& options, std::ostream& out, std::ostream&) {
  const Reading reading(options.get("--data"));
  const Verdict verdict =
      verify(reading.place().database, given_key(options).line(), Progress().advance());
  reading.finish();
  if (options.has("--json")) {
    print_json(verdict, out);
  } else {
    print_text(verdict, out);
    print_what_follows(verdict, options.get("--data"), out);
  }
  return verdict.sound() ? ExitCode::good : ExitCode::failed;
}

ExitCode make_anchor(const Options& options, std::ostream& out, std::ostream&) {
  const AuditPlace place = AuditPlace::in(options.get("--data"));
  const Verdict verdict =
      verify(place.database, read_first_line(place.verifier_key), Progress().advance());
  if (!verdict.sound()) {
    print_text(verdict, out);
    return ExitCode::failed;
  }
  Anchor::create(AuditPlace::anchor_in(options.get("--anchor")),
                 PublishedLog(place.database).checkpoint());
  out << "The anchor is made.\n";
  return ExitCode::good;
}

}  // namespace sekisho::audit
