// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "anonymization/profiles/profile.h"
#include "core/demand.h"
#include "core/mutex.h"
#include "core/shared_text.h"
#include "core/thread_annotations.h"
#include "core/time.h"
#include "core/uid.h"
#include "disclosure/masked_row.h"
#include "disclosure/ports.h"
#include "disclosure/share_view.h"
#include "sharing/denial.h"
#include "sharing/share.h"
#include "sharing/share_store.h"

namespace sekisho::disclosure {

/// Whether the archive is asked, or was a moment ago.
enum class Freshness { recent, present };

/// Views by share, made anew when the archive lists something else: by one caller, for whom the
/// others wait. Who goes away waits no longer, and builds no longer: the next of those who wait
/// goes on with what he has found. Kept are those last used, within a limit of memory. Any thread.
class ShareViews {
 public:
  /// A view, or why nothing of the share can be shown to anybody.
  using Answer = std::variant<std::shared_ptr<const ShareView>, sharing::Denial>;

  /// Both outlive this. What is masked to decide whether it is shown becomes a row as well.
  ShareViews(const Ports& ports, RowCache& rows, std::uint64_t limit_bytes)
      : ports_(ports), rows_(rows), limit_bytes_(limit_bytes) {}
  /// Throws what ShareView and the stores throw, and core::DemandOver.
  Answer of(const sharing::Share& share, Freshness freshness, core::Time now,
            const core::Demand& demand = {});
  /// The view in memory, however old, if it shows nothing by this UID of a study, or if the archive
  /// (as of() asks it) has the study as it was. Else, and where none is in memory, as of().
  Answer of_study(const sharing::Share& share, const core::Uid& study, Freshness freshness,
                  core::Time now, const core::Demand& demand = {});
  /// Those of `shares`, in their order, but for those of which the last view did not show the
  /// study: what has come into the archive since is found by asking for all of it. Needs no view,
  /// whether or not it is in memory.
  std::vector<const sharing::Share*> that_may_show(const core::Uid& study,
                                                   const sharing::SharedShares& shares);
  /// Keeps no view of the share from now on: called when its key was destroyed. Answers that are
  /// under way let go of theirs when they end.
  void drop(const sharing::ShareId& share);

 private:
  /// What a view showed, when it is no longer in memory too.
  struct Shown {
    std::vector<std::size_t> studies;  ///< hashes of their UIDs, ascending
    std::vector<core::SeriesKey> approved;
  };
  struct Known {
    std::shared_ptr<const ShareView> view;
    core::Time checked_at;  ///< when the archive listed just this
  };
  using Recent = std::list<Known>;
  class Building;

  /// The one in memory, moved to the front; null if there is none.
  Known* known(const sharing::ShareId& share) SEKISHO_REQUIRES(mutex_);
  void keep(std::shared_ptr<const ShareView> view, core::Time now) SEKISHO_REQUIRES(mutex_);
  void let_go_of(Recent::iterator view) SEKISHO_REQUIRES(mutex_);
  void remember_shown(const ShareView& view) SEKISHO_REQUIRES(mutex_);
  /// Returns when nobody builds the view of the share.
  void wait_for_builder(const sharing::ShareId& share, const core::Demand& demand);
  Answer build(const sharing::Share& share, Listings listings, const ShareView* before,
               const core::Demand& demand);
  /// Null where it cannot be read. Shares made alike have one in memory.
  std::shared_ptr<const anonymization::Profile> profile_of(const sharing::Share& share);
  Returned returned_to(const sharing::ShareId& share, const Listings& listings,
                       const core::Demand& demand) const;

  const Ports& ports_;
  RowCache& rows_;
  const std::uint64_t limit_bytes_;
  core::Mutex mutex_;
  core::Condition built_;
  std::unordered_set<sharing::ShareId> building_ SEKISHO_GUARDED_BY(mutex_);
  Recent recent_ SEKISHO_GUARDED_BY(mutex_);  ///< last used first
  std::unordered_map<sharing::ShareId, Recent::iterator> by_share_ SEKISHO_GUARDED_BY(mutex_);
  std::uint64_t held_bytes_ SEKISHO_GUARDED_BY(mutex_) = 0;
  std::unordered_map<sharing::ShareId, Shown> shown_ SEKISHO_GUARDED_BY(mutex_);
  std::size_t shown_studies_ SEKISHO_GUARDED_BY(mutex_) = 0;  ///< in these
  /// A view begun before the last one may hold a destroyed key.
  std::uint64_t drops_ SEKISHO_GUARDED_BY(mutex_) = 0;
  /// By their text, while a view has them.
  std::unordered_map<core::SharedText, std::weak_ptr<const anonymization::Profile>> profiles_
      SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::disclosure
