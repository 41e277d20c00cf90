// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>

#include "anonymization/profiles/profile.h"
#include "anonymization/pseudonyms.h"
#include "core/bytes.h"
#include "core/dicom/transfer_syntax.h"

namespace sekisho::anonymization {

/// By how many days the dates of this data set move: the share's days for its patient; 0 where the
/// data set was masked under this share already, which its pseudonyms tell. `nullopt` where nothing
/// in the masked data set could tell it afterwards, so that masking it again would move its dates
/// again: they go instead.
std::optional<std::chrono::days> date_shift_of(core::ByteView dataset,
                                               const core::dicom::TransferSyntax& syntax,
                                               const Profile& profile,
                                               const Pseudonyms& pseudonyms);

}  // namespace sekisho::anonymization
