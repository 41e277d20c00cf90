// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/network.h"
#include "core/time.h"

namespace sekisho::sharing {

struct RecipientKind;
using RecipientId = core::Id<RecipientKind>;

/// A person, clinic or machine that may be given shares.
struct Recipient {
  RecipientId id;
  std::string name;
  std::string kana;  ///< how the name is read
  std::string organisation;
  std::string department;
  std::string place;  ///< address or town
  std::string telephone;
  std::string email;
  std::string language = "ja";          ///< "ja" or "en"
  std::vector<core::Network> networks;  ///< never empty: outside them nothing is answered but 404
  core::Time created_at;
  std::optional<core::Time> disabled_at;
};

enum class RecipientStatus { active, disabled };
RecipientStatus status(const Recipient& recipient);
std::string_view name(RecipientStatus status);  ///< "active", "disabled"
std::optional<RecipientStatus> parse_recipient_status(std::string_view name);

/// How surely the other side was identified, weakest first.
enum class Assurance { link, password, password_totp, certificate };

std::string_view name(Assurance assurance);  ///< "link", "password", "password+totp", "certificate"
std::optional<Assurance> parse_assurance(std::string_view name);

}  // namespace sekisho::sharing
