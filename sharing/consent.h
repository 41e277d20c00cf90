// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/id.h"
#include "core/time.h"

namespace sekisho::sharing {

struct ConsentKind;
using ConsentId = core::Id<ConsentKind>;

/// A patient has consented to one purpose for a time. A value: never edited, only withdrawn.
struct Consent {
  ConsentId id;
  std::string patient_id;  ///< as the archive writes it
  std::string purpose;     ///< a code (is_purpose_code): that of the shares which lean on it
  core::Time valid_from;
  core::Time valid_until;   ///< it is over at that moment
  std::string obtained_by;  ///< who asked the patient
  std::string reference;    ///< where it is on file; may be empty
  core::Time created_at;
  std::string created_by;
  std::optional<core::Time> withdrawn_at;
  std::string withdrawn_by;
  std::string withdraw_reason;
};

enum class ConsentStatus { pending, valid, expired, withdrawn };
ConsentStatus status(const Consent& consent, core::Time now);
std::string_view name(ConsentStatus status);
std::optional<ConsentStatus> parse_consent_status(std::string_view name);

/// 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-', such as TREAT of HL7 v3 PurposeOfUse: a word, in
/// which nothing about a patient can be told.
bool is_purpose_code(std::string_view text);

/// Whether a share needs the consent of each of its patients, to its purpose and for all its time.
enum class ConsentRule { not_required, required };

}  // namespace sekisho::sharing
