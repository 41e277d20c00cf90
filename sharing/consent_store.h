// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "sharing/consent.h"
#include "sharing/creation_key.h"
#include "sharing/list_order.h"
#include "sharing/share.h"

namespace sekisho::sharing {

/// What the staff list may be narrowed to.
struct ConsentFilter {
  std::optional<std::string> patient_id{};
  std::optional<ConsentStatus> status{};
  std::optional<core::Time> since{};  ///< put down then or later
  std::optional<core::Time> until{};  ///< put down before
  ListOrder order = ListOrder::oldest_first;
  ConsentId after{};  ///< what the list goes on behind; empty: from its beginning
  int limit = 100;    ///< 1 to kMostListed
};

/// The durable home of consents, beside the shares that lean on them. A share leans on those of its
/// patients to its purpose, by whom and whenever they were put down. Any thread may call any
/// method. A database failure throws core::DatabaseError; "no such consent" is a value.
class ConsentStore {
 public:
  virtual ~ConsentStore() = default;
  ConsentStore(const ConsentStore&) = delete;
  ConsentStore& operator=(const ConsentStore&) = delete;

  /// On return the consent is on disk. False, and no consent, if `creation` has made something
  /// before.
  virtual bool insert(const Consent& consent, const std::optional<CreationKey>& creation) = 0;
  bool insert(const Consent& consent) { return insert(consent, std::nullopt); }
  virtual std::optional<Consent> find(const ConsentId& id) const = 0;
  virtual std::vector<Consent> list(const ConsentFilter& filter, core::Time now) const = 0;
  /// Of the consents of a patient to a purpose that hold at `when` the one that does so longest.
  virtual std::optional<Consent> longest(std::string_view patient_id, std::string_view purpose,
                                         core::Time when) const = 0;

  /// The shares that end with a consent: all of its patient's that are not over at `now`, without
  /// those which another consent carries from then, or from their beginning, to their end. In the
  /// order of their creation.
  virtual std::vector<ShareId> ended_without(const ConsentId& id, core::Time now) const = 0;
  struct Act {
    core::Time at;
    std::string by;
    std::string reason;
  };
  enum class Withdrawal {
    done,
    withdrawn_before,  ///< nothing was done: the first withdrawal is the one on record
    ends_more          ///< nothing was done: shares end with it that are not among those given
  };
  /// Withdraws a consent that is there and revokes `shares`, all at once: on return that is on
  /// disk.
  virtual Withdrawal withdraw(const ConsentId& id, const Act& act,
                              const std::vector<ShareId>& shares) = 0;
  /// What was revoked with its withdrawal.
  virtual std::vector<ShareId> ended_shares(const ConsentId& id) const = 0;

 protected:
  ConsentStore() = default;
};  // no update, no delete: the API is the policy

}  // namespace sekisho::sharing
