// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anonymization/option.h"
#include "anonymization/profiles/profile_draft.h"
#include "anonymization/tables.h"

namespace sekisho::anonymization {

/// What the Basic Profile does with an element, without options.
SourcedAction basic_action(const core::dicom::DictionaryEntry& entry);

/// The same with options: what their columns of Table E.1-1 say, and what follows from them for
/// elements that the table does not list.
SourcedAction basic_action(const core::dicom::DictionaryEntry& entry, OptionSet options);

/// Clean Structured Content Option: Table E.3.4-1 and what is done with every other concept.
std::vector<ContentRule> content_rules(OptionSet options);

/// Retain Safe Private Option: Table E.3.10-1 without bytes that nobody can read and prose.
std::vector<PrivateRule> safe_private_rules(OptionSet options);

/// Groups without any rule, whatever the tables and options say of their elements.
bool is_banned_group(std::uint16_t group);

/// Dates that do not depend on the patient: of devices, products, templates, trials. Somebody knows
/// them, and shifted they would tell by how many days every date of the patient was shifted.
bool is_public_date(core::dicom::Tag tag);

/// Where such a rule comes from, as text_of() says it of others.
std::string_view source_of(const ContentRule& rule);
std::string_view source_of(const PrivateRule& rule);

}  // namespace sekisho::anonymization
