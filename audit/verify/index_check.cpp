// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/verify/index_check.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "audit/entry/entry.h"
#include "audit/sqlite/schema.h"

namespace sekisho::audit {
namespace {

using core::db::bytes_of;
using core::db::number_in;
using core::db::Statement;

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

IndexCheck::IndexCheck(core::db::Database& database)
    : database_(database), expected_(random_sip_key()), found_(expected_) {}

void IndexCheck::expect(std::uint64_t seq, const Subject& subject) {
  const auto kind = static_cast<std::uint64_t>(subject.kind);
  expected_.add(spelled(index_span(seq), subject.hash, kind, seq));
}

void IndexCheck::compare(const Report& report, const Advance& advance) {
  Statement all(database_, "SELECT span, hash, kind, seq FROM audit_object");
  while (all.executeStep()) {
    const auto span = static_cast<std::uint64_t>(number_in(all.getColumn(0)));
    const auto kind = static_cast<std::uint64_t>(number_in(all.getColumn(2)));
    const auto seq = static_cast<std::uint64_t>(number_in(all.getColumn(3)));
    found_.add(spelled(span, bytes_of(all.getColumn(1)), kind, seq));
    advance("verify index", found_.rows(), expected_.rows());
  }
  if (found_ == expected_) return;
  name_missing(report);
  name_foreign(report);
}

void IndexCheck::name_missing(const Report& report) {
  Statement all(database_, "SELECT seq, entry FROM audit_entry ORDER BY seq");
  Statement find(database_,
                 "SELECT 1 FROM audit_object WHERE span = ? AND hash = ? AND kind = ? AND seq = ?");
  while (all.executeStep()) {
    const std::int64_t seq = all.getColumn(0).getInt64();
    const std::optional<Entry> entry = parse_entry(bytes_of(all.getColumn(1)));
    if (!entry) continue;
    for (const Subject& subject : entry->subjects) {
      find.reset();
      find.bind(1, static_cast<std::int64_t>(index_span(static_cast<std::uint64_t>(seq))));
      core::db::bind_bytes(find, 2, subject.hash);
      find.bind(3, static_cast<int>(subject.kind));
      find.bind(4, seq);
      if (!find.executeStep()) report(entry_label(seq) + ": the index lacks a row for it");
    }
  }
}

void IndexCheck::name_foreign(const Report& report) {
  Statement all(database_, "SELECT span, hash, kind, seq FROM audit_object ORDER BY seq");
  Statement find(database_, "SELECT entry FROM audit_entry WHERE seq = ?");
  while (all.executeStep()) {
    const std::int64_t seq = number_in(all.getColumn(3));
    find.reset();
    find.bind(1, seq);
    const auto entry = find.executeStep() ? parse_entry(bytes_of(find.getColumn(0))) : std::nullopt;
    const Subject subject = subject_in(all.getColumn(1), all.getColumn(2));
    const bool is_of_entry =
        entry && std::ranges::find(entry->subjects, subject) != entry->subjects.end();
    const bool is_in_place = number_in(all.getColumn(0)) ==
                             static_cast<std::int64_t>(index_span(static_cast<std::uint64_t>(seq)));
    if (!is_of_entry || !is_in_place) {
      report(entry_label(seq) + ": the index has a row that does not come from it");
    }
  }
}

}  // namespace sekisho::audit
