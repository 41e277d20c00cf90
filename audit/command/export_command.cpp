// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/export_command.h"

#include <algorithm>
#include <iterator>
#include <ostream>

#include "audit/command/command_options.h"
#include "audit/command/progress.h"
#include "audit/command/reading.h"
#include "audit/entry/canonical_json.h"
#include "audit/error.h"
#include "audit/export/csv_row.h"
#include "audit/export/dicom_audit_message.h"
#include "audit/export/export_record.h"
#include "audit/export/fhir_audit_event.h"
#include "audit/export/message.h"

namespace sekisho::audit {
namespace {

/// Entries in memory at a time.
constexpr std::size_t kPage = 256;

using Write = std::string (*)(const ExportRecord&, const MessageSource&);

struct Format {
  std::string_view name;
  std::string (*header)();
  Write row;
  std::string_view footer;
};
/// One message or row on each line. The DICOM messages stand in an element of ours, for XML has one
/// root.
constexpr Format kFormats[] = {
    {"csv", [] { return csv_header(core::CsvReader::program); },
     [](const ExportRecord& record, const MessageSource&) {
       return csv_row(record, core::CsvReader::program);
     },
     ""},
    {"dicom", [] { return std::string("<AuditMessages>\n"); },
     [](const ExportRecord& record, const MessageSource& source) {
       return to_dicom_xml(make_message(record, source)) + '\n';
     },
     "</AuditMessages>\n"},
    {"excel", [] { return csv_header(core::CsvReader::excel); },
     [](const ExportRecord& record, const MessageSource&) {
       return csv_row(record, core::CsvReader::excel);
     },
     ""},
    {"fhir", [] { return std::string(); },
     [](const ExportRecord& record, const MessageSource& source) {
       return to_fhir_json(make_message(record, source)) + '\n';
     },
     ""},
};

const Format& format_of(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                         [&](const Format& known) { return known.name == name; });
  if (found == std::end(kFormats)) throw UsageError("--format is dicom, fhir, csv or excel");
  return *found;
}

/// The entries from `begin` on, and before `end`.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = kMaxJsonNumber;
};

/// Throws UsageError, also where it ends before it begins.
Range entries_of(const Options& options) {
  Range range;
  range.begin = options.find_number("--first").value_or(range.begin);
  if (const auto last = options.find_number("--last")) range.end = *last + 1;
  if (range.begin >= range.end) throw UsageError("--first is behind --last");
  return range;
}

/// What is appended meanwhile stays out: an export of a busy log has an end.
Range narrowed(Range range, const Period& period, LogReader& log) {
  range.end = std::min(range.end, log.head().size);
  if (period.until) range.end = std::min(range.end, log.first_since(*period.until));
  if (period.from) range.begin = std::max(range.begin, log.first_since(*period.from));
  return range;
}

/// What the first entry says that the log is.
MessageSource source_of(LogReader& log) {
  const auto opening = log.entry(0);
  if (!opening || !opening->entry.facts.contains("origin")) {
    throw AuditError("audit.db does not begin with the entry that opens a log");
  }
  return {opening->entry.facts.at("origin"), ""};
}

}  // namespace

ExitCode export_entries(const Options& options, std::ostream& out, std::ostream&) {
  const Format& format = format_of(options.get("--format"));
  const Range entries = entries_of(options);
  const Period period = period_of(options);
  const Reading reading(options.get("--data"));
  ExportReader reader(reading.place(),
                      options.has("--hashed") ? Identifiers::hashed : Identifiers::opened);
  auto [next, end] = narrowed(entries, period, reader.log());
  const MessageSource source = source_of(reader.log());
  out << format.header();
  Progress progress(terminal_unless_output_is_one());
  const std::uint64_t first = next;
  while (out) {
    progress.at("export", next - first, std::max(end, first) - first);
    const auto page = reader.records(next, end, kPage);
    if (page.empty()) break;
    for (const ExportRecord& record : page) out << format.row(record, source);
    next = page.back().entry.seq + 1;
  }
  out << format.footer << std::flush;
  if (!out) throw AuditError("the export could not be written");
  reading.finish();
  return ExitCode::good;
}

}  // namespace sekisho::audit
