// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/place.h"
#include "audit/store/log_reader.h"
#include "core/digest.h"

namespace sekisho::audit {

/// Whether the encrypted text of entries is opened for whoever gets the export.
enum class Identifiers {
  opened,  ///< patients, studies and recipients by their identifiers
  hashed,  ///< by keyed hashes alone, which mean nothing without audit-index.key
};

/// All that can be told about one entry. Where the entry is the outcome of another, what it leaves
/// to its intent (who, from where, why, what) is filled in from there: of the objects, patients and
/// studies.
struct ExportRecord {
  Entry entry;
  EntryText text;  ///< empty where identifiers are hashed
  /// Parts of an intent too long to be told again; their own records tell all.
  std::uint64_t parts_left_out = 0;
  core::Sha256 leaf{};
};

/// Reads entries for export beside a running writer. One thread at a time. Throws
/// core::DatabaseError or AuditError, as LogReader does.
class ExportReader {
 public:
  /// Reads audit-wrap.key only where identifiers are opened.
  ExportReader(const AuditPlace& place, Identifiers identifiers);

  LogReader& log() { return log_; }
  /// As LogReader::entries().
  std::vector<ExportRecord> records(std::uint64_t from, std::uint64_t end, std::size_t limit);
  ExportRecord record(ReadEntry read);
  /// Says in a further part of a longer event, as version 1 wrote them, who did it, from where and
  /// why: its first part does. record() does so itself.
  void join(Entry& entry);

 private:
  void join_text(ExportRecord& record);
  void add_intent(ExportRecord& record);
  void add_places(ExportRecord& record, const Entry& part);

  LogReader log_;
  std::optional<TextReader> texts_;
};

}  // namespace sekisho::audit
