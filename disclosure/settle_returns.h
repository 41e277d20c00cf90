// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bytes.h"
#include "core/demand.h"
#include "disclosure/ports.h"

namespace sekisho::disclosure {

/// Puts down that the archive has what it has: of objects that came back through the share and were
/// about to be stored when something cut that off, the archive is asked. Only a file that bears the
/// share's mark (anonymization/way_back/return_mark.h) is its reader's; what else the archive has
/// by these UIDs is not, and stays open. Throws core::StoreError, core::DatabaseError,
/// core::MemoryShortage and core::DemandOver.
void settle_returns(const Ports& ports, const sharing::ShareId& share, core::ByteView mask_key,
                    const core::Demand& demand);

}  // namespace sekisho::disclosure
