// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/proof/proof.h"

namespace sekisho::audit {

/// What a log sends to a witness: the body of `add-checkpoint` (C2SP tlog-witness v1.0.0). Nothing
/// about it has been verified. A value.
struct AddCheckpoint {
  std::uint64_t old_size = 0;  ///< of the checkpoint that the witness cosigned last
  Proof proof;                 ///< from there to `note`; at most 63 hashes
  std::string note;            ///< the signed checkpoint

  std::string text() const;
  static std::optional<AddCheckpoint> parse(std::string_view text);
};

/// The media type of a 409 that says what size the witness has.
inline constexpr std::string_view kTreeSizeType = "text/x.tlog.size";

}  // namespace sekisho::audit
