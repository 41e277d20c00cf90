// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

namespace sekisho::test {

/// The disk under SQLite, as bad as disks get: it has no room, it fails, its power goes. The files
/// are real, so that everybody sees what was written; what of it would still be there after a power
/// cut is kept in mind beside them. While one lives, each database that is opened stands on it;
/// none is open when it begins or ends. One at a time. Any thread.
///
/// What it believes of disks: a write that was not followed by a sync may be there after a power
/// cut, or not, or in part (whole sectors), in any order; a sync that failed leaves what it was for
/// in that state for good, though it can be read until the power goes, and a later sync that
/// succeeds says nothing of it (as Linux does). A file that was deleted is gone for good with the
/// next sync of any file (as ext4 and XFS do).
class FragileDisk {
 public:
  enum class Step { write, truncate, sync };
  enum class Fate { done, no_room, failed, power_cut };
  /// Asked before each step that changes a file.
  using Decide = std::function<Fate(Step)>;
  /// A number from 0 to `below` - 1.
  using Chance = std::function<std::uint32_t(std::uint32_t below)>;

  FragileDisk();
  ~FragileDisk();
  FragileDisk(const FragileDisk&) = delete;
  FragileDisk& operator=(const FragileDisk&) = delete;

  /// Until it is told otherwise, everything is done.
  void decide_by(Decide decide);
  /// From now on nothing is written and nothing read.
  void cut_power();
  bool has_power() const;
  /// After everybody has closed what they had: puts into the files what the cut left of them.
  void restore_power(const Chance& chance);

  class Platters;

 private:
  std::unique_ptr<Platters> platters_;
};

}  // namespace sekisho::test
