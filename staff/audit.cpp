// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/audit.h"

#include <algorithm>

#include "audit/entry/canonical_json.h"
#include "audit/export/export_record.h"
#include "audit/keys/key_files.h"
#include "audit/receipt_id.h"
#include "core/encoding.h"
#include "core/utf8.h"
#include "staff/lists.h"

namespace sekisho::staff {
namespace {

using audit::ExportReader;
using audit::ExportRecord;
using audit::Subject;
using audit::SubjectKind;

/// Of a PatientID or a UID: characters in an entry at most (audit/entry_text.h).
constexpr std::size_t kLongestIdentifier = 256;
/// Entries that one call looks at, so that it ends soon in a log of any length.
constexpr std::uint64_t kMostScanned = 50'000;
constexpr std::size_t kScanPage = 256;

/// What staff ask for. An empty field does not filter.
struct Question {
  std::string patient;
  std::string study;
  std::string series;
  sharing::RecipientId recipient;
  sharing::ShareId share;
  std::string actor;
  std::string event;
  std::optional<audit::Outcome> outcome;
  std::optional<core::Time> since;
  std::optional<core::Time> until;
  sharing::ListOrder order = sharing::ListOrder::oldest_first;
  std::optional<std::uint64_t> after;  ///< seq
  std::size_t limit = 0;
};

std::string text_of(const Call& call, const std::string& name, RequestProblems& problems) {
  const auto found = call.query.find(name);
  if (found == call.query.end()) return {};
  const std::string& text = found->second;
  if (text.empty() || text.size() > kLongestIdentifier || !core::is_utf8(text)) {
    problems.push_back('"' + name + "\" must be a text of 1 to 256 bytes in UTF-8.");
  }
  return text;
}

/// As an entry has it: a number.
std::optional<audit::Outcome> outcome_of(const Call& call, RequestProblems& problems) {
  const auto found = call.query.find("outcome");
  if (found == call.query.end()) return std::nullopt;
  for (const auto outcome : {audit::Outcome::success, audit::Outcome::minor_failure,
                             audit::Outcome::serious_failure, audit::Outcome::major_failure}) {
    if (found->second == std::to_string(static_cast<int>(outcome))) return outcome;
  }
  problems.emplace_back("\"outcome\" must be 0, 4, 8 or 12.");
  return std::nullopt;
}

Question question_of(const Call& call, RequestProblems& problems) {
  Question question;
  question.patient = text_of(call, "patient", problems);
  question.study = text_of(call, "study", problems);
  question.series = text_of(call, "series", problems);
  question.recipient =
      query_id<sharing::RecipientId>(call, "recipient", "a recipient's ID", problems);
  question.share = query_id<sharing::ShareId>(call, "share", "a share's ID", problems);
  question.actor = text_of(call, "actor", problems);
  question.outcome = outcome_of(call, problems);
  question.event = text_of(call, "event", problems);
  if (!question.event.empty() && !audit::event_code(question.event)) {
    problems.push_back("\"event\" must be an event of the catalogue, such as \"transfer.begin\".");
  }
  question.since = query_time(call, "since", problems);
  question.until = query_time(call, "until", problems);
  question.order = list_order(call, problems);
  question.after = query_entry(call, "after", problems);
  question.limit = static_cast<std::size_t>(page_limit(call, problems).value_or(1));
  return question;
}

/// Who reads what of the log is itself on record. The texts are constants, times and ids; patient,
/// study, series and recipient stand where their text is encrypted, and a name of staff is hashed.
audit::Event event_of(const Call& call, const Question& question) {
  audit::Event event = staff_event(call, audit::EventCode::log_read);
  event.share_id = question.share.text();
  event.recipient_id = question.recipient.text();
  if (!question.patient.empty() || !question.study.empty() || !question.series.empty()) {
    event.objects.push_back({question.patient, question.study, question.series, ""});
  }
  const auto fact = [&](const char* name, const std::string& value) {
    if (!value.empty()) event.facts[name] = value;
  };
  if (!question.actor.empty()) {
    const Subject actor = call.ports.log.subject(SubjectKind::general, question.actor);
    fact("actor_hash", core::to_hex(actor.hash));
  }
  fact("event", question.event);
  fact("outcome",
       question.outcome ? std::to_string(static_cast<int>(*question.outcome)) : std::string());
  fact("since", question.since ? core::to_rfc3339(*question.since) : "");
  fact("until", question.until ? core::to_rfc3339(*question.until) : "");
  fact("after", question.after ? std::to_string(*question.after) : "");
  return event;
}

/// The people and things whose histories are to be cut: entries that name all of them.
std::vector<Subject> subjects_of(const Question& question, const audit::AuditPlace& place) {
  if (question.patient.empty() && question.study.empty() && question.series.empty() &&
      question.recipient.text().empty()) {
    return {};
  }
  const audit::IndexKey index(audit::read_secret_key(place.index_key));
  std::vector<Subject> subjects;
  const auto add = [&](SubjectKind kind, const std::string& value) {
    if (!value.empty()) subjects.push_back(index.subject(kind, value));
  };
  add(SubjectKind::series, question.series);
  add(SubjectKind::study, question.study);
  add(SubjectKind::patient, question.patient);
  add(SubjectKind::recipient, question.recipient.text());
  return subjects;
}

bool fits(const Question& question, const std::vector<Subject>& subjects,
          const audit::Entry& entry) {
  const auto& named = entry.subjects;
  return (question.event.empty() || entry.event == question.event) &&
         (!question.outcome || entry.outcome == *question.outcome) &&
         (question.share.text().empty() || entry.share == question.share.text()) &&
         (!question.since || entry.time >= *question.since) &&
         (!question.until || entry.time < *question.until) &&
         std::ranges::all_of(subjects, [&](const Subject& subject) {
           return std::ranges::find(named, subject) != named.end();
         });
}

/// The entries from one place to before another, in either order, some at a time: all of them, or
/// the history of one subject.
class Walk {
 public:
  Walk(audit::LogReader& log, const std::vector<Subject>& subjects, sharing::ListOrder order,
       std::uint64_t first, std::uint64_t end)
      : log_(log),
        subject_(subjects.empty() ? nullptr : &subjects.front()),
        backwards_(order == sharing::ListOrder::newest_first),
        first_(first),
        end_(end) {}

