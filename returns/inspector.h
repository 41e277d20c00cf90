// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "core/told_trouble.h"
#include "disclosure/ports.h"
#include "returns/quarantine.h"
#include "returns/rules.h"
#include "returns/scanner.h"

namespace sekisho::returns {

/// What the hospital wants done with what comes back.
struct InspectorOptions {
  Rules rules{};
  std::chrono::days keep{30};  ///< what is apart or rejected, from then on
};

/// How it stands with the quarantine.
struct ReturnsState {
  Count count;
  std::string trouble{};  ///< why nothing goes on, in words for staff; empty while it does
  bool is_full = false;   ///< something was not taken, and nothing has been since
};

/// What became of an object that wanted in.
enum class Taken {
  in,        ///< it is in the quarantine, or was before
  infected,  ///< the same is apart already
  other,     ///< another one by these UIDs is in
  full,
  ended,  ///< the share has ended meanwhile
};

/// Takes what comes back into the quarantine, has it scanned, and brings what is clean and released
/// into the archive. Each step is on record before it is done, and on disk before the next, so that
/// whatever is cut off between two of them goes on where it was; the archive gets an object once,
/// and nothing that a scanner, where there is one, has not called clean. Any thread; work() is one
/// thread's.
class Inspector {
 public:
  /// An empty `scanner`: nothing is scanned. All of it outlives this.
  Inspector(const disclosure::Ports& ports, Quarantine& quarantine, Scanner scanner,
            InspectorOptions options);

  /// On return an object that is in is durable, and `upload` says which it is there. `is_live` is
  /// asked once it is on record. Throws audit::AuditError and core::DatabaseError.
  Taken receive(Upload& upload, core::ByteView part10, const std::function<bool()>& is_live);
  /// Brings an object as far as it goes now, and says where it stands. Throws audit::AuditError,
  /// core::DatabaseError and core::DemandOver: it goes on later.
  State settle(const UploadId& id, core::ByteView part10, const core::Demand& demand);

  /// Goes on with what waits, and deletes what has had its time. To be called once a second. Throws
  /// the same, and core::MemoryShortage.
  void work(const core::Demand& demand);
  /// True from when the scanner said nothing until it does again: what comes meanwhile need not be
  /// tried at once.
  bool is_in_trouble() const;
  ReturnsState state() const;
  const Quarantine& quarantine() const { return quarantine_; }

 private:
  enum class Progress { on, later, end };
  class Claim;
  State settle(Upload upload, core::ByteView part10, const core::Demand& demand);
  Progress step(const Upload& upload, core::ByteView part10, const core::Demand& demand);
  Progress scan(const Upload& upload, core::ByteView part10, const core::Demand& demand);
  std::variant<Finding, ScannerTrouble> ask(const Upload& upload, core::ByteView part10,
                                            const core::Demand& demand);
  Progress put_apart(const Upload& upload);
  Progress decide(const Upload& upload);
  Progress store(const Upload& upload, core::ByteView part10, const core::Demand& demand);
  bool may_join(const Upload& upload) const;
  bool is_own(const Upload& upload, core::ByteView part10, const core::Demand& demand);
  bool wants_scan(const Upload& upload) const;
  /// While the scanner is left alone.
  bool rests() const;
  void put_off(const Upload& upload);
  void delete_overdue();
  void note(const std::optional<ScannerTrouble>& trouble);

  // Constant after construction.
  const disclosure::Ports ports_;
  Quarantine& quarantine_;
  const Scanner scanner_;
  const InspectorOptions options_;

  mutable core::Mutex mutex_;
  std::set<UploadId> claimed_ SEKISHO_GUARDED_BY(mutex_);
  int failures_ SEKISHO_GUARDED_BY(mutex_) = 0;  ///< of the scanner, in a row
  std::optional<core::Time> again_at_ SEKISHO_GUARDED_BY(mutex_);
  bool is_full_ SEKISHO_GUARDED_BY(mutex_) = false;
  core::ToldTrouble trouble_;
};

}  // namespace sekisho::returns
