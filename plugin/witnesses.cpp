// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/witnesses.h"

#include <algorithm>

#include "core/replace_file.h"
#include "core/steady_clock.h"
#include "core/whole_file.h"
#include "plugin/sdk_edge.h"

namespace sekisho::plugin {
namespace {

using audit::EventCode;
using audit::WitnessProblem;
using std::chrono::seconds;
using std::chrono::sys_seconds;

/// How often the head is looked at.
constexpr seconds kGlance{1};
/// Between two rounds, however fast the log grows or a witness fails.
constexpr seconds kPause{5};
constexpr std::size_t kLargestNote = 64 * 1024;

// Facts of witness.trouble and witness.restored.
constexpr std::string_view kUnwitnessed = "unwitnessed";
constexpr std::string_view kOtherHistory = "other_history";

}  // namespace

Witnesses::Witnesses(WitnessPolicy policy, Ports ports)
    : policy_(std::move(policy)), ports_(std::move(ports)) {
  const auto prove = [this](std::uint64_t old_size, std::uint64_t size) {
    return ports_.log.consistency(old_size, size).value_or(audit::Proof{});
  };
  for (const WitnessMember& member : policy_.members) {
    const auto call = [this, &member](const std::string& body) {
      return ports_.call(member, body, stop_);
    };
    keys_.push_back(member.key);
    sessions_.emplace_back(member.key, call, prove);
    members_.push_back({member.key.name(), std::nullopt, std::nullopt});
  }
  load();
  thread_ = core::Thread("sekisho-witness", [this](const std::stop_token& stop) { run(stop); });
}

Witnesses::~Witnesses() = default;

/// A file that is missing or does not hold what it should counts as nothing: the witnesses know.
void Witnesses::load() {
  failure_in([this] {
    const auto text = core::read_whole_file(ports_.file, kLargestNote);
    if (!text) return;
    auto witnessed = opened(core::as_text(text->view()));
    if (!witnessed || witnessed->checkpoint.size > ports_.log.head().size) return;
    const auto time = witnessed->witnessed_by(policy_.quorum);
    if (!time || *time > std::chrono::ceil<seconds>(ports_.clock()) + audit::kWitnessClockError) {
      return;
    }
    newest_time_ = time;
    newest_size_ = witnessed->checkpoint.size;
    ports_.log.hold_witnessed(*std::move(witnessed));
  });
}

/// One from before the log's key was rotated counts as well: else the log would be unwitnessed
/// until the witnesses have the new key.
std::optional<audit::WitnessedCheckpoint> Witnesses::opened(std::string_view note) const {
  auto witnessed = audit::open_witnessed(note, ports_.log.verifier(), keys_);
  if (witnessed) return witnessed;
  const auto claimed = audit::Checkpoint::parse(audit::signed_text(note));
  const auto signer = claimed ? ports_.log.signer_of(claimed->size) : std::nullopt;
  return signer ? audit::open_witnessed(note, *signer, keys_) : std::nullopt;
}

void Witnesses::run(const std::stop_token& stop) {
  using Steady = core::SteadyClock;
  stop_ = stop;
  std::optional<Steady::time_point> asked_at;
  std::uint64_t asked_size = 0;
  while (!stop.stop_requested()) {
    const std::uint64_t size = ports_.log.head().size;
    const auto since = asked_at ? Steady::now() - *asked_at : Steady::duration::max();
    const bool soon = size != asked_size || !state().size || state().overdue;
    if (since >= policy_.interval || (soon && since >= std::min(kPause, policy_.interval))) {
      if (const char* failure = failure_in([&] { ask_all(stop); })) {
        ports_.report(core::Severity::error, failure);
      }
      asked_at = Steady::now();
      asked_size = size;
    }
    if (!stop.stop_requested()) tell_changes();
    core::pause_for(kGlance, stop);
  }
}

void Witnesses::ask_all(const std::stop_token& stop) {
  // As strangers get it: what leaves stands in the log's anchor first.
  const auto bytes = ports_.log.file(audit::LogFile{});
  if (!bytes) return;
  std::string cosigned(core::as_text(*bytes));
  const auto note = audit::Note::parse(cosigned);
  const auto checkpoint =
      note ? audit::open_checkpoint(*note, ports_.log.verifier()) : std::nullopt;
  if (!checkpoint) return;
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    if (stop.stop_requested()) return;
    ask(i, *checkpoint, cosigned);
  }
  auto witnessed = audit::open_witnessed(cosigned, ports_.log.verifier(), keys_);
  const auto time = witnessed ? witnessed->witnessed_by(policy_.quorum) : std::nullopt;
  if (time) keep(*std::move(witnessed), *time);
}

