// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bytes.h"
#include "core/dicom_store.h"
#include "sharing/share_store.h"

namespace sekisho::returns {

/// Whether the archive has exactly this file by that name. Throws core::StoreError.
bool has_these_bytes(core::DicomStore& store, const core::InstanceKey& key, core::ByteView part10);

/// Whether the share will know this object as its reader's once the archive has it. It will not
/// where an attempt that failed put down another series for the same instance.
bool is_put_down(const sharing::ShareStore& shares, const sharing::ShareId& share,
                 const sharing::ReturnedObject& made);

}  // namespace sekisho::returns
