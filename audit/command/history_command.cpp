// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/history_command.h"

#include <optional>
#include <ostream>
#include <string>

#include "audit/command/command_options.h"
#include "audit/command/reading.h"
#include "audit/entry/index_key.h"
#include "audit/keys/key_files.h"
#include "audit/log_reader.h"
#include "audit/place.h"
#include "core/time.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kPage = 1000;

struct Asked {
  std::string_view option;
  SubjectKind kind;
};
constexpr Asked kAsked[] = {
    {"--patient", SubjectKind::patient},     {"--study", SubjectKind::study},
    {"--series", SubjectKind::series},       {"--instance", SubjectKind::instance},
    {"--recipient", SubjectKind::recipient},
};

Subject subject_of(const Options& options, const IndexKey& index) {
  std::optional<Subject> subject;
  for (const Asked& asked : kAsked) {
    const auto value = options.find(asked.option);
    if (!value) continue;
    if (subject) throw UsageError("a history is of one subject");
    subject = index.subject(asked.kind, *value);
  }
  if (!subject) throw UsageError("of whom or what?");
  return *subject;
}

}  // namespace

ExitCode history(const Options& options, std::ostream& out, std::ostream&) {
  const Reading reading(options.get("--data"));
  const AuditPlace& place = reading.place();
  const Subject subject = subject_of(options, IndexKey(read_secret_key(place.index_key)));
  LogReader log(place.database);
  std::uint64_t next = 0;
  while (true) {
    const auto seqs = log.history(subject, next, kPage);
    for (const std::uint64_t seq : seqs) {
      const auto found = log.entry(seq);
      if (!found) continue;  // pruned
      const Entry& entry = found->entry;
      out << seq << '\t' << core::to_rfc3339(entry.time) << '\t' << entry.event << '\t'
          << static_cast<int>(entry.outcome) << '\n';
    }
    if (seqs.size() < kPage) break;
    next = seqs.back() + 1;
  }
  reading.finish();
  return ExitCode::good;
}

}  // namespace sekisho::audit
