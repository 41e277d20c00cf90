// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/store/log_reader.h"

#include <algorithm>
#include <iterator>

#include "audit/entry/canonical_json.h"
#include "audit/entry/index_span.h"
#include "audit/error.h"
#include "audit/store/open_log.h"
#include "audit/store/tree_hashes.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

using Order = StoredLog::Order;

/// Keys kept in memory: less than 1 MB. A key that was shredded meanwhile is forgotten with them.
constexpr std::size_t kMaxKeys = 1024;

std::int64_t as_row(std::uint64_t seq) {
  return static_cast<std::int64_t>(std::min(seq, kMaxJsonNumber));
}

[[noreturn]] void refuse(std::uint64_t seq, const char* why) {
  throw AuditError("entry " + std::to_string(seq) + " " + why + ": run sekisho-audit verify");
}

ReadEntry read(std::uint64_t seq, StoredEntry raw) {
  std::optional<Entry> entry = parse_entry(raw.bytes());
  if (!entry || entry->seq != seq) refuse(seq, "is not in the form of an entry");
  return {std::move(raw), *std::move(entry)};
}

/// From `from` on and before `end`.
StoredLog::Range range_of(std::uint64_t from, std::uint64_t end, std::size_t limit,
                          StoredLog::Order order) {
  return {.first = as_row(from), .last = as_row(end) - 1, .order = order, .limit = as_row(limit)};
}

}  // namespace

LogReader::LogReader(const std::filesystem::path& database) : log_(open_stored_log(database)) {}

StoredHead LogReader::head() {
  auto heads = log_->heads();
  if (heads.empty()) throw AuditError("audit.db has no head");
  return {static_cast<std::uint64_t>(heads.front().size), std::move(heads.front().checkpoint)};
}

std::optional<ReadEntry> LogReader::entry(std::uint64_t seq) {
  if (seq > kMaxJsonNumber) return std::nullopt;
  auto raw = log_->entry(seq);
  return raw ? std::optional(read(seq, *std::move(raw))) : std::nullopt;
}

std::vector<ReadEntry> LogReader::entries(std::uint64_t from, std::uint64_t end,
                                          std::size_t limit) {
  return read_range(range_of(from, end, limit, Order::ascending));
}

std::vector<ReadEntry> LogReader::entries_before(std::uint64_t end, std::uint64_t from,
                                                 std::size_t limit) {
  return read_range(range_of(from, end, limit, Order::descending));
}

std::vector<ReadEntry> LogReader::read_range(const StoredLog::Range& range) {
  std::vector<ReadEntry> found;
  log_->read_entries(range, [&](std::int64_t seq, const EntryBytes& entry) {
    found.push_back(read(static_cast<std::uint64_t>(seq), copied(entry)));
  });
  return found;
}

std::vector<std::uint64_t> LogReader::history(const Subject& subject, std::uint64_t from,
                                              std::size_t limit) {
  std::vector<std::uint64_t> found;
  const std::uint64_t size = head().size;
  for (std::uint64_t span = index_span(from); span * kIndexSpan < size; ++span) {
    if (found.size() == limit) break;
    std::ranges::copy(
        log_->places(span, subject,
                     range_of(from, kMaxJsonNumber, limit - found.size(), Order::ascending)),
        std::back_inserter(found));
  }
  return found;
}

std::vector<std::uint64_t> LogReader::history_before(const Subject& subject, std::uint64_t end,
                                                     std::size_t limit) {
  std::vector<std::uint64_t> found;
  const std::uint64_t last = std::min(end, head().size);
  for (std::uint64_t span = index_span(last) + 1; span > 0; --span) {
    if (found.size() == limit) break;
    std::ranges::copy(
        log_->places(span - 1, subject, range_of(0, end, limit - found.size(), Order::descending)),
        std::back_inserter(found));
  }
  return found;
}

std::uint64_t LogReader::count(const Subject& subject) {
  std::uint64_t count = 0;
  const std::uint64_t size = head().size;
  for (std::uint64_t span = 0; span * kIndexSpan < size; ++span) {
    count += log_->count(span, subject);
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
  const std::string words = R"("event":")" + std::string(event_name(event)) + '"';
  StoredLog::Range range = range_of(0, end, 1, Order::descending);
  range.containing = words;
  auto found = read_range(range);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::uint64_t LogReader::pruned_before() { return audit::pruned_before(*log_); }

std::map<Subject, std::uint64_t> LogReader::holds() { return log_->holds(); }

TextReader::TextReader(const std::filesystem::path& database, WrappingKey wrapping)
    : wrapping_(std::move(wrapping)), log_(open_stored_log(database)) {}

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
    keep(text.query, opened->query);
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
  const auto stored = log_->key(id);
  if (!stored) throw AuditError("a key of the audit log's text is missing");
  if (!stored->wrapped) return nullptr;
  auto key = wrapping_.unwrap(id, subject_of(*stored), *stored->wrapped);
  if (!key) throw AuditError("a key of the audit log's text is damaged or wrapped by another key");
  if (keys_.size() >= kMaxKeys) keys_.clear();
  return &keys_.emplace(id, *std::move(key)).first->second;
}

}  // namespace sekisho::audit
