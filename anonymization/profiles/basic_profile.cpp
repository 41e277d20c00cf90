// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profiles/basic_rules.h"
#include "anonymization/profiles/builtin_profiles.h"

namespace sekisho::anonymization {
namespace {

std::string_view temporal_information(OptionSet options) {
  if (options.contains(Option::retain_full_dates)) return "UNMODIFIED";
  return options.contains(Option::retain_modified_dates) ? "MODIFIED" : "REMOVED";
}

}  // namespace

ProfileDraft basic_profile(OptionSet options) {
  ProfileDraft draft;
  draft.rules = rules_of_dictionary(
      [&](const core::dicom::DictionaryEntry& entry) { return basic_action(entry, options); });
  draft.parts.name = kBasicProfileName;
  draft.parts.private_rules = safe_private_rules(options);
  draft.parts.content_rules = content_rules(options);
  draft.parts.cleans_pixels = options.contains(Option::clean_pixel_data);
  Statement& statement = draft.parts.statement;
  statement.identity_removed = true;
  statement.method = {"Sekisho ps3.15-basic", "PS3.15 2026d Table E.1-1"};
  statement.method_codes = {std::string(kBasicProfileCode)};
  for (const OptionFacts& facts : kOptions) {
    if (!options.contains(facts.option)) continue;
    statement.method.emplace_back(facts.name);
    statement.method_codes.emplace_back(facts.code);
  }
  statement.temporal_information = temporal_information(options);
  return draft;
}

}  // namespace sekisho::anonymization
