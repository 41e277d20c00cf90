// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/proof/cosignature.h"
#include "audit/proof/note.h"
#include "core/log.h"
#include "core/mutex.h"
#include "core/time.h"
#include "witness/state.h"

namespace sekisho::witness {

struct Answer {
  int status = 200;
  std::string content_type;
  std::string body;
};

/// Cosigns the checkpoints of the logs it knows (C2SP tlog-witness v1.0.0), each only as a
/// continuation of the one before. Any thread may call any method; one request is judged at a time.
class Witness {
 public:
  /// Returns when the state is on disk for good; throws when it may not be.
  using Persist = std::function<void(const State&)>;

  /// `logs` are the keys that may sign; a log that changes its key has two under one name. Throws
  /// std::invalid_argument where the state's key is no witness's key.
  Witness(State state, std::vector<audit::NoteVerifier> logs, Persist persist, core::Clock clock,
          core::Log report);

  /// The answer to the body of one `add-checkpoint`. A cosignature is made only after `persist` has
  /// returned. Once that has thrown, every answer is 500: what is on disk is not known any more.
  Answer add_checkpoint(std::string_view body);

  const audit::CosignatureVerifier& verifier() const { return cosigner_.verifier(); }

 private:
  struct Submission;
  Answer judge(const Submission& submission);
  Answer conflict(const std::string& origin) const;
  Answer note_fork(const Submission& submission);
  void save(State next);

  // Constant after construction.
  const audit::Cosigner cosigner_;
  const std::vector<audit::NoteVerifier> logs_;
  const Persist persist_;
  const core::Clock clock_;
  const core::Log report_;

  core::Mutex mutex_;
  // Guarded by mutex_.
  State state_;
  bool broken_ = false;
};

}  // namespace sekisho::witness
