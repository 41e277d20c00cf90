// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/share.h"

#include <algorithm>
#include <array>

namespace sekisho::sharing {
namespace {

// Each table stands in the order of its enumeration.
constexpr std::array<std::string_view, 6> kStatusNames = {"awaiting",  "pending", "live",
                                                          "suspended", "expired", "revoked"};
constexpr std::array<std::string_view, 4> kPermissionNames = {"view", "download", "return",
                                                              "return-documents"};
constexpr std::array<std::string_view, 2> kIntendedUseNames = {"reference", "reading"};
constexpr std::array<std::string_view, 4> kLevelNames = {"Patient", "Study", "Series", "Instance"};

template <class Enum, std::size_t size>
std::optional<Enum> find_name(const std::array<std::string_view, size>& names,
                              std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

const core::StudyKey& study_of(const core::StudyKey& key) { return key; }
const core::StudyKey& study_of(const core::SeriesKey& key) { return key.study; }
const core::StudyKey& study_of(const core::InstanceKey& key) { return key.series.study; }
const core::SeriesKey& series_of(const core::SeriesKey& key) { return key; }
const core::SeriesKey& series_of(const core::InstanceKey& key) { return key.series; }

/// Whether anything of `asked` lies inside a scope; the deeper of the two is cut to the level of
/// the other.
template <class Asked>
struct Coverage {
  const Asked& asked;

  bool operator()(const PatientScope& scope) const {
    return study_of(asked).patient_id == scope.patient_id;
  }
  bool operator()(const StudyScope& scope) const {
    return std::find(scope.studies.begin(), scope.studies.end(), study_of(asked)) !=
           scope.studies.end();
  }
  bool operator()(const SeriesScope& scope) const {
    return std::any_of(scope.series.begin(), scope.series.end(),
                       [&](const core::SeriesKey& shared) { return meets(shared); });
  }
  bool operator()(const InstanceScope& scope) const {
    return std::any_of(scope.instances.begin(), scope.instances.end(),
                       [&](const core::InstanceKey& shared) { return meets(shared); });
  }

 private:
  template <class Shared>
  bool meets(const Shared& shared) const {
    if constexpr (std::is_same_v<Asked, core::StudyKey>) {
      return study_of(shared) == asked;
    } else if constexpr (std::is_same_v<Asked, core::SeriesKey>) {
      return series_of(shared) == asked;
    } else if constexpr (std::is_same_v<Shared, core::SeriesKey>) {
      return shared == series_of(asked);
    } else {
      return shared == asked;
    }
  }
};

}  // namespace

bool covers(const Scope& scope, const core::StudyKey& study) {
  return std::visit(Coverage<core::StudyKey>{study}, scope);
}

bool covers(const Scope& scope, const core::SeriesKey& series) {
  return std::visit(Coverage<core::SeriesKey>{series}, scope);
}

bool covers(const Scope& scope, const core::InstanceKey& instance) {
  return std::visit(Coverage<core::InstanceKey>{instance}, scope);
}

std::string_view level_name(const Scope& scope) { return kLevelNames.at(scope.index()); }

bool allows(const Permissions& permissions, Permission permission) {
  switch (permission) {
    case Permission::view:
      return permissions.view;
    case Permission::download:
      return permissions.download;
    case Permission::give_back:
      return permissions.give_back;
    case Permission::give_back_documents:
      return permissions.give_back_documents;
  }
  return false;
}

void add(Permissions& permissions, Permission permission) {
  switch (permission) {
    case Permission::view:
      permissions.view = true;
      break;
    case Permission::download:
      permissions.download = true;
      break;
    case Permission::give_back:
      permissions.give_back = true;
      break;
    case Permission::give_back_documents:
      permissions.give_back_documents = true;
      break;
  }
}

Permissions common(const Permissions& one, const Permissions& other) {
  Permissions both;
  for (const Permission each : kPermissions) {
    if (allows(one, each) && allows(other, each)) add(both, each);
  }
  return both;
}

bool awaits_approval(const Share& share) { return share.needs_approval && !share.approval; }

ShareStatus status(const Share& share, const Recipient& recipient, core::Time now) {
  if (share.revoked_at) return ShareStatus::revoked;
  // A share without its key is over, whatever a clock that was set back says.
  if (now >= share.expires_at || share.key_destroyed_at) return ShareStatus::expired;
  if (recipient.disabled_at) return ShareStatus::suspended;
  if (awaits_approval(share)) return ShareStatus::awaiting;
  if (now < share.not_before) return ShareStatus::pending;
  return ShareStatus::live;
}

bool is_over(ShareStatus status) {
  return status == ShareStatus::expired || status == ShareStatus::revoked;
}

std::string_view name(ShareStatus status) {
  return kStatusNames.at(static_cast<std::size_t>(status));
}

std::optional<ShareStatus> parse_status(std::string_view name) {
  return find_name<ShareStatus>(kStatusNames, name);
}

std::string_view name(Permission permission) {
  return kPermissionNames.at(static_cast<std::size_t>(permission));
}

std::optional<Permission> parse_permission(std::string_view name) {
  return find_name<Permission>(kPermissionNames, name);
}

std::string_view name(IntendedUse use) {
  return kIntendedUseNames.at(static_cast<std::size_t>(use));
}

std::optional<IntendedUse> parse_intended_use(std::string_view name) {
  return find_name<IntendedUse>(kIntendedUseNames, name);
}

}  // namespace sekisho::sharing
