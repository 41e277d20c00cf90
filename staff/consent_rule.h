// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sharing/share.h"
#include "staff/call.h"

namespace sekisho::staff {

/// On what a share leans, where the configuration wants consents ("Sharing.RequireConsent").
struct ConsentBasis {
  core::Time latest_end =
      core::Time::max();             ///< until when all of them hold; no end where none is wanted
  std::vector<std::string> ids;      ///< one for each patient
  std::vector<std::string> without;  ///< the patients of whom there is none
};
/// The consents to `purpose` of all patients of a scope that hold at `from`, each the longest.
ConsentBasis find_consents(const Call& call, const sharing::Scope& scope,
                           const std::string& purpose, core::Time from);
/// The same; 409 names the patients of whom there is none.
std::variant<ConsentBasis, Reply> consents_to(const Call& call, const sharing::Scope& scope,
                                              const std::string& purpose, core::Time from);
/// For the access log's facts, where there is a basis: by spaces, cut where there are many.
std::string ids_of(const ConsentBasis& basis);

}  // namespace sekisho::staff
