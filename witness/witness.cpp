// SPDX-License-Identifier: GPL-3.0-or-later
#include "witness/witness.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>

#include "audit/proof/add_checkpoint.h"
#include "audit/proof/merkle.h"
#include "audit/proof/proof.h"

namespace sekisho::witness {
namespace {

using audit::AddCheckpoint;
using audit::Checkpoint;
using audit::NoteVerifier;
using audit::TreeHead;

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

/// An answer that is the same whatever was sent.
struct Refusal {
  int status;
  std::string_view body;
};
// tlog-witness v1.0.0, "add-checkpoint".
constexpr Refusal kMalformed{400, "malformed request\n"};
constexpr Refusal kBadSignature{403, "not signed by a trusted key\n"};
constexpr Refusal kUnknownLog{404, "unknown log\n"};
constexpr Refusal kBadProof{422, "not shown to be a continuation\n"};
constexpr Refusal kBroken{500, "the witness is out of order\n"};

Answer refused(const Refusal& refusal) {
  return {refusal.status, std::string(kPlainText), std::string(refusal.body)};
}

audit::Cosigner cosigner_of(const State& state) {
  auto cosigner = audit::Cosigner::parse(core::as_text(state.key.view()));
  if (!cosigner) throw std::invalid_argument("the state holds no key of a witness");
  return *std::move(cosigner);
}

/// What was cosigned last; the empty tree where nothing was.
TreeHead newest_of(const State& state, const std::string& origin) {
  const auto log = state.logs.find(origin);
  if (log == state.logs.end()) return {0, audit::Tree().root()};
  // State::parse() and judge() let nothing else in.
  const Checkpoint newest = *Checkpoint::parse(audit::Note::parse(log->second.newest)->text);
  return {newest.size, newest.root};
}

}  // namespace

/// A request that one of the trusted keys has signed.
struct Witness::Submission {
  AddCheckpoint request;
  Checkpoint checkpoint;
  std::string text;  ///< of the checkpoint
  std::string note;  ///< with the log's signature alone
  TreeHead head() const { return {checkpoint.size, checkpoint.root}; }
};

Witness::Witness(State state, std::vector<NoteVerifier> logs, Persist persist, core::Clock clock,
                 core::Log report)
    : cosigner_(cosigner_of(state)),
      logs_(std::move(logs)),
      persist_(std::move(persist)),
      clock_(std::move(clock)),
      report_(std::move(report)),
      state_(std::move(state)) {}

Answer Witness::add_checkpoint(std::string_view body) {
  auto request = AddCheckpoint::parse(body);
  const auto note = request ? audit::Note::parse(request->note) : std::nullopt;
  auto checkpoint = note ? Checkpoint::parse(note->text) : std::nullopt;
  if (!checkpoint) return refused(kMalformed);
  bool is_known = false;
  std::optional<std::string> own_note;
  for (const NoteVerifier& log : logs_) {
    if (log.name() != checkpoint->origin) continue;
    is_known = true;
    if (!own_note) own_note = log.own_note(*note);
  }
  if (!is_known) return refused(kUnknownLog);
  if (!own_note) return refused(kBadSignature);
  if (request->old_size > checkpoint->size) return refused(kMalformed);
  const core::MutexLock lock(mutex_);
  if (broken_) return refused(kBroken);
  return judge({*std::move(request), *std::move(checkpoint), note->text, *std::move(own_note)});
}

Answer Witness::judge(const Submission& submission) {
  const std::string& origin = submission.checkpoint.origin;
  const TreeHead newest = newest_of(state_, origin);
  if (submission.checkpoint.size == newest.size && submission.checkpoint.root != newest.root) {
    return note_fork(submission);
  }
  if (submission.request.old_size != newest.size) return conflict(origin);
  if (!audit::is_continued(newest, submission.head(), submission.request.proof))
    return refused(kBadProof);
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_());
  // What was cosigned already is on disk already.
  if (submission.checkpoint.size != newest.size) {
    State next = state_.clone();
    next.logs[origin].newest = submission.note;
    save(std::move(next));
  }
  if (broken_) return refused(kBroken);
  return {200, std::string(kPlainText), cosigner_.cosign(submission.text, now)};
}

Answer Witness::conflict(const std::string& origin) const {
  return {409, std::string(audit::kTreeSizeType),
          std::to_string(newest_of(state_, origin).size) + '\n'};
}

/// Two roots for one size, both signed by the log: the two notes are the proof. The first is kept.
Answer Witness::note_fork(const Submission& submission) {
  const std::string& origin = submission.checkpoint.origin;
  const auto log = state_.logs.find(origin);
  if (log != state_.logs.end() && !log->second.fork) {
    State next = state_.clone();
    next.logs[origin].fork = submission.note;
    save(std::move(next));
    report_(core::Severity::error, "FORK: " + origin + " has signed two different heads of size " +
                                       std::to_string(submission.checkpoint.size) +
                                       ". `sekisho-witness show` prints both: they are the proof.");
  }
  if (broken_) return refused(kBroken);
  return conflict(origin);
}

void Witness::save(State next) {
  try {
    persist_(next);
    state_ = std::move(next);
  } catch (const std::exception& error) {
    broken_ = true;
    report_(core::Severity::error,
            std::string("The state cannot be written: ") + error.what() +
                ". Nothing is cosigned any more; mend it and start the witness anew.");
  }
}

}  // namespace sekisho::witness
