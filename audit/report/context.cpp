// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/context.h"

#include <algorithm>
#include <tuple>

namespace sekisho::audit::report {

Context::Context(const Evidence& evidence) : patient_name_(evidence.question.patient_name) {
  std::map<std::string, StudyWords> known;
  std::string newest_name;
  for (const ProvenEntry& proven : evidence.entries) {
    const OpenedBox& box = proven.opened;
    if (!box.patient_name.empty()) newest_name = box.patient_name;
    for (const ObjectRef& object : box.objects) {
      if (!object.study_uid.empty()) known[object.study_uid].study_uid = object.study_uid;
    }
    for (const StudyWords& words : box.studies) known[words.study_uid] = words;
    const Entry& entry = proven.entry;
    if (entry.event == event_name(EventCode::share_create) && !box.purpose.empty()) {
      purposes_[entry.share] = box.purpose;
    }
  }
  if (patient_name_.empty()) patient_name_ = std::move(newest_name);
  for (auto& [uid, words] : known) studies_.push_back(std::move(words));
  std::ranges::sort(studies_, {},
                    [](const StudyWords& study) { return std::tie(study.date, study.study_uid); });
  for (const StudyWords& study : studies_) numbers_.emplace(study.study_uid, numbers_.size() + 1);
}

std::size_t Context::number_of(std::string_view study_uid) const {
  const auto found = numbers_.find(study_uid);
  return found == numbers_.end() ? 0 : found->second;
}

std::string_view Context::purpose_of(std::string_view share) const {
  const auto found = purposes_.find(share);
  return found == purposes_.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace sekisho::audit::report
