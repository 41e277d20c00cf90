// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "anonymization/masking/element_writer.h"
#include "anonymization/profiles/profile.h"

namespace sekisho::anonymization {

/// The elements that say how an object was masked (PS3.3 §C.12.1.1.4), in ascending order. Of the
/// original's none stays at the top level.
inline constexpr core::dicom::Tag kStatementTags[] = {
    core::dicom::Tag{0x0012, 0x0062},  // PatientIdentityRemoved
    core::dicom::Tag{0x0012, 0x0063},  // DeidentificationMethod
    core::dicom::Tag{0x0012, 0x0064},  // DeidentificationMethodCodeSequence
    core::dicom::Tag{0x0028, 0x0303},  // LongitudinalTemporalInformationModified
};
bool is_statement(core::dicom::Tag tag);

/// The meaning of a code of PS3.16 CID 7050; empty for one that no profile uses.
std::string_view method_meaning(std::string_view code);

/// Writes the element of kStatementTags[index].
void write_statement_element(ElementWriter& writer, const Statement& statement, std::size_t index);

}  // namespace sekisho::anonymization
