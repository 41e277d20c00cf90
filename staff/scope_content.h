// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "audit/event.h"
#include "core/demand.h"
#include "core/dicom_store.h"
#include "core/uid.h"
#include "disclosure/share_view.h"
#include "sharing/share.h"
#include "staff/scope.h"

namespace sekisho::staff {

/// What of a series is in scope.
struct ScopedSeries {
  core::SeriesKey key;
  std::vector<const core::ListedInstance*> instances;  ///< in order of their UIDs, never empty
};

/// Everything that is in scope at `since` or later: the archive is asked once for all that staff do
/// with it in one call. A value; in order of the UIDs.
class ScopeContent {
 public:
  /// Throws core::StoreError and core::DemandOver.
  static ScopeContent of(const sharing::Scope& scope, core::DicomStore& store, core::Time since,
                         const core::Demand& demand);

  /// Leaves what this scope covers as well.
  void narrow(const sharing::Scope& scope);

  const disclosure::Listings& listings() const { return listings_; }
  const std::vector<ScopedSeries>& series() const { return series_; }
  std::size_t instances() const;
  /// Instances of its studies that no share can show: see StudyListing. None, where the scope names
  /// series or instances.
  std::size_t unnamed() const { return unnamed_; }
  /// `nullopt` if the scope holds nothing.
  std::optional<core::InstanceKey> first() const;
  /// The first by this UID.
  std::optional<core::InstanceKey> find(const core::Uid& instance) const;

 private:
  disclosure::Listings listings_;
  std::vector<ScopedSeries> series_;  ///< points into these
  std::size_t unnamed_ = 0;
};

struct FoundScope {
  sharing::Scope scope;
  ScopeContent content;
};
/// A scope and what is in it; 404 where nothing is listed. Throws core::StoreError and
/// core::DemandOver.
std::variant<FoundScope, Reply> content_of(sharing::Scope scope, const Ports& ports,
                                           const core::Demand& demand);
/// What staff ask to share and what is in it. As resolve_scope() and content_of().
std::variant<FoundScope, Reply> find_scope(const ScopeRequest& request, const Ports& ports,
                                           const core::Demand& demand);

/// What the access log says of these objects' studies; of a whole patient, who that is. Throws
/// core::StoreError and core::DemandOver.
std::vector<audit::StudyWords> words_of(const sharing::Scope& scope, const ScopeContent& content,
                                        core::DicomStore& store, const core::Demand& demand);

}  // namespace sekisho::staff