/// Adds what it gets to `note`.
void Witnesses::ask(std::size_t index, const audit::Checkpoint& head, std::string& note) {
  const auto answer = sessions_[index].ask(head, note, ports_.clock());
  const core::MutexLock lock(mutex_);
  Member& member = members_[index];
  if (const auto* problem = std::get_if<WitnessProblem>(&answer)) {
    member.problem = *problem;
    return;
  }
  const auto& cosignature = std::get<audit::CosignatureVerifier::Cosignature>(answer);
  member.problem.reset();
  member.cosigned_at = cosignature.time;
  note += cosignature.line;
}

/// One that is not on disk is no evidence tomorrow: it does not count.
void Witnesses::keep(audit::WitnessedCheckpoint witnessed, sys_seconds time) {
  const char* failure = failure_in([&] {
    core::replace_private_file(ports_.file, witnessed.note);
    ports_.times.keep(witnessed.note, time);
  });
  {
    const core::MutexLock lock(mutex_);
    keeps_ = failure == nullptr;
    if (!keeps_) return;
    newest_size_ = witnessed.checkpoint.size;
    newest_time_ = time;
  }
  ports_.log.hold_witnessed(std::move(witnessed));
}

void Witnesses::tell_changes() {
  const State now = state();
  if (now.overdue != told_overdue_) {
    told_overdue_ = now.overdue;
    record(now.overdue ? EventCode::witness_trouble : EventCode::witness_restored, kUnwitnessed);
    ports_.report(now.overdue ? core::Severity::error : core::Severity::warning,
                  now.overdue ? "The access log is unwitnessed for too long; GET "
                                "/sekisho/api/status says which witnesses are missing."
                              : "The access log is witnessed again.");
  }
  const auto other = std::ranges::find_if(now.members, [](const Member& member) {
    return member.problem && audit::is_another_log(*member.problem);
  });
  const bool other_log = other != now.members.end();
  if (!other_log && told_other_log_) record(EventCode::witness_restored, kOtherHistory);
  if (other_log && !told_other_log_) {
    record(EventCode::witness_trouble, kOtherHistory, other->name);
    ports_.report(core::Severity::error,
                  "A witness has cosigned another history of the access log than this one: keep "
                  "audit.db as it is and find out why. GET /sekisho/api/status names the witness.");
  }
  told_other_log_ = other_log;
}

/// The log lacks its witnesses, not its writer: what happens to them stands in it.
void Witnesses::record(EventCode code, std::string_view reason, const std::string& witness) {
  audit::Event event;
  event.code = code;
  event.authentication = "none";
  if (code == EventCode::witness_trouble) event.outcome = audit::Outcome::serious_failure;
  event.facts["reason"] = reason;
  if (!witness.empty()) event.facts["witness"] = witness;
  ports_.log.append_later(event);
}

bool Witnesses::is_overdue(core::Time now) const {
  return !newest_time_ ||
         std::chrono::floor<seconds>(now) - *newest_time_ > seconds(policy_.longest);
}

Witnesses::State Witnesses::state() const {
  const core::Time now = ports_.clock();
  const core::MutexLock lock(mutex_);
  return {newest_size_, newest_time_, is_overdue(now), keeps_, members_};
}

std::vector<std::string> Witnesses::file_troubles() const {
  std::vector<std::string> troubles;
  for (const WitnessMember& member : policy_.members) {
    if (member.ca_file.path.empty()) continue;
    const auto trouble =
        core::trouble_reading(member.ca_file, "The list of a witness's authorities");
    if (trouble) troubles.emplace_back(trouble->what());
  }
  return troubles;
}

bool Witnesses::may_serve() const {
  if (policy_.when_unwitnessed == WhenUnwitnessed::tell) return true;
  const core::Time now = ports_.clock();
  const core::MutexLock lock(mutex_);
  return !is_overdue(now);
}

}  // namespace sekisho::plugin
