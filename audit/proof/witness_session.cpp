// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/witness_session.h"

#include <chrono>

#include "audit/proof/add_checkpoint.h"

namespace sekisho::audit {
namespace {

/// The size that a 409 tells.
std::optional<std::uint64_t> told_size(const WitnessReply& reply) {
  if (reply.content_type != kTreeSizeType || !reply.body.ends_with('\n')) return std::nullopt;
  return parse_tree_size(std::string_view(reply.body).substr(0, reply.body.size() - 1));
}

}  // namespace

std::string_view explain(WitnessProblem problem) {
  switch (problem) {
    case WitnessProblem::unreachable:
      return "does not answer";
    case WitnessProblem::ahead:
      return "has cosigned a longer log than this one: an older copy may have been restored here";
    case WitnessProblem::other_history:
      return "has cosigned another history of this log: one of the two is a forgery";
    case WitnessProblem::refused:
      return "does not know this log or its key; give it audit.pub";
    case WitnessProblem::wrong_answer:
      return "answers with something that is no cosignature by its key";
    case WitnessProblem::wrong_time:
      return "has a clock that is more than 5 minutes ahead of this machine's";
  }
  return {};
}

bool is_another_log(WitnessProblem problem) {
  return problem == WitnessProblem::ahead || problem == WitnessProblem::other_history;
}

std::variant<CosignatureVerifier::Cosignature, WitnessProblem> WitnessSession::ask(
    const Checkpoint& head, const std::string& note, core::Time now) {
  // Where we do not know what it has, it tells us once.
  for (int attempt = 0; attempt < 2; ++attempt) {
    const AddCheckpoint request{accepted_size_, prove_(accepted_size_, head.size), note};
    const auto reply = call_(request.text());
    if (!reply) return WitnessProblem::unreachable;
    if (reply->status == 200) return accept(*reply, head, note, now);
    if (reply->status == 422) return WitnessProblem::other_history;
    if (reply->status == 403 || reply->status == 404) return WitnessProblem::refused;
    const auto size = reply->status == 409 ? told_size(*reply) : std::nullopt;
    if (!size) return WitnessProblem::wrong_answer;
    // It has this very size, and yet another root.
    if (*size == accepted_size_ && *size == head.size) return WitnessProblem::other_history;
    if (*size == accepted_size_) return WitnessProblem::wrong_answer;
    if (*size > head.size) return WitnessProblem::ahead;
    accepted_size_ = *size;
  }
  return WitnessProblem::wrong_answer;
}

std::variant<CosignatureVerifier::Cosignature, WitnessProblem> WitnessSession::accept(
    const WitnessReply& reply, const Checkpoint& head, const std::string& note, core::Time now) {
  // What others have signed in its answer is left there.
  const auto signatures = parse_signature_lines(reply.body);
  const auto own = Note::parse(note);
  if (!signatures || !own) return WitnessProblem::wrong_answer;
  auto cosignature = witness_.find({own->text, *signatures});
  if (!cosignature) return WitnessProblem::wrong_answer;
  // In seconds: its time may be far beyond what microseconds can say.
  if (cosignature->time > std::chrono::floor<std::chrono::seconds>(now) + kWitnessClockError) {
    return WitnessProblem::wrong_time;
  }
  accepted_size_ = head.size;
  return *std::move(cosignature);
}

}  // namespace sekisho::audit
