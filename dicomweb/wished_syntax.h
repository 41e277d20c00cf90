// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "anonymization/masking/mask.h"
#include "core/demand.h"
#include "dicomweb/negotiation.h"

namespace sekisho::dicomweb {

/// The transfer syntax in which an instance leaves that is stored in `stored`: what is native also
/// in explicit VR little endian, which it is given in where none is named (PS3.18 §8.7.3.4);
/// what can be decoded in that where it is named; all else as it is stored, which the standard
/// allows of what was compressed with loss. PS3.18 §8.7.3 would have implicit VR and big endian
/// never leave: here they do to who asks for what is stored, by `*` or by name, for that is all
/// that such a file is. `nullopt`: in none that is wished.
std::optional<std::string> syntax_for(const SyntaxWishes& wishes, std::string_view stored);

/// Writes `instance` down as syntax_for() says, or where that cannot be done as it is stored, if
/// that is wished as well. Throws std::runtime_error where it is not, and what
/// Masked::write_explicitly() throws.
void write_as_wished(anonymization::Masked& instance, const SyntaxWishes& wishes,
                     const core::Demand& demand);

}  // namespace sekisho::dicomweb
