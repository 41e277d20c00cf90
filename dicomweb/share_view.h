// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "anonymization/profile.h"
#include "anonymization/pseudonyms.h"
#include "core/dicom_store.h"
#include "dicomweb/routes.h"
#include "sharing/share.h"

namespace sekisho::dicomweb {

/// What is in the scope of a share, by the UIDs that its recipient sees. Each list is in order of
/// these UIDs: an order that tells nothing of the originals.
struct ShownInstance {
  core::Uid uid;
  const core::ListedInstance* original = nullptr;
};
struct ShownSeries {
  core::Uid uid;
  const core::ListedSeries* original = nullptr;
  std::vector<ShownInstance> instances;  ///< never empty
};
struct ShownStudy {
  core::Uid uid;
  std::shared_ptr<const core::StudyListing> original;
  std::vector<ShownSeries> series;  ///< never empty
  std::size_t instances() const;
};

/// One instance and what is around it. Points into a ShareView, which must outlive it.
struct InstanceRef {
  const ShownStudy* study = nullptr;
  const ShownSeries* series = nullptr;
  const ShownInstance* instance = nullptr;
  core::InstanceKey key() const;
};

/// The present content of a share's scope: the studies' listings, those gone left out.
using Listings = std::vector<std::shared_ptr<const core::StudyListing>>;
Listings list_scope(core::DicomStore& store, const sharing::Scope& scope);

/// One share as its recipient sees it: names of everything in scope, and how each file is masked.
/// The only way from a shown UID to an original one. Immutable; any thread.
class ShareView {
 public:
  /// Throws std::runtime_error if the share's stored profile or key cannot be used.
  ShareView(const sharing::Share& share, Listings listings);
  ShareView(const ShareView&) = delete;
  ShareView& operator=(const ShareView&) = delete;

  const sharing::ShareId& share() const { return share_; }
  const anonymization::Profile& profile() const { return profile_; }
  const anonymization::Pseudonyms& pseudonyms() const { return pseudonyms_; }
  /// True while the archive still lists these very objects.
  bool is_of(const Listings& listings) const { return listings_ == listings; }

  const std::vector<ShownStudy>& studies() const { return studies_; }
  /// The instances under a study, series or instance, in order. Empty for what is not in the
  /// share, original UIDs of a profile that remaps them included.
  std::vector<InstanceRef> find(const ShownPath& path) const;

 private:
  sharing::ShareId share_;
  anonymization::Profile profile_;
  anonymization::Pseudonyms pseudonyms_;
  Listings listings_;
  std::vector<ShownStudy> studies_;
};

/// Whether the archive is asked, or was a moment ago.
enum class Freshness { recent, present };

/// Views by share, rebuilt when the archive lists something else. Any thread.
class ShareViews {
 public:
  explicit ShareViews(core::DicomStore& store) : store_(store) {}
  /// Throws what ShareView and the store throw.
  std::shared_ptr<const ShareView> of(const sharing::Share& share, Freshness freshness,
                                      core::Time now);

 private:
  struct Known {
    std::shared_ptr<const ShareView> view;
    core::Time checked_at;  ///< when the archive listed just this
  };
  using Recent = std::list<Known>;
  /// The one in memory, moved to the front; null if there is none. Guarded by mutex_.
  Known* known(const sharing::ShareId& share);

  core::DicomStore& store_;
  std::mutex mutex_;
  // Guarded by mutex_.
  Recent recent_;  ///< last used first
  std::unordered_map<sharing::ShareId, Recent::iterator> by_share_;
};

}  // namespace sekisho::dicomweb
