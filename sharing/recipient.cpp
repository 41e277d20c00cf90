// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/recipient.h"

#include <array>

namespace sekisho::sharing {
namespace {

/// In the order of Assurance.
constexpr std::array<std::string_view, 4> kAssuranceNames = {"link", "password", "password+totp",
                                                             "certificate"};

constexpr std::string_view kActive = "active";
constexpr std::string_view kDisabled = "disabled";

}  // namespace

RecipientStatus status(const Recipient& recipient) {
  return recipient.disabled_at ? RecipientStatus::disabled : RecipientStatus::active;
}

std::string_view name(RecipientStatus status) {
  return status == RecipientStatus::active ? kActive : kDisabled;
}

std::optional<RecipientStatus> parse_recipient_status(std::string_view name) {
  if (name == kActive) return RecipientStatus::active;
  if (name == kDisabled) return RecipientStatus::disabled;
  return std::nullopt;
}

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
