// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "core/demand.h"
#include "core/dicom/dataset.h"

namespace sekisho::dicomweb {

/// The content of a structured report (PS3.3 §A.35, §C.17.3) as an HTML page, in the order of its
/// items: what names them as headings, values as they stand. Labels are in Japanese and English.
/// The page has no script and loads nothing; what the report says is text in it and nothing else.
/// `parts` are of one data set, as it leaves. Throws core::DemandOver.
std::string report_page(std::span<const core::dicom::Dataset> parts,
                        const core::Demand& demand = {});

}  // namespace sekisho::dicomweb
