// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/id.h"
#include "core/time.h"

namespace sekisho::mail {

struct LetterKind;
using LetterId = core::Id<LetterKind>;

/// What somebody is written. Nothing of a patient, and nothing that strangers have typed.
struct Letter {
  LetterId id;          ///< names the message too, however often it is handed in
  std::string to;       ///< as parse_address() gives it
  std::string subject;  ///< one line, UTF-8
  std::string text;     ///< UTF-8, lines end with \n
  core::Time written_at;
  core::Time useful_until;  ///< from then on nobody needs it any more
};

/// What the people are called to in a letter about their account at the door.
struct Occasion {
  std::string to;
  std::string_view language;  ///< "ja" or "en"; anything else counts as "ja"
  std::string door_url;
  core::Time now;
};

/// The link by which a password is chosen anew, until `useful_until`.
Letter reset_letter(const Occasion& occasion, const std::string& link, core::Time useful_until);
/// Somebody had the password and not the code: perhaps another than its owner.
Letter warning_letter(const Occasion& occasion);
/// What they sign in with was changed: perhaps by another than its owner.
Letter change_letter(const Occasion& occasion);

}  // namespace sekisho::mail
