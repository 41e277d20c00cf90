// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>
#include <utility>

#include "audit/error.h"
#include "audit/log_writer.h"
#include "audit/own_events.h"
#include "audit/store/disk_full.h"

namespace sekisho::audit {
namespace {

/// How old an anchor may be while entries are written of which nothing leaves.
constexpr std::chrono::milliseconds kAnchorInterval{100};

/// How often a reserve that could not be made is tried again, and one that was given up.
constexpr std::chrono::seconds kBetweenReserves{60};
constexpr std::chrono::seconds kBetweenTries{1};

constexpr std::string_view kSaving =
    "the disk is full. The log's reserve is given up for what staff do and for the outcomes of "
    "what was under way; recipients get nothing until there is room again";
constexpr std::string_view kRestored = "there is room on the disk again, everything goes on";
constexpr std::string_view kFull =
    "the disk is full. Nothing is put on record, and nothing done, until there is room again";

}  // namespace

void LogWriter::run() {
  try {
    if (anchor_ != nullptr && newest_.event == event_name(EventCode::anchor_trouble)) {
      try_anchor_again();
    }
    hold_reserve();
    while (const std::shared_ptr<Batch> batch = queue_.next()) {
      if (queue_.condition() == Condition::full) {
        try_again(*batch);
      } else {
        work(*batch);
      }
    }
    tell_what_is_lost();
    if (anchor_ != nullptr) anchor_now();
  } catch (const std::exception& error) {
    store_->abandon();
    break_down(describe(error));
    queue_.fail();
  }
}

void LogWriter::work(Batch& batch) {
  try {
    write(batch);
    store_->tidy();
    anchor_from_time_to_time();
    look_after_reserve();
  } catch (const DiskFull&) {
    if (queue_.condition() == Condition::broken) throw;
    store_->undo();
    if (!full_since_) full_since_ = timekeeper_.now().time;
    if (!reserve_.give_up() || !save(batch)) fill_up(batch);
  }
}

/// While nothing is taken. Whatever had no room goes first.
void LogWriter::try_again(Batch& batch) {
  try {
    store_->tidy();
    if (anchor_ != nullptr) anchor_now();
    hold_reserve();
    if (reserve_.is_held() || !had_reserve_) {
      restore(batch);
    } else {
      write_confirmed(batch, log_full_event());
      queue_.save(std::string(kSaving));
      tell(kSaving);
    }
  } catch (const DiskFull&) {
    store_->undo();
    reserve_.give_up();
    fill_up(batch);
  }
}

/// With the room of the reserve. False where that is none either.
bool LogWriter::save(Batch& batch) {
  try {
    store_->tidy();
    write_confirmed(batch, log_full_event());
  } catch (const DiskFull&) {
    store_->undo();
    return false;
  }
  queue_.save(std::string(kSaving));
  tell(kSaving);
  return true;
}

void LogWriter::fill_up(Batch& batch) {
  queue_.fill_up(batch, std::string(kFull));
  tell(kFull);
}

void LogWriter::restore(Batch& batch) {
  write_confirmed(batch, log_restored_event(full_since_.value_or(timekeeper_.now().time)));
  full_since_.reset();
  queue_.recover();
  tell(kRestored);
}

/// Each only when it is another than what was told last.
void LogWriter::tell(std::string_view what) {
  if (std::exchange(told_, what) == what) return;
  log_(what == kRestored ? core::Severity::warning : core::Severity::error,
       "the audit log: " + std::string(what));
}

void LogWriter::tell_what_is_lost() {
  const std::size_t lost = queue_.unwritten();
  if (lost == 0) return;
  log_(core::Severity::error, "the audit log closes without " + std::to_string(lost) +
                                  " outcomes, for which the disk had no room");
}

void LogWriter::hold_reserve() {
  reserve_tried_at_ = core::SteadyClock::now();
  had_reserve_ |= reserve_.hold();
  lacks_reserve_ = reserve_.is_wanted() && !reserve_.is_held();
}

void LogWriter::look_after_reserve() {
  if (!reserve_.is_wanted() || reserve_.is_held()) return;
  const bool is_saving = queue_.condition() == Condition::saving;
  const auto pause = is_saving ? kBetweenTries : kBetweenReserves;
  if (core::SteadyClock::now() - reserve_tried_at_ < pause) return;
  // Where it is the anchor's disk that is full, the reserve is no help.
  if (is_saving && anchor_ != nullptr) anchor_now();
  hold_reserve();
  if (!is_saving || !reserve_.is_held()) return;
  Batch none;
  restore(none);
}

/// Of the writer's thread. What can still be written is written: audit.db is sound.
void LogWriter::anchor_now() {
  try {
    anchor_->raise(store_->checkpoint());
  } catch (const DiskFull&) {
    throw;
  } catch (const AuditError& error) {
    if (!knows_of_trouble_) {
      const Event trouble = anchor_trouble_event();
      break_down(error.what(), encode({&trouble, 1}));
      write_rest();
    }
    throw;
  }
}

/// It was what ended the log the last time.
void LogWriter::try_anchor_again() {
  knows_of_trouble_ = true;
  anchor_now();
  knows_of_trouble_ = false;
  write_own(anchor_restored_event());
}

/// What nobody has published is anchored as well, only not at once: it takes the disk as long as
/// a commit does.
void LogWriter::anchor_from_time_to_time() {
  const auto now = core::SteadyClock::now();
  if (anchor_ == nullptr || now - anchored_at_ < kAnchorInterval) return;
  anchored_at_ = now;
  anchor_now();
}

/// An entry of the log's own, at once. Of the writer's thread.
void LogWriter::write_own(const Event& event) {
  store_->commit(encoder_.encode(event), timekeeper_);
  publish_head();
}

/// Before anything that was written by the clock as it is now.
void LogWriter::write_clock_step() {
  StepWatch steps = steps_;
  const auto step = steps.see(timekeeper_.now());
  if (step) write_own(clock_step_event(*step));
  steps_ = steps;  // seen once it is on record
}

void LogWriter::write(Batch& batch) {
  if (batch.drafts.empty()) return batch.succeed(store_->head_size(), {});
  write_clock_step();
  const std::uint64_t first_seq = store_->head_size();
  settle(batch, first_seq, store_->commit(batch.drafts, timekeeper_));
}

/// The batch, unless it has ended, and behind it an entry of the log's own, read back before
/// anybody is told.
void LogWriter::write_confirmed(Batch& batch, const Event& own) {
  write_clock_step();
  Batch alone;
  Batch& written = batch.is_open() ? batch : alone;
  const auto count = static_cast<std::ptrdiff_t>(written.drafts.size());
  std::ranges::move(encoder_.encode(own), std::back_inserter(written.drafts));
  const std::uint64_t first_seq = store_->head_size();
  try {
    auto leaves = store_->commit(written.drafts, timekeeper_);
    store_->confirm(leaves.back());
    settle(written, first_seq, std::move(leaves));
  } catch (const DiskFull&) {
    written.drafts.erase(written.drafts.begin() + count, written.drafts.end());
    throw;
  }
}

void LogWriter::settle(Batch& batch, std::uint64_t first_seq, std::vector<core::Sha256> leaves) {
  publish_head();
  queue_.committed();
  batch.succeed(first_seq, std::move(leaves));
}

void LogWriter::publish_head() {
  const core::MutexLock lock(mutex_);
  head_ = {store_->head_size(), store_->root(), store_->checkpoint()};
}

/// What was queued before the log broke, the reason last.
void LogWriter::write_rest() {
  const auto rest = queue_.take_rest();
  if (!rest->drafts.empty()) write(*rest);
}

}  // namespace sekisho::audit