  /// None at the end.
  std::vector<audit::ReadEntry> next() {
    auto found = subject_ == nullptr ? next_of_all() : next_of_history();
    if (!found.empty()) go_behind(found.back().entry.seq);
    return found;
  }

 private:
  std::vector<audit::ReadEntry> next_of_all() {
    if (first_ >= end_) return {};
    return backwards_ ? log_.entries_before(end_, first_, kScanPage)
                      : log_.entries(first_, end_, kScanPage);
  }

  std::vector<audit::ReadEntry> next_of_history() {
    std::vector<audit::ReadEntry> found;
    while (found.empty() && first_ < end_) {
      const auto places = backwards_ ? log_.history_before(*subject_, end_, kScanPage)
                                     : log_.history(*subject_, first_, kScanPage);
      if (places.empty()) break;
      for (const std::uint64_t seq : places) {
        auto entry = first_ <= seq && seq < end_ ? log_.entry(seq) : std::nullopt;
        if (entry) found.push_back(*std::move(entry));  // what was pruned has its history still
      }
      go_behind(places.back());
    }
    return found;
  }

  void go_behind(std::uint64_t seq) {
    if (backwards_) {
      end_ = std::min(end_, seq);
    } else {
      first_ = std::max(first_, seq + 1);
    }
  }

