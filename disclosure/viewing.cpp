// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/viewing.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "audit/frames_fact.h"
#include "audit/missing_fact.h"

namespace sekisho::disclosure {

/// Guarded by the mutex of its Viewings, but for what is constant.
struct Viewing {
  enum class Kind { of_one_answer, of_many };
  enum class Intent { on_its_way, on_record, failed };

  Viewing(Kind its_kind, std::string share, core::Time now)
      : kind(its_kind), share_id(std::move(share)), begun_at(now), quiet_since(now) {}

  // Constant.
  const Kind kind;
  const std::string share_id;
  const core::Time begun_at;
  // Written before `intent` says on_record, then constant.
  std::optional<audit::Receipt> receipt;
  audit::Event outcome;

  Intent intent = Intent::on_its_way;
  bool shut = false;  ///< nothing joins any more
  core::Time quiet_since;
  std::uint64_t running = 1;
  std::uint64_t answers = 0;
  std::uint64_t cut = 0;
  std::uint64_t instances = 0;
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  Ending worst = Ending::header;
};

namespace {

struct Verdict {
  audit::Outcome outcome;
  std::string_view detail;
};

/// In the order of Ending.
constexpr Verdict kVerdicts[] = {
    {audit::Outcome::success, "header"},  // the least that can have happened
    {audit::Outcome::success, "complete"},
    {audit::Outcome::minor_failure, "incomplete"},
    {audit::Outcome::minor_failure, "aborted"},
    {audit::Outcome::minor_failure, "revoked"},
    {audit::Outcome::serious_failure, "unavailable"},
    {audit::Outcome::serious_failure, "trouble"},
};

/// A clock that was set back makes an end: what is over must never seem to have just begun.
bool is_within(std::chrono::seconds span, core::Time since, core::Time now) {
  return now >= since && now - since < span;
}

bool is_over(const Viewing& viewing, core::Time now) {
  if (!is_within(Viewings::kLongest, viewing.begun_at, now)) return true;
  return viewing.running == 0 && !is_within(Viewings::kQuiet, viewing.quiet_since, now);
}

/// All that the intent will say, and which credential it was. The request's id, and what is
/// said of the study, are the first's.
std::vector<std::string> key_of(const audit::Event& intent, std::string_view credential) {
  std::vector<std::string> key = {
      std::string(credential), intent.authentication, intent.source,         intent.share_id,
      intent.intended_use,     intent.recipient_id,   intent.recipient_name, intent.organisation,
      intent.user_agent,       intent.detail};
  for (const audit::ObjectRef& object : intent.objects) {
    key.insert(key.end(),
               {object.patient_id, object.study_uid, object.series_uid, object.instance_uid});
  }
  return key;
}

/// The outcome of a transfer, to be completed when it is over. Of what and to whom stands in the
/// intent at `intent_seq` and is not said twice.
audit::Event outcome_of(const audit::Event& intent, std::uint64_t intent_seq) {
  audit::Event event;
  event.code = audit::EventCode::transfer_end;
  event.intent = intent_seq;
  event.share_id = intent.share_id;
  event.request_id = intent.request_id;
  const auto missing = intent.facts.find(audit::kMissingFact);
  if (missing != intent.facts.end()) event.facts.insert(*missing);
  return event;
}

audit::Event closing_event(const Viewing& viewing) {
  audit::Event event = viewing.outcome;
  const Verdict& verdict = kVerdicts[static_cast<std::size_t>(viewing.worst)];
  event.outcome = verdict.outcome;
  event.detail = verdict.detail;
  event.instances = viewing.instances;
  event.bytes = viewing.bytes;
  if (viewing.frames > 0) event.facts[audit::kFramesFact] = std::to_string(viewing.frames);
  if (viewing.kind == Viewing::Kind::of_many) {
    event.facts["answers"] = std::to_string(viewing.answers);
    if (viewing.cut > 0) event.facts["cut"] = std::to_string(viewing.cut);
  }
  return event;
}

}  // namespace

Showing::~Showing() {
  if (viewing_) end(Ending::aborted, 0, 0);
}

const audit::Receipt& Showing::receipt() const { return *viewing_->receipt; }

void Showing::end(Ending ending, std::uint64_t instances, std::uint64_t bytes,
                  std::uint64_t frames) noexcept {
  const auto viewing = std::exchange(viewing_, nullptr);
  viewings_.leave(*viewing, ending, instances, bytes, frames);
}

Viewings::Viewings(audit::AuditLog& log, core::Clock clock) : log_(log), clock_(std::move(clock)) {}

Viewings::~Viewings() { close_all(); }

Showing Viewings::begin(const audit::Event& intent) {
  auto viewing = std::make_shared<Viewing>(Viewing::Kind::of_one_answer, intent.share_id, clock_());
  viewing->shut = true;
  viewing->receipt = log_.append(intent);
  viewing->outcome = outcome_of(intent, viewing->receipt->seq());
  viewing->intent = Viewing::Intent::on_record;
  return Showing(*this, std::move(viewing));
}

Showing Viewings::join(const audit::Event& intent, std::string_view credential) {
  Key key = key_of(intent, credential);
  Finished finished;
  std::shared_ptr<Viewing> viewing;
  {
    core::MutexLock lock(mutex_);
    const core::Time now = clock_();
    auto found = open_.find(key);
    if (found != open_.end() && is_over(*found->second, now)) {
      shut(found, finished);
      found = open_.end();
    }
    if (found != open_.end()) {
      // Its intent is on record, but how it ends could not be any more.
      if (const std::string broken = log_.broken(); !broken.empty())
        throw audit::AuditError(broken);
      ++found->second->running;
      return Showing(*this, wait_for_intent(lock, found->second));
    }
    viewing = std::make_shared<Viewing>(Viewing::Kind::of_many, intent.share_id, now);
    open_.emplace(key, viewing);
  }

  std::optional<audit::Receipt> receipt;
  const auto settle = [&](Viewing::Intent how) {
    const core::MutexLock lock(mutex_);
    if (receipt) viewing->outcome = outcome_of(intent, receipt->seq());
    viewing->receipt = receipt;
    viewing->intent = how;
    const auto found = open_.find(key);
    const bool is_ours = found != open_.end() && found->second == viewing;
    if (how == Viewing::Intent::failed && is_ours) open_.erase(found);
  };
  try {
    record(finished);
    receipt = log_.append(intent);
  } catch (...) {
    settle(Viewing::Intent::failed);
    begun_.notify_all();
    throw;
  }
  settle(Viewing::Intent::on_record);
  begun_.notify_all();
  return Showing(*this, std::move(viewing));
}

/// No byte leaves under an intent that is not yet, or never, on record.
std::shared_ptr<Viewing> Viewings::wait_for_intent(core::MutexLock& lock,
                                                   std::shared_ptr<Viewing> viewing) {
  while (viewing->intent == Viewing::Intent::on_its_way) begun_.wait(lock);
  if (viewing->intent == Viewing::Intent::failed) {
    throw audit::AuditError("the intent of this viewing could not be put on record");
  }
  return viewing;
}

void Viewings::leave(Viewing& viewing, Ending ending, std::uint64_t instances, std::uint64_t bytes,
                     std::uint64_t frames) noexcept {
  try {
    {
      const core::MutexLock lock(mutex_);
      ++viewing.answers;
      if (ending > Ending::incomplete) ++viewing.cut;
      viewing.worst = std::max(viewing.worst, ending);
      viewing.instances += instances;
      viewing.frames += frames;
      viewing.bytes += bytes;
      viewing.quiet_since = clock_();
      if (--viewing.running > 0 || !viewing.shut) return;
    }
    // Nobody else has it any more.
    log_.append_later(closing_event(viewing));
  } catch (...) {
    // Out of memory. The intent is on record, and an intent without an outcome says just that;
    // letting it out of here would end the process, the PACS with it.
  }
}

Viewings::Open::iterator Viewings::shut(Open::iterator viewing, Finished& finished) {
  viewing->second->shut = true;
  if (viewing->second->running == 0) finished.push_back(viewing->second);
  return open_.erase(viewing);
}

void Viewings::record(const Finished& finished) {
  for (const auto& viewing : finished) log_.append_later(closing_event(*viewing));
}

void Viewings::close_finished(const IsLive& is_live) {
  std::map<std::string, bool> shares;
  {
    const core::MutexLock lock(mutex_);
    for (const auto& [key, viewing] : open_) shares.emplace(viewing->share_id, true);
  }
  for (auto& [share_id, live] : shares) live = is_live(share_id);

  Finished finished;
  {
    const core::MutexLock lock(mutex_);
    const core::Time now = clock_();
    for (auto viewing = open_.begin(); viewing != open_.end();) {
      const auto share = shares.find(viewing->second->share_id);
      const bool dead = share != shares.end() && !share->second;
      viewing =
          dead || is_over(*viewing->second, now) ? shut(viewing, finished) : std::next(viewing);
    }
  }
  record(finished);
}

void Viewings::close_all() {
  Finished finished;
  {
    const core::MutexLock lock(mutex_);
    for (auto viewing = open_.begin(); viewing != open_.end();) viewing = shut(viewing, finished);
  }
  record(finished);
}

}  // namespace sekisho::disclosure
