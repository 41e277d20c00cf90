// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/recipient.h"

#include <array>

namespace sekisho::sharing {
namespace {

/// In the order of Assurance.
constexpr std::array<std::string_view, 4> kAssuranceNames = {"link", "password", "password+totp",
                                                             "certificate"};

}  // namespace

std::string_view name(Assurance assurance) {
  return kAssuranceNames.at(static_cast<std::size_t>(assurance));
}

std::optional<Assurance> parse_assurance(std::string_view name) {
  for (std::size_t i = 0; i < kAssuranceNames.size(); ++i) {
    if (kAssuranceNames[i] == name) return static_cast<Assurance>(i);
  }
  return std::nullopt;
}

}  // namespace sekisho::sharing
