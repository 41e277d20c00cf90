// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "anonymization/masking/mask.h"
#include "core/demand.h"
#include "core/dicom/dataset.h"
#include "dicomweb/negotiation.h"

namespace sekisho::dicomweb {

/// The transfer syntax in which an instance leaves that is stored in `stored`, and whose image is
/// what `header` says. What is native, or can be decoded, is given in explicit VR little endian
/// too, and in each syntax that pixels are encoded in without loss. Where none is named it is
/// explicit VR little endian (PS3.18 §8.7.3.4) for what nothing was lost of; else it leaves as it
/// is stored, which the standard allows. PS3.18 §8.7.3 would have implicit VR and big endian never
/// leave: here they do to who asks for what is stored, by `*` or by name, for that is all that such
/// a file is. With loss no instance is encoded: PS3.3 §C.7.6.1.1.5 has it be another one, under a
/// UID of its own. `nullopt`: in none that is wished.
std::optional<std::string> syntax_for(const SyntaxWishes& wishes, std::string_view stored,
                                      const core::dicom::Dataset& header);

/// Writes `instance` down as syntax_for() says, or where that cannot be done as it is stored, if
/// that is wished as well; what was written so once stays as it is. False: it is not, and nothing
/// has changed. Throws what Masked::write_explicitly() throws.
bool can_write_as_wished(anonymization::Masked& instance, const SyntaxWishes& wishes,
                         const core::Demand& demand);
/// The same for who has promised to; throws std::runtime_error where it cannot be.
void write_as_wished(anonymization::Masked& instance, const SyntaxWishes& wishes,
                     const core::Demand& demand);

}  // namespace sekisho::dicomweb
