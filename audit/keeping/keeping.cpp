// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/keeping/keeping.h"

#include <algorithm>
#include <iterator>

#include "audit/keeping/prune_plan.h"
#include "audit/proof/hash_tiles.h"
#include "core/encoding.h"
#include "core/time.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kLongestCaseNumber = 64;
/// Entries that one transaction removes: recipients wait for it no longer than for a busy disk.
constexpr std::uint64_t kSlice = 16 * kTileWidth;
constexpr std::size_t kPage = 1000;

/// What stands in the log about whoever staff ask for, also where there is nobody of that ID.
constexpr EventCode kQuestions[] = {EventCode::log_read, EventCode::hold_set, EventCode::hold_end,
                                    EventCode::text_shred};

Event about(const Person& person, EventCode code, const std::string& case_number, Event event) {
  event.code = code;
  event.facts["case"] = case_number;
  if (person.kind == SubjectKind::recipient) {
    event.recipient_id = person.id;
  } else {
    event.objects = {{person.id, "", "", ""}};
  }
  return event;
}

}  // namespace

bool is_case_number(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view(".-_/").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= kLongestCaseNumber && std::ranges::all_of(text, fits);
}

Keeping::Keeping(AuditLog& log, const std::filesystem::path& database)
    : log_(log), reader_(database) {}

Keeping::Held Keeping::hold(const Person& person, const std::string& case_number, Event origin,
                            IfNone if_none) {
  const Subject subject = log_.subject(person.kind, person.id);
  const core::MutexLock lock(mutex_);
  const std::uint64_t entries = reader_.count(subject);
  if (reader_.holds().contains(subject)) return {Result::held_already, entries};
  if (if_none == IfNone::refuse && !is_known(subject)) return {Result::unknown, entries};
  log_.append(about(person, EventCode::hold_set, case_number, std::move(origin)), Hold{subject});
  return {Result::done, entries};
}

Keeping::Result Keeping::end_hold(const Person& person, const std::string& case_number,
                                  Event origin) {
  const Subject subject = log_.subject(person.kind, person.id);
  const core::MutexLock lock(mutex_);
  if (!reader_.holds().contains(subject)) return Result::not_held;
  log_.append(about(person, EventCode::hold_end, case_number, std::move(origin)), EndHold{subject});
  return Result::done;
}

Keeping::Result Keeping::shred(const Person& person, const std::string& case_number, Event origin) {
  const Subject subject = log_.subject(person.kind, person.id);
  const core::MutexLock lock(mutex_);
  if (reader_.holds().contains(subject)) return Result::held;
  if (reader_.count(subject) == 0) return Result::unknown;
  log_.append(about(person, EventCode::text_shred, case_number, std::move(origin)), Shred{subject});
  return Result::done;
}

bool Keeping::is_known(const Subject& subject) {
  std::uint64_t next = 0;
  while (true) {
    const auto seqs = reader_.history(subject, next, kPage);
    for (const std::uint64_t seq : seqs) {
      const auto read = reader_.entry(seq);
      const auto code = read ? event_code(read->entry.event) : std::nullopt;
      // What a later version wrote is no question of ours.
      if (!code || std::ranges::find(kQuestions, *code) == std::end(kQuestions)) return true;
    }
    if (seqs.size() < kPage) return false;
    next = seqs.back() + 1;
  }
}

Keeping::Pruned Keeping::prune(const ProvenAge& age, std::chrono::years years,
                               std::size_t most_slices, const Event& origin,
                               const core::Demand& demand) {
  const core::MutexLock lock(mutex_);
  const std::uint64_t end = age.size - age.size % kTileWidth;
  Pruned pruned{0, reader_.pruned_before(), true};
  if (end < pruned.before || end == 0) return pruned;
  PrunePlanner planner(reader_);
  for (std::size_t slices = 0; slices == 0 || pruned.before < end; ++slices) {
    if (slices == most_slices || demand.is_over()) {
      pruned.finished = false;
      break;
    }
    Prune slice = planner.slice(std::min(pruned.before + kSlice, end));
    const std::size_t removed = slice.removals.size();
    const std::uint64_t before = slice.before;
    if (removed == 0 && before == pruned.before) break;  // nothing is free that was held
    Event event = origin;
    event.code = EventCode::log_prune;
    event.facts = {{"before", std::to_string(before)},
                   {"kept", std::to_string(planner.kept().count())},
                   {"kept_hash", core::to_hex(planner.kept().hash())},
                   {"removed", std::to_string(removed)},
                   {"witnessed_from", core::to_rfc3339(age.then)},
                   {"witnessed_until", core::to_rfc3339(age.now)},
                   {"years", std::to_string(years.count())}};
    log_.append(event, std::move(slice));
    pruned.removed += removed;
    pruned.before = before;
  }
  return pruned;
}

}  // namespace sekisho::audit
