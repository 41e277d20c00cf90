// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/store/log_reader.h"

#include <algorithm>
#include <iterator>

#include "audit/entry/canonical_json.h"
#include "audit/error.h"
#include "audit/sqlite/deeds.h"
#include "audit/sqlite/schema.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

/// Keys kept in memory: less than 1 MB. A key that was shredded meanwhile is forgotten with them.
constexpr std::size_t kMaxKeys = 1024;

std::int64_t as_row(std::uint64_t seq) {
  return static_cast<std::int64_t>(std::min(seq, kMaxJsonNumber));
}

[[noreturn]] void refuse(std::uint64_t seq, const char* why) {
  throw AuditError("entry " + std::to_string(seq) + " " + why + ": run sekisho-audit verify");
}

ReadEntry read(std::uint64_t seq, const SQLite::Column& column) {
  std::string raw(core::as_text(core::db::bytes_of(column)));
  std::optional<Entry> entry = parse_entry(core::as_bytes(raw));
  if (!entry || entry->seq != seq) refuse(seq, "is not in the form of an entry");
  return {std::move(raw), *std::move(entry)};
}

/// Ends the transaction that a SELECT is, however its member is left.
class Query {
 public:
  explicit Query(core::db::Statement& statement) : statement_(statement) {}
  ~Query() { statement_.tryReset(); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  core::db::Statement& operator*() { return statement_; }
  core::db::Statement* operator->() { return &statement_; }

 private:
  core::db::Statement& statement_;
};

}  // namespace

LogReader::LogReader(const std::filesystem::path& database)
    : database_(open_for_reading(database)),
      head_(database_, "SELECT size, checkpoint FROM audit_head WHERE id = 1"),
      entry_(database_, "SELECT entry FROM audit_entry WHERE seq = ?"),
      entries_(database_,
               "SELECT seq, entry FROM audit_entry WHERE seq >= ? AND seq < ?"
               " ORDER BY seq LIMIT ?"),
      entries_before_(database_,
                      "SELECT seq, entry FROM audit_entry WHERE seq >= ? AND seq < ?"
                      " ORDER BY seq DESC LIMIT ?"),
      history_(database_,
               "SELECT seq FROM audit_object WHERE span = ? AND hash = ? AND kind = ? AND seq >= ?"
               " ORDER BY seq LIMIT ?"),
      history_before_(database_,
                      "SELECT seq FROM audit_object WHERE span = ? AND hash = ? AND kind = ?"
                      " AND seq < ? ORDER BY seq DESC LIMIT ?"),
      count_(database_,
             "SELECT count(*) FROM audit_object WHERE span = ? AND hash = ? AND kind = ?") {}

StoredHead LogReader::head() {
  Query query(head_);
  if (!query->executeStep()) throw AuditError("audit.db has no head");
  return {static_cast<std::uint64_t>(query->getColumn(0).getInt64()),
          std::string(core::as_text(core::db::bytes_of(query->getColumn(1))))};
}

std::optional<ReadEntry> LogReader::entry(std::uint64_t seq) {
  Query query(entry_);
  query->bind(1, as_row(seq));
  if (!query->executeStep()) return std::nullopt;
  return read(seq, query->getColumn(0));
}

std::vector<ReadEntry> LogReader::entries(std::uint64_t from, std::uint64_t end,
                                          std::size_t limit) {
  return read_range(entries_, from, end, limit);
}

std::vector<ReadEntry> LogReader::entries_before(std::uint64_t end, std::uint64_t from,
                                                 std::size_t limit) {
  return read_range(entries_before_, from, end, limit);
}

std::vector<ReadEntry> LogReader::read_range(core::db::Statement& range, std::uint64_t from,
                                             std::uint64_t end, std::size_t limit) {
  Query query(range);
  query->bind(1, as_row(from));
  query->bind(2, as_row(end));
  query->bind(3, as_row(limit));
  std::vector<ReadEntry> found;
  while (query->executeStep()) {
    const auto seq = static_cast<std::uint64_t>(query->getColumn(0).getInt64());
    found.push_back(read(seq, query->getColumn(1)));
  }
  return found;
}

std::vector<std::uint64_t> LogReader::history(const Subject& subject, std::uint64_t from,
                                              std::size_t limit) {
  std::vector<std::uint64_t> found;
  const std::uint64_t size = head().size;
  for (std::uint64_t span = index_span(from); span * kIndexSpan < size; ++span) {
    if (found.size() == limit) break;
    add_places(history_, subject, span, from, limit, found);
  }
  return found;
}

std::vector<std::uint64_t> LogReader::history_before(const Subject& subject, std::uint64_t end,
                                                     std::size_t limit) {
  std::vector<std::uint64_t> found;
  const std::uint64_t last = std::min(end, head().size);
  for (std::uint64_t span = index_span(last) + 1; span > 0; --span) {
    if (found.size() == limit) break;
    add_places(history_before_, subject, span - 1, end, limit, found);
  }
  return found;
}

