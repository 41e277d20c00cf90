// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/consent.h"

#include <algorithm>
#include <array>

namespace sekisho::sharing {
namespace {

/// In the order of ConsentStatus.
constexpr std::array<std::string_view, 4> kStatusNames = {"pending", "valid", "expired",
                                                          "withdrawn"};
constexpr std::size_t kLongestCode = 64;

bool is_of_code(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

}  // namespace

ConsentStatus status(const Consent& consent, core::Time now) {
  if (consent.withdrawn_at) return ConsentStatus::withdrawn;
  if (now >= consent.valid_until) return ConsentStatus::expired;
  return now < consent.valid_from ? ConsentStatus::pending : ConsentStatus::valid;
}

std::string_view name(ConsentStatus status) {
  return kStatusNames.at(static_cast<std::size_t>(status));
}

std::optional<ConsentStatus> parse_consent_status(std::string_view name) {
  const auto found = std::ranges::find(kStatusNames, name);
  if (found == kStatusNames.end()) return std::nullopt;
  return static_cast<ConsentStatus>(found - kStatusNames.begin());
}

bool is_purpose_code(std::string_view text) {
  return !text.empty() && text.size() <= kLongestCode && std::ranges::all_of(text, is_of_code);
}

}  // namespace sekisho::sharing
