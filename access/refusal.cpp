// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/refusal.h"

#include <array>

namespace sekisho::access {
namespace {

/// In the order of Refusal.
constexpr std::array<std::string_view, 22> kNames = {"unknown_person",  "foreign_person",
                                                     "disabled_person", "no_password",
                                                     "wrong_password",  "missing_code",
                                                     "wrong_code",      "blocked_person",
                                                     "blocked_site",    "unknown_invitation",
                                                     "unknown_passkey", "foreign_passkey",
                                                     "wrong_passkey",   "unverified_user",
                                                     "stale_challenge", "copied_passkey",
                                                     "known_passkey",   "unknown_identity",
                                                     "known_identity",  "unknown_reset",
                                                     "too_many",        "busy"};
static_assert(kNames.size() == static_cast<std::size_t>(Refusal::busy) + 1);

}  // namespace

std::string_view name(Refusal refusal) { return kNames.at(static_cast<std::size_t>(refusal)); }

}  // namespace sekisho::access
