// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"
#include "core/sealed_box.h"
#include "core/secret.h"
#include "core/time.h"
#include "core/uid.h"
#include "sharing/change_feed.h"
#include "sharing/consent.h"
#include "sharing/creation_key.h"
#include "sharing/list_order.h"
#include "sharing/share.h"
#include "sharing/wrapping_key.h"

namespace sekisho::sharing {

/// What the staff list may be narrowed to.
struct ShareFilter {
  std::optional<RecipientId> recipient{};
  std::optional<std::string> person{};  ///< Share::person
  std::optional<std::string> patient_id{};
  std::optional<core::Uid> study{};  ///< anything of it
  std::vector<std::string>
      patients_of_study{};  ///< whose it is: a share of a patient names no study
  std::optional<ShareStatus> status{};
  bool without_those_over = false;    ///< is_over()
  std::optional<core::Time> since{};  ///< created then or later
  std::optional<core::Time> until{};  ///< created before
  ListOrder order = ListOrder::oldest_first;
  ShareId after{};  ///< what the list goes on behind; empty: from its beginning
  int limit = 100;  ///< 1 to kMostListed
};

/// A share that has expired, which is not known to be on record.
struct ExpiredShare {
  Share share;
  /// How long the access log was before an entry about it was first tried.
  std::optional<std::uint64_t> log_size;
};

/// What a recipient made and gave back: its own UIDs, and those that the archive has it by.
struct ReturnedObject {
  enum class Stage {
    received,  ///< was about to be stored: whose it is that the archive has by these UIDs is open
    stored     ///< the archive has it
  };
  core::Uid series;
  core::Uid instance;
  core::Uid archived_series;
  core::Uid archived_instance;
  Stage stage = Stage::received;
};

/// Nobody changes what they point to.
using SharedShares = std::vector<std::shared_ptr<const Share>>;

/// The durable home of shares. Any thread may call any method.
/// A database failure throws core::DatabaseError; "no such share" is a value.
class ShareStore : public ChangeFeed {
 public:
  /// On return the share is on disk, with the key of its pseudonyms. A share is never edited after
  /// this. False, and no share, if `creation` has made something before, or if consents are
  /// required and not all of its patients have one to its purpose, for all its time from now on.
  virtual bool insert(const Share& share, const core::Secret& mask_key,
                      const std::optional<CreationKey>& creation, ConsentRule consents) = 0;
  bool insert(const Share& share, const core::Secret& mask_key = new_mask_key()) {
    return insert(share, mask_key, std::nullopt, ConsentRule::not_required);
  }
  virtual std::optional<Share> find(const ShareId& id) const = 0;
  virtual std::optional<Share> find_by_link(const core::Sha256& link_hash) const = 0;
  /// Shares of `who` that are live at `now`, newest first.
  virtual SharedShares live_for(const RecipientId& who, core::Time now) const = 0;
  virtual std::vector<Share> list(const ShareFilter& filter, core::Time now) const = 0;
  /// Moves the end of a share away; on return that is on disk. False if the share is unknown or
  /// over, or ends no earlier, or if consents are required and do not hold so long. What it shares
  /// and to whom is never edited.
  virtual bool extend(const ShareId& id, const Extension& extension, ConsentRule consents) = 0;
  bool extend(const ShareId& id, const Extension& extension) {
    return extend(id, extension, ConsentRule::not_required);
  }
  /// Revokes all of them or, where it throws, none. Gives those that are so by this call: of each
  /// the first revocation is the one on record.
  virtual std::vector<ShareId> revoke(std::span<const ShareId> ids, std::string_view reason,
                                      core::Time now) = 0;
  /// False if unknown or already revoked.
  bool revoke(const ShareId& id, std::string_view reason, core::Time now) {
    return !revoke(std::span(&id, 1), reason, now).empty();
  }
  /// On return the approval of the share is on disk. False if it is unknown, over, or awaits none,
  /// or if who approves it is nobody or its maker.
  virtual bool approve(const ShareId& id, const Approval& approval) = 0;
  /// The key of a share's pseudonyms: 32 bytes. `nullopt` for a share that is unknown or has lost
  /// it. Unwraps it anew each time; throws MaskKeyError if it is damaged.
  virtual std::optional<core::Secret> mask_key(const ShareId& id) const = 0;
  /// Destroys the key of a share that is revoked or expired: on return it is in none of our files,
  /// and nobody can tell what its pseudonyms stand for. False if the share is neither, is unknown
  /// or has lost its key before.
  virtual bool destroy_mask_key(const ShareId& id, core::Time now) = 0;
  /// Makes a new mask.key, by which all pseudonym keys are wrapped on return; gives their number.
  /// Throws MaskKeyError; where that or a power cut ends it halfway, the next call or start finds
  /// the key that counts.
  virtual std::size_t rotate_wrapping_key() = 0;
  /// Of the key in mask.key; shows nothing of it.
  virtual core::Bits128 wrapping_key_id() const = 0;

  /// Shares that have expired at `now` without having been revoked, and of which end_expiry() was
  /// not told; at most `limit`, in order of expiry.
  virtual std::vector<ExpiredShare> expired(core::Time now, int limit) const = 0;
  /// Puts down that the expiry is about to go on record behind so many entries; on return on disk.
  virtual void begin_expiry(const ShareId& id, std::uint64_t log_size) = 0;
  /// Puts down that it is.
  virtual void end_expiry(const ShareId& id, core::Time now) = 0;

  /// On return the approval is on disk. False if the series is approved already.
  virtual bool approve(const ShareId& id, const core::SeriesKey& series, std::string_view by,
                       core::Time now) = 0;
  /// On return the withdrawal of the approval is on disk. False if the series is not approved.
  virtual bool withdraw_approval(const ShareId& id, const core::SeriesKey& series,
                                 std::string_view by, core::Time now) = 0;

  /// Puts down that a recipient gave this back and it is about to be stored; on return that is on
  /// disk. Again is no error.
  virtual void add_returned(const ShareId& id, const ReturnedObject& object, core::Time now) = 0;
  /// Puts down that the archive has it. The first time counts.
  virtual void confirm_returned(const ShareId& id, const core::Uid& instance, core::Time now) = 0;
  /// What came back through the share, in either stage.
  virtual std::vector<ReturnedObject> returned(const ShareId& id) const = 0;
  /// Instances of a series of the archive that came back through any other share, in either stage.
  virtual std::vector<core::Uid> returned_elsewhere(const ShareId& id,
                                                    const core::Uid& series) const = 0;

  /// Live at `now`, its recipient not disabled, and all of `approved` (ascending) still approved.
  /// Asked before every further part of a running download: sees within staleness() what any other
  /// connection or process revoked.
  virtual bool is_live(const ShareId& id, core::Time now,
                       const std::vector<core::SeriesKey>& approved) const = 0;
  bool is_live(const ShareId& id, core::Time now) const { return is_live(id, now, {}); }
  /// A share, and series of it (ascending) that must be approved still. Refers to both.
  struct Asked {
    const ShareId& id;
    const std::vector<core::SeriesKey>& approved;
  };
  /// Whether is_live() would say so of each at one moment: for thousands at once.
  virtual bool are_live(std::span<const Asked> shares, core::Time now) const = 0;
};  // no update, no delete: the API is the policy

}  // namespace sekisho::sharing
