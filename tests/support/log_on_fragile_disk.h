// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "audit/store/log_reader.h"
#include "support/fragile_disk.h"
#include "unit/audit/a_log.h"

namespace sekisho::test {

/// An access log whose disk and power fail as `chance` will have it, and what it promises: whatever
/// becomes of the disk, what was acknowledged is in the log and the log verifies, and it opens
/// again as soon as the disk works. Throws std::runtime_error where a promise is broken.
class LogOnFragileDisk {
 public:
  explicit LogOnFragileDisk(FragileDisk::Chance chance) : chance_(std::move(chance)) { open(); }

  /// Does one thing to the log or its disk.
  void act() {
    switch (chance_(12)) {
      case 0:
        return fail_soon(FragileDisk::Fate::no_room);
      case 1:
        return fail_soon(FragileDisk::Fate::failed);
      case 2:
        return fail_soon(FragileDisk::Fate::power_cut);
      case 3:
        return restart();
      case 4:
        return append_outcome();
      case 5:
        return append_at_once();
      default:
        return append();
    }
  }

  /// The disk works from now on: everything is there.
  void end() {
    heal();
    restart();
    append();
    restart();
  }

  std::size_t acknowledged() const { return promised_.size(); }

 private:
  struct Promised {
    std::uint64_t seq;
    core::Sha256 leaf;
  };

  /// Some steps from now; a disk has no room for a while, the rest happens once.
  void fail_soon(FragileDisk::Fate fate) {
    const std::uint32_t first = chance_(24);
    const std::uint32_t last = fate == FragileDisk::Fate::no_room ? first + chance_(12) : first;
    disk_.decide_by([fate, first, last, step = std::uint32_t{0}](FragileDisk::Step) mutable {
      const std::uint32_t now = step++;
      return first <= now && now <= last ? fate : FragileDisk::Fate::done;
    });
  }
  void heal() { disk_.decide_by({}); }

  void append() {
    if (const auto receipt = appended("P" + std::to_string(chance_(4))))
      promised_.push_back(*receipt);
    recover();
  }

  void append_at_once() {
    std::vector<std::optional<Promised>> receipts(3);
    {
      std::vector<std::jthread> callers;
      for (std::size_t i = 0; i < receipts.size(); ++i) {
        callers.emplace_back([&, i] { receipts[i] = appended("P" + std::to_string(i)); });
      }
    }
    for (const auto& receipt : receipts) {
      if (receipt) promised_.push_back(*receipt);
    }
    recover();
  }

  /// Of something that has none: nobody waits for it.
  void append_outcome() {
    if (told_ == promised_.size()) return;
    log_->append_later(audit::test::an_outcome(promised_[told_++].seq));
  }

  std::optional<Promised> appended(const std::string& patient) {
    try {
      const audit::Receipt receipt = log_->append(audit::test::a_transfer(patient));
      return Promised{receipt.seq(), receipt.leaf_hash()};
    } catch (const audit::AuditError&) {
      return std::nullopt;  // refused: nobody was promised anything
    }
  }

  /// What an operator does, if anything.
  void recover() {
    if (!disk_.has_power()) return restart();
    switch (log_->condition()) {
      case audit::Condition::broken:
        return restart();
      case audit::Condition::full:
        return chance_(8) == 0 ? wait_for_room() : restart();
      default:
        return;
    }
  }

  void wait_for_room() {
    heal();
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (log_->condition() == audit::Condition::full) {
      demand(std::chrono::steady_clock::now() < give_up, "it never recovers from a full disk");
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }

  void restart() {
    log_.reset();
    if (!disk_.has_power()) {
      disk_.restore_power(chance_);
      heal();
    }
    if (!opened()) {  // what fails may fail while it opens, too
      if (!disk_.has_power()) disk_.restore_power(chance_);
      heal();
      open();
    }
    check();
  }

  bool opened() {
    try {
      log_ = place_.open();
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }

  void open() {
    try {
      log_ = place_.open();
    } catch (const std::exception& error) {
      throw std::runtime_error(std::string("it does not open: ") + error.what());
    }
  }

  void check() {
    heal();
    const audit::Verdict verdict = place_.verdict();
    demand(verdict.sound(), verdict.sound() ? "" : verdict.problems.front());
    audit::LogReader reader(place_.place().database);
    for (const Promised& promised : promised_) {
      const auto entry = reader.entry(promised.seq);
      demand(entry && audit::leaf_hash(entry->raw.bytes().leaf) == promised.leaf,
             "an entry that was acknowledged is lost: " + std::to_string(promised.seq));
    }
  }

  static void demand(bool holds, const std::string& otherwise) {
    if (!holds) throw std::runtime_error(otherwise);
  }

  FragileDisk::Chance chance_;
  FragileDisk disk_;  // before the log: its files are opened on it
  audit::test::ALog place_;
  std::unique_ptr<audit::AuditLog> log_;
  std::vector<Promised> promised_;
  std::size_t told_ = 0;  ///< of how many of these the outcome was told
};

}  // namespace sekisho::test
