// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcelem.h>
#include <dcmtk/dcmdata/dcitem.h>
#include <dcmtk/dcmdata/dcsequen.h>

#include <memory>
#include <string_view>

#include "anonymization/profiles/profile.h"
#include "core/bytes.h"
#include "core/dicom/tag.h"
#include "core/dicom/vr.h"

// DCMTK's elements in our words. Tags get their VR from us, so that DCMTK's global dictionary is
// not asked. Out of memory is the only way to fail.
namespace sekisho::oracle {

core::dicom::Tag tag_of(const DcmElement& element);
/// As the element was read; UN for what we do not know.
core::dicom::Vr vr_of(DcmElement& element);
/// Read as SQ, not as a UN that turned out to be one.
bool is_sequence(DcmElement& element);
/// The bytes as they stand in the file, swapped to little endian where the VR has words. Empty for
/// a sequence.
core::Bytes value_of(DcmElement& element);

DcmTag dcmtk_tag(core::dicom::Tag tag, core::dicom::Vr vr);
std::unique_ptr<DcmElement> make_empty(core::dicom::Tag tag, core::dicom::Vr vr);
std::unique_ptr<DcmElement> make_text(core::dicom::Tag tag, core::dicom::Vr vr,
                                      std::string_view text);
/// The constant that stands in for a value: see dummy_value(). A sequence gets one item.
std::unique_ptr<DcmElement> make_dummy(core::dicom::Tag tag, core::dicom::Vr vr);
/// Returns the item, which is the sequence's now.
DcmItem& append(DcmSequenceOfItems& sequence, std::unique_ptr<DcmItem> item);
/// Dropped if the item has an element of that tag already.
void insert(DcmItem& item, std::unique_ptr<DcmElement> element);

/// The elements that say how an object was masked (PS3.3 §C.12.1.1.4).
void insert_statement(DcmItem& dataset, const anonymization::Statement& statement);

}  // namespace sekisho::oracle
