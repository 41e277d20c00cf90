// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/consent_rule.h"

#include <algorithm>
#include <set>

#include "staff/scope.h"

namespace sekisho::staff {
namespace {

constexpr std::size_t kMostIdsOnRecord = 16;

Reply lacking(const std::string& purpose, core::Time from,
              const std::vector<std::string>& patients) {
  const std::string what = purpose.empty()
                               ? "Say for what as \"Purpose\", by the code that the consents have."
                               : "A consent to \"" + purpose + "\" must hold at " +
                                     core::to_rfc3339(from) + ": put it down by POST /consents.";
  Json::Value more;
  for (const std::string& patient : patients) more["Patients"].append(patient);
  return refused(409, "Not all patients have consented.", {what}, std::move(more));
}

}  // namespace

ConsentBasis find_consents(const Call& call, const sharing::Scope& scope,
                           const std::string& purpose, core::Time from) {
  ConsentBasis basis;
  if (call.ports.options.consents == sharing::ConsentRule::not_required) return basis;
  std::set<std::string> patients;
  for (const audit::ObjectRef& object : objects_of(scope)) patients.insert(object.patient_id);
  for (const std::string& patient : patients) {
    const auto consent = call.ports.consents.longest(patient, purpose, from);
    if (!consent) {
      basis.without.push_back(patient);
      continue;
    }
    basis.latest_end = std::min(basis.latest_end, consent->valid_until);
    basis.ids.push_back(consent->id.text());
  }
  return basis;
}

std::variant<ConsentBasis, Reply> consents_to(const Call& call, const sharing::Scope& scope,
                                              const std::string& purpose, core::Time from) {
  ConsentBasis basis = find_consents(call, scope, purpose, from);
  if (!basis.without.empty()) return lacking(purpose, from, basis.without);
  return basis;
}

std::string ids_of(const ConsentBasis& basis) {
  std::string ids;
  for (std::size_t i = 0; i < std::min(basis.ids.size(), kMostIdsOnRecord); ++i) {
    ids.append(i == 0 ? "" : " ").append(basis.ids[i]);
  }
  return ids;
}

}  // namespace sekisho::staff
