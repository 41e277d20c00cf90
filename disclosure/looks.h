// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/demand.h"
#include "core/id.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "core/time.h"
#include "sharing/recipient.h"
#include "sharing/share.h"

namespace sekisho::disclosure {

struct LookKind;
using LookId = core::Id<LookKind>;

/// What instances are looked at for.
enum class LookFor {
  preview,   ///< staff want to see what a share would show
  creation,  ///< staff make the share
  approval,  ///< staff approve a series of it
  view,      ///< its recipient asks: for the first time since a start, or since something came
};
std::string_view name(LookFor purpose);

/// Who waits for a look, and for what: nothing of it tells of a patient.
struct LookSubject {
  LookFor purpose;
  sharing::RecipientId recipient;
  sharing::ShareId share{};  ///< empty where there is none yet
  std::string actor{};       ///< of staff; empty where it is the recipient who waits
};

/// How far a look is, at one moment.
struct LookProgress {
  LookId id;
  LookSubject subject;
  core::Time started_at;
  std::uint64_t done = 0;
  std::optional<std::uint64_t> total;  ///< `nullopt` until the archive has listed them
};

class Looks;

/// That instances are being looked at, until this goes. One thread, that which looks.
class Look {
 public:
  Look(Look&&) noexcept = default;
  Look& operator=(Look&&) = delete;
  ~Look();

  /// How many instances there are. Once.
  void expect(std::size_t instances);
  /// So many of them are done.
  void add_done(std::size_t instances);
  /// That of whoever waits, until the look is given up.
  const core::Demand& demand() const { return demand_; }

 private:
  friend class Looks;
  struct State;
  Look(Looks& looks, std::shared_ptr<State> state, const core::Demand& wanted);

  Looks& looks_;
  std::shared_ptr<State> state_;  ///< null once moved from
  core::Demand demand_;
};

/// The looks that are under way, for staff to see how far they are. There are never more of them
/// than threads that look. Any thread may call any method.
class Looks {
 public:
  explicit Looks(core::Clock clock) : clock_(std::move(clock)) {}
  /// Every look is over.
  ~Looks() = default;
  Looks(const Looks&) = delete;
  Looks& operator=(const Looks&) = delete;

  /// This outlives it. `wanted` says whether somebody waits.
  Look begin(LookSubject subject, const core::Demand& wanted);
  /// The same by a name that whoever waits has chosen: `nullopt` where one of that name is under
  /// way.
  std::optional<Look> begin_as(const LookId& id, LookSubject subject, const core::Demand& wanted);

  /// In the order in which they were begun.
  std::vector<LookProgress> under_way() const;
  std::optional<LookProgress> find(const LookId& id) const;
  /// Its demand is over from now on. False if no such look is under way.
  bool give_up(const LookId& id);

 private:
  friend class Look;
  void end(const Look::State& look) noexcept;
  /// Null if there is none.
  std::shared_ptr<Look::State> named(const LookId& id) const;

  const core::Clock clock_;
  mutable core::Mutex mutex_;
  std::vector<std::shared_ptr<Look::State>> under_way_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::disclosure
