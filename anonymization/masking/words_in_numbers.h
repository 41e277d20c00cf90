// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bytes.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// Whether somebody wrote text where the numbers of a binary VR should be: a run of six letters of
/// ASCII of four kinds at least in a short value, sixteen in a long one, or a value that is
/// printable nearly throughout. By its bytes alone, in the order in which they stand. What is left
/// open are longer lists of 16-bit numbers, whose ramps read like letters, with a few words among
/// them.
///
/// Of random numbers in the range in which machines measure, fewer than one in a thousand read so.
bool reads_as_words(core::dicom::Vr vr, core::ByteView value, core::dicom::ByteOrder order);

/// The same of tables and samples, whose size is known from elsewhere: a long one only if nearly
/// every byte is a printable character of ASCII, for their ramps read like letters.
bool table_reads_as_words(core::ByteView value);

}  // namespace sekisho::anonymization
