// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "anonymization/profiles/profile_maker.h"
#include "core/dicom/dictionary.h"

namespace sekisho::anonymization {

inline constexpr std::string_view kTableE1 = "PS3.15 Table E.1-1";
inline constexpr std::string_view kOurDecision = "our decision";
inline constexpr std::string_view kConfiguration = "configuration";

/// Where a rule comes from. Every text is static.
struct Source {
  std::string_view table;   ///< a table of the standard or of ours, kOurDecision, kConfiguration
  std::string_view row{};   ///< what stands there: "X/Z", an option's title, a reason
  std::string_view mark{};  ///< of an option's column: "K" or "C"
};
/// "PS3.15 Table E.1-1: Retain UIDs Option K".
std::string text_of(const Source& source);

struct SourcedRule {
  Rule rule;
  Source source;
};

/// A profile on its way: one rule for every element of the dictionary that a data set can hold,
/// sorted by tag, those that remove included.
struct ProfileDraft {
  ProfileParts parts;  ///< without rules
  std::vector<SourcedRule> rules;
};
Profile finished(const ProfileDraft& draft);

struct SourcedAction {
  Action action;
  Source source;
};
/// One rule for each element that the dictionary can find again; an exact row shadows a repeating
/// one.
template <class ActionFor>
std::vector<SourcedRule> rules_of_dictionary(ActionFor action_for) {
  std::vector<SourcedRule> rules;
  for (const core::dicom::DictionaryEntry& entry : core::dicom::dictionary()) {
    if (core::dicom::find(entry.tag) != &entry) continue;
    const SourcedAction made = action_for(entry);
    rules.push_back({{entry.tag, made.action}, made.source});
  }
  // Exact tags ascend, then repeating ones do. Merging takes no stack: Orthanc's threads have
  // little, and sorting recurses.
  const auto by_tag = [](const SourcedRule& rule) { return rule.rule.tag; };
  const auto repeating = std::ranges::is_sorted_until(rules, {}, by_tag);
  std::ranges::inplace_merge(rules, repeating, {}, by_tag);
  return rules;
}

}  // namespace sekisho::anonymization
