// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "anonymization/masking/element_writer.h"
#include "anonymization/masking/pixel_claim.h"
#include "anonymization/profiles/profile.h"

namespace sekisho::anonymization {

inline constexpr core::dicom::Tag kIdentityRemoved{0x0012, 0x0062};
inline constexpr core::dicom::Tag kMethod{0x0012, 0x0063};
inline constexpr core::dicom::Tag kMethodCodes{0x0012, 0x0064};
inline constexpr core::dicom::Tag kBurnedInAnnotation{0x0028, 0x0301};
inline constexpr core::dicom::Tag kTemporalInformation{0x0028, 0x0303};

/// The elements that say how an object was masked (PS3.3 §C.12.1.1.4), in ascending order.
inline constexpr core::dicom::Tag kStatementTags[] = {kIdentityRemoved, kMethod, kMethodCodes,
                                                      kBurnedInAnnotation, kTemporalInformation};
/// Written anew at the top level of every object: the original's does not stay as it is.
/// BurnedInAnnotation is that only under PixelClaim::clean.
bool is_statement(core::dicom::Tag tag, PixelClaim pixels = PixelClaim::none);

/// The meaning of a code of PS3.16 CID 7050; empty for one that is not in it.
std::string_view method_meaning(std::string_view code);

/// Writes the element of kStatementTags[index], where it is_statement().
void write_statement_element(ElementWriter& writer, const Statement& statement, PixelClaim pixels,
                             std::size_t index);

}  // namespace sekisho::anonymization
