// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "anonymization/masking/mask.h"
#include "core/demand.h"

namespace sekisho::dicomweb {

/// What a browser shows of an object that is no image (PS3.18 Table 8.7.4-1, text and other).
struct Document {
  std::string_view media_type;  ///< "application/pdf", "text/html"
  std::string content;
};

/// The media type of the document that an object of this class is shown as: an Encapsulated PDF is
/// the PDF that it holds, a structured report a page made of what it says. Empty for all others.
std::string_view document_type(std::string_view sop_class);

/// Of one that leaves. `nullopt`: it is no document, or holds none. Throws core::DemandOver.
std::optional<Document> document_of(const anonymization::Masked& instance,
                                    const core::Demand& demand = {});

}  // namespace sekisho::dicomweb
