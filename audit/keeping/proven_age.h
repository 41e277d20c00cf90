// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/proof/cosignature.h"
#include "audit/proof/note.h"

namespace sekisho::audit {

/// How old entries are, by the clocks of witnesses alone: what this machine's clock says proves
/// nothing and prunes nothing.
struct ProvenAge {
  std::uint64_t size = 0;           ///< entries before this are so old
  std::chrono::sys_seconds then{};  ///< when a quorum had seen them
  std::chrono::sys_seconds now{};   ///< when a quorum was heard last
};

/// The most entries that a quorum had cosigned `years` before the newest time at which one was
/// heard. `notes` are cosigned checkpoints in any order; what is no such note of this log, signed
/// by one of the keys that it ever had, is passed over. `nullopt` where nothing is proven to be so
/// old.
std::optional<ProvenAge> proven_age(std::span<const std::string> notes,
                                    std::span<const NoteVerifier> log,
                                    std::span<const CosignatureVerifier> witnesses,
                                    std::size_t quorum, std::chrono::years years);

/// audit.witness-times: one cosigned checkpoint a day, each on a line of its own: POSIX seconds, a
/// space, the note in base64. 250 KB a year. One thread at a time; throws std::system_error.
class WitnessTimes {
 public:
  explicit WitnessTimes(std::filesystem::path file);
  /// Keeps the note, unless one of the last 24 hours is kept. On return it is on disk.
  void keep(std::string_view note, std::chrono::sys_seconds time);
  /// In the order in which they came. What is no such line is passed over.
  std::vector<std::string> notes() const;

 private:
  const std::filesystem::path file_;
};

}  // namespace sekisho::audit
