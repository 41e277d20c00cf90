// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/verify/index_check.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "audit/entry/entry.h"
#include "audit/entry/index_span.h"

namespace sekisho::audit {
namespace {

/// A row as both sides spell it for the comparison. A hash of another length than 16 bytes equals
/// none.
std::array<core::Byte, 48> spelled(std::uint64_t span, core::ByteView hash, std::uint64_t kind,
                                   std::uint64_t seq) {
  const std::uint64_t numbers[] = {hash.size(), span, kind, seq};
  std::array<core::Byte, 48> row{};
  std::copy_n(hash.begin(), std::min(hash.size(), sizeof(Bits128)), row.begin());
  std::memcpy(row.data() + sizeof(Bits128), numbers, sizeof numbers);
  return row;
}

std::string entry_label(std::int64_t seq) { return "entry " + std::to_string(seq); }

}  // namespace

IndexCheck::IndexCheck(StoredLog& log)
    : log_(log), expected_(random_sip_key()), found_(expected_) {}

void IndexCheck::expect(std::uint64_t seq, const Subject& subject) {
  const auto kind = static_cast<std::uint64_t>(subject.kind);
  expected_.add(spelled(index_span(seq), subject.hash, kind, seq));
}

void IndexCheck::compare(const Report& report, const Advance& advance) {
  log_.read_index(StoredLog::IndexOrder::as_stored, [&](const StoredLog::IndexRow& row) {
    found_.add(spelled(static_cast<std::uint64_t>(row.span), row.hash,
                       static_cast<std::uint64_t>(row.kind), static_cast<std::uint64_t>(row.seq)));
    advance("verify index", found_.rows(), expected_.rows());
  });
  if (found_ == expected_) return;
  name_missing(report);
  name_foreign(report);
}

void IndexCheck::name_missing(const Report& report) {
  log_.read_entries({}, [&](std::int64_t seq, const EntryBytes& bytes) {
    const std::optional<Entry> entry = parse_entry(bytes);
    if (!entry) return;
    const std::uint64_t span = index_span(static_cast<std::uint64_t>(seq));
    for (const Subject& subject : entry->subjects) {
      if (!log_.has_index_row(span, subject, seq)) {
        report(entry_label(seq) + ": the index lacks a row for it");
      }
    }
  });
}

void IndexCheck::name_foreign(const Report& report) {
  log_.read_index(StoredLog::IndexOrder::by_entry, [&](const StoredLog::IndexRow& row) {
    const auto seq = static_cast<std::uint64_t>(row.seq);
    const auto bytes = log_.entry(seq);
    const auto entry = bytes ? parse_entry(bytes->bytes()) : std::nullopt;
    const bool is_of_entry =
        entry && std::ranges::any_of(entry->subjects, [&](const Subject& subject) {
          return static_cast<std::int64_t>(subject.kind) == row.kind &&
                 std::ranges::equal(subject.hash, row.hash);
        });
    const bool is_in_place = row.span == static_cast<std::int64_t>(index_span(seq));
    if (!is_of_entry || !is_in_place) {
      report(entry_label(row.seq) + ": the index has a row that does not come from it");
    }
  });
}

}  // namespace sekisho::audit
