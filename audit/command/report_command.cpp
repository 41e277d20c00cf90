// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/report_command.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>

#include "audit/command/command_options.h"
#include "audit/command/log_keys.h"
#include "audit/command/progress.h"
#include "audit/command/reading.h"
#include "audit/place.h"
#include "audit/report/evidence_reader.h"
#include "audit/report/report.h"
#include "audit/store/log_reader.h"
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
  question.patient_name = options.find("--patient-name").value_or("");
  question.institution = options.find("--institution").value_or("");
  question.made = std::chrono::floor<std::chrono::seconds>(core::system_clock()());
  return question;
}

/// The process's time zone is --time-zone, where that is given.
std::optional<ProcessZone> zone_of(const Options& options) {
  const auto name = options.find("--time-zone");
  if (!name) return std::nullopt;
  auto zone = ProcessZone::named(*name);
  if (!zone) throw UsageError("--time-zone wants a name such as Asia/Tokyo, or +09:00");
  return zone;
}

/// Local time from the first moment that the report tells to the last.
Zone zone_of(const Evidence& evidence) {
  const Question& question = evidence.question;
  core::Time first = question.from.value_or(question.made);
  core::Time last = std::max(question.made, question.until.value_or(question.made));
  for (const ProvenEntry& proven : evidence.entries) {
    first = std::min(first, proven.entry.time);
    last = std::max(last, proven.entry.time);
  }
  return zone_between(first, last);
}

/// What the hospital was called when the service started last.
std::string institution_in(LogReader& log, std::uint64_t end) {
  const auto start = log.last(EventCode::service_start, end);
  if (!start) return {};
  const auto name = start->entry.facts.find("institution");
  return name == start->entry.facts.end() ? std::string() : name->second;
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
  const auto process_zone = zone_of(options);
  Question question = question_of(options);
  const Format format = format_of(options);
  const std::filesystem::path to = options.get("--to");
  const KeyChain log(given_key(options));
  LogReader reader(place.database);
  const StoredHead head = reader.head();
  if (question.institution.empty()) question.institution = institution_in(reader, head.size);
  Evidence evidence = gather(place, question, head, Progress().advance());
  evidence.question.zone = zone_of(evidence);
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
