// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "anonymization/masking/pixel_claim.h"
#include "anonymization/profiles/profile.h"
#include "core/dicom/replay.h"

namespace sekisho::anonymization {

/// What an object says of steps before ours: PS3.3 §C.7.1.1 has one value or item for each.
struct EarlierStatement {
  bool identity_removed = false;     ///< (0012,0062) is YES
  std::vector<std::string> method;   ///< (0012,0063), without padding, as bytes
  std::vector<std::string> codes;    ///< (0012,0064), of the coding scheme DCM
  std::string temporal_information;  ///< (0028,0303)
  bool empty() const {
    return !identity_removed && method.empty() && codes.empty() && temporal_information.empty();
  }
};
/// At the top level; the first of what is repeated. Values that are no text say nothing.
EarlierStatement earlier_statement(core::dicom::Replay header);

/// The values of an LO, without padding and empty ones, appended to `values`.
void append_values(std::string_view text, std::vector<std::string>& values);

/// Ours behind theirs, each once. Of theirs stay codes of PS3.16 CID 7050 and texts that are known
/// to name nobody; one constant stands for all others, so that the step is not forgotten. Nothing
/// that they took away is said to be there again: YES stays YES, and of (0028,0303) what tells of
/// the greater change. Clean Pixel Data (113101) is ours only as far as `pixels` claims it.
Statement joined(const Statement& own, const EarlierStatement& earlier, PixelClaim pixels);

}  // namespace sekisho::anonymization
