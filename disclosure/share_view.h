// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "anonymization/pixels/release.h"
#include "anonymization/pixels/verdicts.h"
#include "anonymization/profiles/profile.h"
#include "anonymization/pseudonyms.h"
#include "audit/event.h"
#include "core/demand.h"
#include "core/dicom_store.h"
#include "core/memory_budget.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "disclosure/fitness.h"
#include "disclosure/looks.h"
#include "disclosure/shown_path.h"
#include "sharing/share_store.h"

namespace sekisho::disclosure {

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
  audit::StudyWords words;          ///< of the original, for the log alone
  std::size_t instances() const;
};

/// One instance and what is around it. Points into a ShareView, which must outlive it.
struct InstanceRef {
  const ShownStudy* study = nullptr;
  const ShownSeries* series = nullptr;
  const ShownInstance* instance = nullptr;
  core::InstanceKey key() const;
};

/// The content of a share's scope at `since` or later: the studies' listings, those gone left out.
/// Throws core::StoreError and core::DemandOver.
using Listings = std::vector<std::shared_ptr<const core::StudyListing>>;
Listings list_scope(core::DicomStore& store, const sharing::Scope& scope, core::Time since,
                    const core::Demand& demand = {});

/// What recipients made and gave back, of what a view lists.
struct Returned {
  std::vector<sharing::ReturnedObject> own;                        ///< through this share
  std::set<std::pair<core::Uid, core::Uid>> through_other_shares;  ///< series, instance
};

/// One share as its recipient sees it: names of everything in scope that the pixel policy does not
/// withhold, and how each file is masked. The only way from a shown UID to an original one.
/// Immutable; any thread.
class ShareView {
 public:
  /// Reads every file in scope of which neither `before`, an older view of the same share, nor
  /// `verdicts` knows: what is withheld must be missing in every count. Studies that are listed as
  /// they were are those of `before`. A file that is gone or malformed counts as shown: it is dealt
  /// with when its turn comes. `profile` is the share's, as read; `policy` and
  /// `verdicts` must outlive this; `before` and `verdicts` may be null; `on_masked` gets what was
  /// masked on the way; `look` counts what is decided on. Throws std::runtime_error if the key
  /// cannot be used, and core::StoreError, core::MemoryShortage and core::DemandOver.
  using OnMasked =
      std::function<void(const std::string& revision, const anonymization::Masked& masked)>;
  ShareView(const sharing::Share& share, std::shared_ptr<const anonymization::Profile> profile,
            core::ByteView mask_key, Listings listings, core::DicomStore& store,
            core::MemoryBudget& memory, const anonymization::PixelPolicy& policy,
            const anonymization::Verdicts* verdicts, const ShareView* before,
            const Returned& returned, const OnMasked& on_masked, Look& look);
  ~ShareView();
  // Neither copied nor moved: names_ and shown_ refer to other members.
  ShareView(const ShareView&) = delete;
  ShareView& operator=(const ShareView&) = delete;

  const sharing::ShareId& share() const { return share_; }
  const anonymization::Profile& profile() const { return *profile_; }
  const anonymization::Pseudonyms& pseudonyms() const { return pseudonyms_; }
  /// The series that staff have approved, as this view knows.
  const std::vector<core::SeriesKey>& approved() const { return approved_; }
  /// True while the archive still lists these very objects, whose they are, and staff have approved
  /// nothing more.
  bool is_of(const Listings& listings, const std::vector<core::SeriesKey>& approved) const {
    return listings_ == listings && approved_ == approved && is_settled_;
  }
  /// False while it shows instances of which it is open who made them.
  bool is_settled() const { return is_settled_; }
  /// What was found out while this view, or one before it, was made; `nullopt`: nothing.
  std::optional<Fitness> fitness(const InstanceRef& instance) const;
  /// What leaves of the file of an instance; `memory` has then what that needs, the file included.
  /// Throws core::StoreError, core::MemoryShortage and core::DemandOver.
  std::variant<anonymization::Masked, anonymization::WithholdReason> release(
      const core::dicom::CheckedFile& file, const core::InstanceKey& instance,
      core::MemoryBudget::Taken& memory, const core::Demand& demand) const;

  /// All that decides what release() makes of the file of an instance: the share, which never
  /// changes, the file's revision, whose it is and whether staff approved its series. Begins with
  /// the share.
  std::string name_of(const InstanceRef& instance) const;
  /// A name for something that is made of what leaves of the file of an instance, under the share's
  /// key: another one where `what` is another, the file, who made it, or whether staff approved it.
  std::string tag_of(const InstanceRef& instance, core::ByteView what) const;

  /// In order of their UIDs.
  const std::vector<const ShownStudy*>& studies() const { return shown_; }
  /// The study that is shown by this UID; null if none is.
  const ShownStudy* study(const core::Uid& shown) const;
  /// The instances under a study, series or instance, in order. Empty for what is not in the
  /// share, original UIDs of a profile that remaps them included.
  std::vector<InstanceRef> find(const ShownPath& path) const;
  /// Whether find() finds anything. The path has a study.
  bool shows(const ShownPath& path) const;
  /// Whether the instance is one of this view.
  bool has(const InstanceRef& instance) const;
  /// What it takes of memory, roughly; listings and the profile are others' as well.
  std::uint64_t size_bytes() const;
  /// Between original and shown UIDs of studies, series and instances. Made when it is first asked
  /// for, by those who bring something back.
  const anonymization::ReverseMap& names() const;

 private:
  /// What became of a file: withheld, or shown, and what is known of it.
  enum class Seen { withheld, fit, unfit, unknown };
  struct SeenStudy;  ///< views of one share that have a study alike have the same
  struct Deciding;   ///< what tells whether an instance is shown, while the view is made

  anonymization::Author author_of(const core::InstanceKey& instance) const;
  anonymization::Approval approval_of(const core::InstanceKey& instance) const;
  /// Who made it is no longer open.
  bool is_author_settled(const core::InstanceKey& instance) const;
  /// Null for one that was not listed.
  std::shared_ptr<const SeenStudy> seen(const core::StudyKey& study) const;
  /// A study of the scope, which `before` may have already.
  std::shared_ptr<const SeenStudy> look_at(const std::shared_ptr<const core::StudyListing>& listing,
                                           const Deciding& by) const;
  /// Whether the recipient may know of the instance.
  Seen look_at(const core::InstanceKey& instance, const std::string& revision,
               const Deciding& by) const;

  sharing::ShareId share_;
  std::shared_ptr<const anonymization::Profile> profile_;
  /// By series and instance; the hospital made the others.
  std::map<std::pair<core::Uid, core::Uid>, anonymization::Author> authors_;
  std::set<std::pair<core::Uid, core::Uid>> received_;  ///< likewise: authors in doubt
  anonymization::Pseudonyms pseudonyms_;
  mutable core::Mutex names_mutex_;
  mutable bool has_names_ SEKISHO_GUARDED_BY(names_mutex_) = false;
  mutable anonymization::ReverseMap names_;  ///< empty until they are made, then constant
  const anonymization::PixelPolicy& policy_;
  const anonymization::Verdicts* verdicts_;  ///< may be null
  std::vector<core::SeriesKey> approved_;
  Listings listings_;
  std::vector<std::shared_ptr<const SeenStudy>> seen_;  ///< of each listing
  std::vector<const ShownStudy*> shown_;                ///< in these
  bool is_settled_ = true;
};

}  // namespace sekisho::disclosure
