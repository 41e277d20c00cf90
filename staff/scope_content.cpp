// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/scope_content.h"

#include <utility>

#include "disclosure/scope_index.h"
#include "disclosure/study_words.h"

namespace sekisho::staff {

ScopeContent ScopeContent::of(const sharing::Scope& scope, core::DicomStore& store,
                              core::Time since, const core::Demand& demand) {
  const disclosure::ScopeIndex index(scope);
  ScopeContent content;
  content.listings_ = disclosure::list_scope(store, scope, since, demand);
  const bool has_whole_studies = std::holds_alternative<sharing::PatientScope>(scope) ||
                                 std::holds_alternative<sharing::StudyScope>(scope);
  for (const auto& study : content.listings_) {
    if (has_whole_studies) content.unnamed_ += study->unnamed;
    for (const core::ListedSeries& listed : study->series) {
      ScopedSeries series{{study->key, listed.series}, {}};
      for (const core::ListedInstance& instance : listed.instances) {
        if (index.covers(series.key, instance.instance)) series.instances.push_back(&instance);
      }
      if (!series.instances.empty()) content.series_.push_back(std::move(series));
    }
  }
  return content;
}

void ScopeContent::narrow(const sharing::Scope& scope) {
  const disclosure::ScopeIndex index(scope);
  for (ScopedSeries& each : series_) {
    std::erase_if(each.instances, [&](const core::ListedInstance* instance) {
      return !index.covers(each.key, instance->instance);
    });
  }
  std::erase_if(series_, [](const ScopedSeries& each) { return each.instances.empty(); });
}

std::size_t ScopeContent::instances() const {
  std::size_t count = 0;
  for (const ScopedSeries& each : series_) count += each.instances.size();
  return count;
}

std::optional<core::InstanceKey> ScopeContent::first() const {
  if (series_.empty()) return std::nullopt;
  return core::InstanceKey{series_.front().key, series_.front().instances.front()->instance};
}

std::optional<core::InstanceKey> ScopeContent::find(const core::Uid& instance) const {
  for (const ScopedSeries& each : series_) {
    for (const core::ListedInstance* listed : each.instances) {
      if (listed->instance == instance) return core::InstanceKey{each.key, instance};
    }
  }
  return std::nullopt;
}

std::variant<FoundScope, Reply> find_scope(const ScopeRequest& request, const Ports& ports,
                                           const core::Demand& demand) {
  auto resolved = resolve_scope(request, ports, demand);
  if (auto* refusal = std::get_if<Reply>(&resolved)) return std::move(*refusal);
  return content_of(std::get<sharing::Scope>(std::move(resolved)), ports, demand);
}

std::variant<FoundScope, Reply> content_of(sharing::Scope scope, const Ports& ports,
                                           const core::Demand& demand) {
  auto content = ScopeContent::of(scope, ports.store, ports.clock(), demand);
  if (content.listings().empty()) {
    return not_there({std::holds_alternative<sharing::PatientScope>(scope)
                          ? "There is no study of this PatientID in the archive."
                          : "It was removed."});
  }
  return FoundScope{std::move(scope), std::move(content)};
}

std::vector<audit::StudyWords> words_of(const sharing::Scope& scope, const ScopeContent& content,
                                        core::DicomStore& store, const core::Demand& demand) {
  std::vector<audit::StudyWords> words;
  for (const auto& listing : content.listings()) {
    audit::StudyWords said = disclosure::study_words(store, *listing, demand);
    if (std::holds_alternative<sharing::PatientScope>(scope)) {
      return {{.patient_id = said.patient_id, .patient_name = said.patient_name}};
    }
    words.push_back(std::move(said));
  }
  return words;
}

}  // namespace sekisho::staff
