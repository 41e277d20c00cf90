// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <tuple>
#include <utility>

#include "anonymization/profiles/rule.h"

namespace sekisho::anonymization {

/// (gggg,xxee) without its block.
constexpr core::dicom::Tag in_any_block(core::dicom::Tag tag) {
  return core::dicom::Tag{tag.value & 0xFFFF00FF};
}

using ConceptKey = std::tuple<std::string_view, std::string_view, std::string_view>;
inline constexpr auto kConceptKey = [](const ContentRule& rule) {
  return ConceptKey{rule.scheme, rule.code, rule.value_type};
};
using PrivateKey = std::pair<std::string_view, core::dicom::Tag>;
inline constexpr auto kPrivateKey = [](const PrivateRule& rule) {
  return PrivateKey{rule.creator, rule.tag};
};

}  // namespace sekisho::anonymization
