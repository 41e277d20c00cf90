// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/export_command.h"

#include <algorithm>
#include <iterator>
#include <ostream>

#include "audit/command/command_options.h"
#include "audit/command/progress.h"
#include "audit/command/reading.h"
#include "audit/entry/canonical_json.h"
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
    {"csv", csv_header,
     [](const ExportRecord& record, const MessageSource&) { return csv_row(record); }, ""},
    {"dicom", [] { return std::string("<AuditMessages>\n"); },
     [](const ExportRecord& record, const MessageSource& source) {
       return to_dicom_xml(make_message(record, source)) + '\n';
     },
     "</AuditMessages>\n"},
    {"fhir", [] { return std::string(); },
     [](const ExportRecord& record, const MessageSource& source) {
       return to_fhir_json(make_message(record, source)) + '\n';
     },
     ""},
};

const Format& format_of(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                         [&](const Format& known) { return known.name == name; });
  if (found == std::end(kFormats)) throw UsageError("--format is dicom, fhir or csv");
  return *found;
}

std::uint64_t first_of(const Options& options, LogReader& log) {
  const std::uint64_t from = options.find_number("--from").value_or(0);
  const auto since = options.find("--since");
  if (!since) return from;
  const auto time = core::parse_rfc3339(*since);
  if (!time) throw UsageError("--since wants a time such as 2026-01-31T09:00:00Z");
  return std::max(from, log.first_since(*time));
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

ExitCode export_entries(std::span<const std::string_view> arguments, std::ostream& out) {
  static constexpr std::string_view kValued[] = {"--data", "--format", "--from", "--to", "--since"};
  static constexpr std::string_view kFlags[] = {"--hashed"};
  const Options options(arguments, kValued, kFlags);
  const Format& format = format_of(options.get("--format"));
  const Reading reading(options.get("--data"));
  ExportReader reader(reading.place(),
                      options.has("--hashed") ? Identifiers::hashed : Identifiers::opened);
  const std::uint64_t last = options.find_number("--to").value_or(kMaxJsonNumber - 1);
  // What is appended meanwhile stays out: an export of a busy log has an end.
  const std::uint64_t end = std::min(last + 1, reader.log().head().size);
  std::uint64_t next = first_of(options, reader.log());
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
  return ExitCode::sound;
}

}  // namespace sekisho::audit
