// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profiles/profile_draft.h"

#include <cassert>

namespace sekisho::anonymization {

std::string text_of(const Source& source) {
  std::string text(source.table);
  if (!source.row.empty()) text.append(": ").append(source.row);
  if (!source.mark.empty()) text.append(" ").append(source.mark);
  return text;
}

Profile finished(const ProfileDraft& draft) {
  ProfileParts parts = draft.parts;
  parts.rules.reserve(draft.rules.size());
  for (const SourcedRule& sourced : draft.rules) parts.rules.push_back(sourced.rule);
  auto profile = ProfileMaker::make(std::move(parts));
  assert(profile);
  return *std::move(profile);
}

}  // namespace sekisho::anonymization
