// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "audit/entry/index_key.h"

namespace sekisho::audit {

/// From here on no entry about the subject is pruned and no text about it shredded.
struct Hold {
  Subject subject;
};
struct EndHold {
  Subject subject;
};
/// Destroys the key of the text about the subject. A later entry gets a new one.
struct Shred {
  Subject subject;
};
/// Removes entries that lie before `before`, and their rows of the index.
struct Prune {
  struct Removal {
    std::uint64_t seq = 0;
    std::vector<Subject> subjects;
  };
  std::uint64_t before = 0;  ///< a multiple of kTileWidth: the hashes of what goes stay in tiles
  std::vector<Removal> removals;
};

/// What an entry does to the log besides being in it, in the same transaction: neither is on disk
/// without the other.
using Deed = std::variant<Hold, EndHold, Shred, Prune>;

}  // namespace sekisho::audit
