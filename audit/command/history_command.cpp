// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/history_command.h"

#include <algorithm>
#include <optional>
#include <ostream>
#include <set>
#include <string>

#include "audit/command/command_options.h"
#include "audit/command/reading.h"
#include "audit/entry/index_key.h"
#include "audit/export/export_record.h"
#include "audit/keys/key_files.h"
#include "audit/report/plain_text.h"
#include "audit/report/words.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kPage = 1000;
/// UIDs that a line names; `export` has all.
constexpr std::size_t kNamed = 3;
constexpr std::string_view kNothing = "-";
constexpr std::string_view kErased = "(erased)";

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
  const auto given =
      std::ranges::find_if(kAsked, [&](const Asked& asked) { return options.has(asked.option); });
  if (given == std::end(kAsked)) throw UsageError("of whom or what?");
  return index.subject(given->kind, options.get(given->option));
}

std::string hash_of(const Entry& entry, SubjectKind kind) {
  const auto found = std::ranges::find(entry.subjects, kind, &Subject::kind);
  return found == entry.subjects.end() ? std::string() : core::to_hex(found->hash);
}

/// "Dr. Sato (a1b2…)", or what there is of it.
std::string recipient_of(const ExportRecord& record, Identifiers identifiers) {
  const EntryText& text = record.text;
  if (!text.recipient_name.empty()) return text.recipient_name + " (" + text.recipient_id + ')';
  if (!text.recipient_id.empty()) return text.recipient_id;
  std::string hash = hash_of(record.entry, SubjectKind::recipient);
  if (hash.empty() || identifiers == Identifiers::hashed) return hash;
  return std::string(kErased);
}

std::string who(const ExportRecord& record, Identifiers identifiers) {
  if (record.entry.authentication != "staff") return recipient_of(record, identifiers);
  return record.text.actor.empty() ? "staff" : "staff " + record.text.actor;
}

/// The deepest that is named of each object.
std::string objects_of(const EntryText& text) {
  std::set<std::string> uids;
  for (const ObjectRef& object : text.objects) {
    const std::string& uid = !object.instance_uid.empty() ? object.instance_uid
                             : !object.series_uid.empty() ? object.series_uid
                                                          : object.study_uid;
    if (!uid.empty()) uids.insert(uid);
  }
  std::string all;
  std::size_t named = 0;
  for (const std::string& uid : uids) {
    if (++named > kNamed) break;
    all += (all.empty() ? "" : " ") + uid;
  }
  if (uids.size() > kNamed) all += " and " + std::to_string(uids.size() - kNamed) + " more";
  return all;
}

std::string what(const ExportRecord& record, Identifiers identifiers) {
  const Entry& entry = record.entry;
  std::string all;
  const auto add = [&all](const std::string& part) {
    if (!part.empty()) all += (all.empty() ? "" : ", ") + part;
  };
  add(entry.detail);
  if (entry.authentication == "staff" && !hash_of(entry, SubjectKind::recipient).empty()) {
    add("for " + recipient_of(record, identifiers));
  }
  if (!entry.share.empty()) add("share " + entry.share);
  add(objects_of(record.text));
  if (entry.parts > 1) {
    add("part " + std::to_string(entry.part) + " of " + std::to_string(entry.parts));
  }
  return all;
}

/// Entries as lines of a table.
class Table {
 public:
  Table(const AuditPlace& place, Identifiers identifiers, std::ostream& out)
      : identifiers_(identifiers), reader_(place, identifiers), out_(out) {}

  LogReader& log() { return reader_.log(); }
  /// Of what was pruned there is no line.
  void add(std::uint64_t seq) {
    auto read = log().entry(seq);
    if (!read) return;
    if (rows_++ == 0) out_ << "seq\ttime\tevent\toutcome\twho\tfrom\twhat\n";
    const ExportRecord record = reader_.record(*std::move(read));
    const Entry& entry = record.entry;
    // Of an event in several entries the first says who and from where.
    auto first = entry.part > 1 ? log().entry(seq - (entry.part - 1)) : std::nullopt;
    const ExportRecord actor = first ? reader_.record(*std::move(first)) : record;
    out_ << seq << '\t' << core::to_rfc3339(entry.time) << '\t' << entry.event << '\t'
         << report::outcome_words(static_cast<int>(entry.outcome), report::Language::english)
         << '\t' << cell(who(actor, identifiers_)) << '\t' << cell(actor.entry.source) << '\t'
         << cell(what(record, identifiers_)) << '\n';
  }
  std::uint64_t rows() const { return rows_; }

 private:
  static std::string cell(const std::string& text) {
    return text.empty() ? std::string(kNothing) : report::printable(text);
  }

  const Identifiers identifiers_;
  ExportReader reader_;
  std::ostream& out_;
  std::uint64_t rows_ = 0;
};

}  // namespace

ExitCode history(const Options& options, std::ostream& out, std::ostream&) {
  const Reading reading(options.get("--data"));
  const AuditPlace& place = reading.place();
  const Subject subject = subject_of(options, IndexKey(read_secret_key(place.index_key)));
  Table table(place, options.has("--hashed") ? Identifiers::hashed : Identifiers::opened, out);
  std::uint64_t next = 0;
  while (true) {
    const auto seqs = table.log().history(subject, next, kPage);
    for (const std::uint64_t seq : seqs) table.add(seq);
    if (seqs.size() < kPage) break;
    next = seqs.back() + 1;
  }
  reading.finish();
  if (table.rows() > 0) return ExitCode::good;
  out << "no entry\n";
  if (const std::uint64_t before = table.log().pruned_before(); before > 0) {
    out << "Entries before " << before << " may have been pruned.\n";
  }
  return ExitCode::failed;
}

}  // namespace sekisho::audit
