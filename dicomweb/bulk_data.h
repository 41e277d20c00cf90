// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bytes.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/vr.h"

namespace sekisho::dicomweb {

/// A value that is not text, in little endian (PS3.18 §F.2.7, §8.7.3.3.1).
core::Bytes little_endian(core::ByteView value, core::dicom::Vr vr, core::dicom::ByteOrder order);

/// The VRs whose values may stand behind a BulkDataURI (PS3.18 §F.2.2).
bool may_be_bulk_data(core::dicom::Vr vr);

}  // namespace sekisho::dicomweb
