// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bytes.h"
#include "core/dicom_store.h"

namespace sekisho::returns {

/// Whether the archive has exactly this file by that name. Throws core::StoreError.
bool has_these_bytes(core::DicomStore& store, const core::InstanceKey& key, core::ByteView part10);

}  // namespace sekisho::returns
