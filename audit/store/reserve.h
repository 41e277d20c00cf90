// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

namespace sekisho::audit {

/// Room on the log's file system that nobody else can take: a file of zeros, given up when there is
/// no other room. Never throws. One thread at a time.
class Reserve {
 public:
  /// Takes up what is there, if it is as large. Of no bytes: there is none, and no file is looked
  /// at.
  Reserve(std::filesystem::path file, std::uint64_t size_bytes);

  bool is_wanted() const { return size_bytes_ > 0; }
  bool is_held() const { return is_held_; }
  /// True once it is there. It is not made where it would take more than half of what is free: it
  /// would be given up again at once.
  bool hold();
  /// False where there was none.
  bool give_up();

 private:
  bool has_room() const;
  bool make() const;

  const std::filesystem::path file_;
  const std::uint64_t size_bytes_;
  bool is_held_;
};

}  // namespace sekisho::audit