void LogReader::add_places(core::db::Statement& history, const Subject& subject, std::uint64_t span,
                           std::uint64_t bound, std::size_t limit,
                           std::vector<std::uint64_t>& places) {
  Query query(history);
  query->bind(1, as_row(span));
  core::db::bind_bytes(*query, 2, subject.hash);
  query->bind(3, static_cast<int>(subject.kind));
  query->bind(4, as_row(bound));
  query->bind(5, as_row(limit - places.size()));
  while (query->executeStep()) {
    places.push_back(static_cast<std::uint64_t>(query->getColumn(0).getInt64()));
  }
}

std::uint64_t LogReader::count(const Subject& subject) {
  std::uint64_t count = 0;
  const std::uint64_t size = head().size;
  for (std::uint64_t span = 0; span * kIndexSpan < size; ++span) {
    Query query(count_);
    query->bind(1, as_row(span));
    core::db::bind_bytes(*query, 2, subject.hash);
    query->bind(3, static_cast<int>(subject.kind));
    query->executeStep();
    count += static_cast<std::uint64_t>(query->getColumn(0).getInt64());
  }
  return count;
}

std::uint64_t LogReader::first_since(core::Time time) {
  std::uint64_t begin = 0;
  std::uint64_t end = head().size;
  while (begin < end) {
    const std::uint64_t middle = begin + (end - begin) / 2;
    const auto found = entries(middle, end, 1);  // what was pruned is old
    if (found.empty() || found.front().entry.time >= time) {
      end = middle;
    } else {
      begin = found.front().entry.seq + 1;
    }
  }
  return begin;
}

std::optional<ReadEntry> LogReader::last(EventCode event, std::uint64_t end) {
  // In any other place of an entry the quotation marks would be escaped.
  core::db::Statement find(database_,
                           "SELECT seq FROM audit_entry WHERE seq < ? AND instr(entry, ?) > 0"
                           " ORDER BY seq DESC LIMIT 1");
  find.bind(1, static_cast<std::int64_t>(end));
  find.bind(2, R"("event":")" + std::string(event_name(event)) + '"');
  if (!find.executeStep()) return std::nullopt;
  return entry(static_cast<std::uint64_t>(find.getColumn(0).getInt64()));
}

std::uint64_t LogReader::pruned_before() {
  return static_cast<std::uint64_t>(
      database_.execAndGet("SELECT coalesce(max(before), 0) FROM audit_pruned").getInt64());
}

std::map<Subject, std::uint64_t> LogReader::holds() { return holds_in(database_); }

TextReader::TextReader(const std::filesystem::path& database, WrappingKey wrapping)
    : wrapping_(std::move(wrapping)),
      database_(open_for_reading(database)),
      find_(database_, "SELECT kind, hash, wrapped FROM audit_key WHERE id = ?") {}

EntryText TextReader::open(const Entry& entry) {
  EntryText text;
  const auto keep = [](std::string& known, std::string& found) {
    if (!found.empty()) known = std::move(found);
  };
  for (const SealedText& sealed : entry.sealed) {
    const core::Secret* const key = key_of(sealed.key);
    if (key == nullptr) {
      ++text.shredded;
      continue;
    }
    const auto box = core::from_base64(sealed.box);
    const auto plain = box ? unseal(key->view(), entry.salt, *box) : std::nullopt;
    auto opened = plain ? read_box_text(*plain) : std::nullopt;
    if (!opened) refuse(entry.seq, "has text that its key does not open");
    keep(text.actor, opened->actor);
    keep(text.recipient_id, opened->recipient);
    keep(text.recipient_name, opened->name);
    keep(text.organisation, opened->organisation);
    keep(text.user_agent, opened->user_agent);
    keep(text.purpose, opened->purpose);
    if (opened->objects.empty() && !opened->patient.empty()) {
      opened->objects.push_back({opened->patient, "", "", ""});
    }
    std::move(opened->objects.begin(), opened->objects.end(), std::back_inserter(text.objects));
    if (opened->studies.empty() && !opened->patient_name.empty()) {
      opened->studies.push_back({.patient_id = opened->patient});
    }
    for (StudyWords& words : opened->studies) {
      words.patient_name = opened->patient_name;
      text.studies.push_back(std::move(words));
    }
  }
  return text;
}

const core::Secret* TextReader::key_of(const Bits128& id) {
  if (const auto known = keys_.find(id); known != keys_.end()) return &known->second;
  Query query(find_);
  core::db::bind_bytes(*query, 1, id);
  if (!query->executeStep()) throw AuditError("a key of the audit log's text is missing");
  if (query->getColumn(2).isNull()) return nullptr;
  const Subject subject = subject_in(query->getColumn(1), query->getColumn(0));
  auto key = wrapping_.unwrap(id, subject, core::db::bytes_of(query->getColumn(2)));
  if (!key) throw AuditError("a key of the audit log's text is damaged or wrapped by another key");
  if (keys_.size() >= kMaxKeys) keys_.clear();
  return &keys_.emplace(id, *std::move(key)).first->second;
}

}  // namespace sekisho::audit