  audit::LogReader& log_;
  const Subject* subject_;
  bool backwards_;
  std::uint64_t first_;
  std::uint64_t end_;
};

/// What is to be looked at of a log that has `end` entries.
Walk walk_of(const Question& question, const std::vector<Subject>& subjects, audit::LogReader& log,
             std::uint64_t end) {
  std::uint64_t first = 0;
  if (question.after && question.order == sharing::ListOrder::newest_first) {
    end = std::min(end, *question.after);
  } else if (question.after) {
    first = *question.after + 1;
  }
  if (question.since) first = std::max(first, log.first_since(*question.since));
  return {log, subjects, question.order, first, end};
}

/// One page: what was found, and where to go on if the log does.
struct Page {
  std::vector<ExportRecord> records;
  std::optional<std::uint64_t> last_seen;
};

Page find(const Question& question, const audit::AuditPlace& place, std::uint64_t end,
          const core::Demand& demand) {
  ExportReader reader(place, audit::Identifiers::opened);
  const std::vector<Subject> subjects = subjects_of(question, place);
  Walk walk = walk_of(question, subjects, reader.log(), end);
  Page page;
  std::uint64_t last_seen = 0;
  for (std::uint64_t scanned = 0; scanned < kMostScanned;) {
    demand.ask();
    auto entries = walk.next();
    if (entries.empty()) return {std::move(page.records), std::nullopt};
    for (audit::ReadEntry& read : entries) {
      last_seen = read.entry.seq;
      ++scanned;
      reader.join(read.entry);
      if (!fits(question, subjects, read.entry)) continue;
      ExportRecord record = reader.record(std::move(read));
      if (!question.actor.empty() && record.text.actor != question.actor) continue;
      page.records.push_back(std::move(record));
      if (page.records.size() == question.limit) {
        page.last_seen = last_seen;
        return page;
      }
    }
  }
  page.last_seen = last_seen;
  return page;
}

void add_text(Json::Value& json, const char* name, const std::string& value) {
  if (!value.empty()) json[name] = value;
}

void add_number(Json::Value& json, const char* name, const std::optional<std::uint64_t>& value) {
  if (value) json[name] = Json::UInt64{*value};
}

Json::Value objects_json(const std::vector<audit::ObjectRef>& objects) {
  Json::Value list = Json::arrayValue;
  for (const audit::ObjectRef& object : objects) {
    Json::Value& json = list.append(Json::objectValue);
    add_text(json, "PatientID", object.patient_id);
    add_text(json, "Study", object.study_uid);
    add_text(json, "Series", object.series_uid);
    add_text(json, "Instance", object.instance_uid);
  }
  return list;
}

Json::Value to_json(const ExportRecord& record, const std::string& log) {
  const audit::Entry& entry = record.entry;
  Json::Value json;
  json["Receipt"] = audit::ReceiptId{log, entry.seq}.text();
  json["Seq"] = Json::UInt64{entry.seq};
  json["Time"] = core::to_rfc3339(entry.time);
  json["Event"] = entry.event;
  json["Outcome"] = static_cast<int>(entry.outcome);
  add_text(json, "Detail", entry.detail);
  add_text(json, "Authentication", entry.authentication);
  add_text(json, "Source", entry.source);
  add_text(json, "Share", entry.share);
  add_text(json, "Request", entry.request);
  add_text(json, "IntendedUse", entry.intended_use);
  add_text(json, "Purpose", record.text.purpose);
  add_text(json, "Query", record.text.query);
  add_text(json, "Actor", record.text.actor);
  add_text(json, "Recipient", record.text.recipient_id);
  add_text(json, "RecipientName", record.text.recipient_name);
  add_text(json, "UserAgent", record.text.user_agent);
  add_number(json, "Instances", entry.instances);
  add_number(json, "Bytes", entry.bytes);
  add_number(json, "Intent", entry.intent);
  if (entry.parts > 1) {
    json["Part"] = Json::UInt64{entry.part};
    json["Parts"] = Json::UInt64{entry.parts};
  }
  if (!record.text.objects.empty()) json["Objects"] = objects_json(record.text.objects);
  for (const audit::StudyWords& study : record.text.studies) {
    Json::Value& said = json["Studies"].append(Json::objectValue);
    add_text(said, "PatientID", study.patient_id);
    add_text(said, "PatientName", study.patient_name);
    add_text(said, "Study", study.study_uid);
    add_text(said, "Date", study.date);
    add_text(said, "Modalities", study.modalities);
    add_text(said, "Description", study.description);
  }
  for (const auto& [name, value] : entry.facts) json["Facts"][name] = value;
  if (record.text.shredded > 0) json["Shredded"] = Json::UInt64{record.text.shredded};
  json["Leaf"] = core::to_hex(record.leaf);
  return json;
}

}  // namespace

Reply list_audit_entries(const Call& call) {
  RequestProblems problems;
  const Question question = question_of(call, problems);
  if (!problems.empty()) return invalid(problems);
  // The entry of this very call is not part of its answer.
  const std::uint64_t end = call.ports.log.append(event_of(call, question)).seq();
  const Page page = find(question, call.ports.log_place, end, call.demand);
  Json::Value json;
  json["Entries"] = Json::arrayValue;
  for (const ExportRecord& record : page.records)
    json["Entries"].append(to_json(record, call.ports.log.origin()));
  if (page.last_seen) json["Next"] = Json::UInt64{*page.last_seen};
  return answered(200, json);
}

/// Entries are about patients and recipients, if under seal: who takes them is on record. Hashes
/// and checkpoints are anybody's.
Reply show_log_file(const Call& call, std::string_view path) {
  const auto file = audit::LogFile::parse(path);
  const auto bytes = file ? call.ports.log.file(*file) : std::nullopt;
  if (!bytes) return refused(404, "The access log has no such file.");
  if (file->kind == audit::LogFile::Kind::entries) {
    audit::Event event = staff_event(call, audit::EventCode::log_read);
    event.facts["file"] = path;
    call.ports.log.append(event);
  }
  const bool is_text = file->kind == audit::LogFile::Kind::checkpoint;
  return {200,
          std::string(core::as_text(*bytes)),
          {},
          is_text ? "text/plain; charset=utf-8" : "application/octet-stream"};
}

}  // namespace sekisho::staff
