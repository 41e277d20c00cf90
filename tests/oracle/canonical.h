// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/bytes.h"
#include "core/dicom/transfer_syntax.h"

namespace sekisho::oracle {

/// A data set as one line per element, in the order of tags at every level: what two writers mean,
/// not how they put it. Of several elements of one tag the first counts; padding does not.
std::string canonical(core::ByteView dataset, const core::dicom::TransferSyntax& syntax);

}  // namespace sekisho::oracle
