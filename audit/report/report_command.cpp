// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/report_command.h"

#include <filesystem>
#include <optional>
#include <ostream>
#include <string>

#include "audit/command/command_options.h"
#include "audit/command/log_keys.h"
#include "audit/command/progress.h"
#include "audit/command/reading.h"
#include "audit/log_reader.h"
#include "audit/place.h"
#include "audit/report/evidence_reader.h"
#include "audit/report/report.h"
#include "core/replace_file.h"

namespace sekisho::audit::report {
namespace {

Question question_of(const Options& options) {
  Question question;
  const auto language = parse_language(options.get("--lang"));
  if (!language) throw UsageError("--lang is ja or en");
  question.language = *language;
  question.patient = options.get("--patient");
  const Period period = period_of(options);
  question.from = period.from;
  question.until = period.until;
  const auto zone = parse_zone(options.find("--zone").value_or("+00:00"));
  if (!zone) throw UsageError("--zone wants an offset such as +09:00");
  question.zone = *zone;
  question.made = std::chrono::floor<std::chrono::seconds>(core::system_clock()());
  return question;
}

Format format_of(const Options& options) {
  const std::string name = options.get("--format");
  if (name == "html") return Format::html;
  if (name == "pdf") return Format::pdf;
  throw UsageError("--format is html or pdf");
}

ExitCode make(const Options& options, std::ostream& out) {
  const Reading reading(options.get("--data"));
  const AuditPlace& place = reading.place();
  const Question question = question_of(options);
  const Format format = format_of(options);
  const std::filesystem::path to = options.get("--to");
  const KeyChain log(given_key(options));
  const Evidence evidence =
      gather(place, question, LogReader(place.database).head(), Progress().advance());
  reading.finish();
  const std::string file = write_report(evidence, log, format);
  core::replace_private_file(to, file);
  out << acts_of(evidence)->size() << " acts in " << evidence.entries.size() << " entries\n";
  return ExitCode::good;
}

void print(const Findings& found, std::ostream& out) {
  out << "origin    " << found.tree.origin << '\n'
      << "acts      " << found.acts << '\n'
      << "entries   " << found.evidence->entries.size() << '\n'
      << "of        " << found.tree.size << '\n';
}

/// That the hospital's own log gives this very report: nothing is missing that its index knows, and
/// the text that it opened is what was encrypted.
ExitCode compare(const Evidence& evidence, std::uint64_t size, const std::filesystem::path& data,
                 std::ostream& out) {
  const Reading reading(data);
  Evidence again =
      gather(reading.place(), evidence.question, StoredHead{size, evidence.checkpoint});
  reading.finish();
  again.software = evidence.software;
  if (again.text() == evidence.text()) {
    out << "The log gives the same report, its opened text included.\n";
    return ExitCode::good;
  }
  out << "NOT THE SAME: the log gives another report. Its text differs, entries are missing in "
         "one\n"
         "of them, or text was shredded or entries were pruned since.\n";
  return ExitCode::failed;
}

ExitCode check(const Options& options, std::ostream& out) {
  const auto data = options.find("--data");
  const Findings found = check_report(read_whole_file(options.get("--check")), keys_of(options));
  switch (found.verdict) {
    case Findings::Verdict::refused:
      out << "NOT PROVEN: " << found.why << '\n';
      return ExitCode::failed;
    case Findings::Verdict::untold:
      out << "CANNOT BE TOLD: " << found.why << '\n';
      print(found, out);
      return ExitCode::failed;
    case Findings::Verdict::proven:
      out << "proven\n";
      print(found, out);
      break;
  }
  if (data) return compare(*found.evidence, found.tree.size, *data, out);
  out << "What was encrypted is told as the hospital opened it: --data compares it with the log.\n";
  return ExitCode::good;
}

}  // namespace

ExitCode run(const Options& options, std::ostream& out, std::ostream&) {
  return options.has("--check") ? check(options, out) : make(options, out);
}

}  // namespace sekisho::audit::report
