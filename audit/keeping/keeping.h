// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "audit/audit_log.h"
#include "audit/keeping/proven_age.h"
#include "audit/store/log_reader.h"
#include "core/demand.h"
#include "core/mutex.h"

namespace sekisho::audit {

/// The least that entries are kept.
inline constexpr std::chrono::years kShortestRetention{5};
inline constexpr std::chrono::years kUsualRetention{7};

/// Somebody the log is about.
struct Person {
  SubjectKind kind = SubjectKind::patient;  ///< or recipient
  std::string id;
};

/// Why something is done: the number of a file or decision, 1 to 64 of A-Z, a-z, 0-9, '.', '-', '_'
/// and '/'. It stands in the log in clear: never a name.
bool is_case_number(std::string_view text);

/// All that may be done to a log besides appending to it, each act with the entry that is the
/// record of it: legal holds, shredding of text, pruning of what is old. Any thread. Throws
/// AuditError or core::DatabaseError where the log cannot be written.
class Keeping {
 public:
  /// `log` outlives this; `database` is its own.
  Keeping(AuditLog& log, const std::filesystem::path& database);

  enum class Result { done, held_already, not_held, held, unknown };
  /// What becomes of a hold on somebody of whom the log knows nothing: who mistypes an ID holds
  /// nobody, and does not see it.
  enum class IfNone { refuse, hold };
  struct Held {
    Result result = Result::done;  ///< or held_already, or unknown
    std::uint64_t entries = 0;     ///< about the person by now: all that the hold covers
  };

  /// `origin` says who does it, from where (authentication, source, actor); the rest is filled in
  /// here. `case_number` is one.
  Held hold(const Person& person, const std::string& case_number, Event origin, IfNone if_none);
  Result end_hold(const Person& person, const std::string& case_number, Event origin);
  /// Destroys the text about a person of whom the log has any; not while they are held.
  Result shred(const Person& person, const std::string& case_number, Event origin);

  struct Pruned {
    std::uint64_t removed = 0;
    std::uint64_t before = 0;  ///< entries before that are gone, but for those that stay
    bool finished = true;      ///< false: there is more to be removed, ask again
  };
  /// Removes what is as old as `age` proves, the newest tile's worth left out, in slices of their
  /// own transactions, at most `most_slices` of them, while there is `demand`. Stops where a slice
  /// fails: what was removed is on record.
  Pruned prune(const ProvenAge& age, std::chrono::years years, std::size_t most_slices,
               const Event& origin, const core::Demand& demand = {});

 private:
  /// By more than that somebody asked after them.
  bool is_known(const Subject& subject);

  AuditLog& log_;
  core::Mutex mutex_;  // one act at a time
  LogReader reader_;   // guarded by mutex_
};

}  // namespace sekisho::audit
