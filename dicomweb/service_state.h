// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/demand.h"
#include "dicomweb/accept.h"
#include "dicomweb/call.h"
#include "dicomweb/limits.h"
#include "dicomweb/reply.h"
#include "dicomweb/search.h"
#include "dicomweb/search_run.h"
#include "disclosure/disclosure.h"
#include "disclosure/share_views.h"
#include "disclosure/viewing.h"

namespace sekisho::dicomweb {

using disclosure::Disclosure;
using disclosure::Freshness;
using disclosure::Granted;
using disclosure::Liveness;
using disclosure::RecordedAs;
using disclosure::RowCache;
using disclosure::ShareViews;
using disclosure::Unavailable;
using disclosure::Viewings;
using sharing::Denial;
using sharing::Permission;

/// A share that lets the recipient do what is asked for.
struct Candidate {
  const sharing::Share* share;
  Permission permission;
};

struct Admitted {
  const sharing::Share* share;
  Permission permission;
  std::shared_ptr<const ShareView> view;
};

/// How many of the shares that show the target are wanted, newest first.
enum class Wanted { first, all };

/// What Service does. Any thread.
class ServiceState {
 public:
  ServiceState(const Ports& ports, Limits limits)
      : ports_(ports),
        limits_(limits),
        rows_(limits.row_bytes, cached_attributes()),
        views_(ports_, rows_, limits.view_bytes),
        viewings_(ports_.log, ports_.clock) {}

  Reply answer(Call& call);
  std::optional<Reply> refuse_body(const Call& call);
  Reply refuse_unknown(const Request& request, const sharing::Authenticated& who,
                       const sharing::SharedShares& shares);
  void drop(const sharing::ShareId& share) { views_.drop(share); }
  void close_finished_viewings();
  void close_viewings() { viewings_.close_all(); }

 private:
  Reply search(Call& call);
  Reply retrieve(const Call& call);
  Reply metadata(const Call& call);
  Reply store(const Call& call);
  Reply deny(const Call& call, Denial why);
  Reply withhold(const Call& call, const Granted& granted, Unavailable why);
  /// Names to the operator the files of which nothing leaves.
  void report_missing(const Call& call, const Granted& granted);

  /// What in the share, or in what the recipient came with, has ended.
  Denial why_ended(const Call& call) const;
  /// Does `work`, which is for somebody who waits and may have the share; else why he may not any
  /// more. Throws core::DemandOver where he does not wait.
  template <class Work>
  std::optional<Denial> while_wanted(const Call& call, const sharing::ShareId& share,
                                     const std::vector<core::SeriesKey>& approved,
                                     const Work& work) const;
  ShareViews::Answer view_of(const Call& call, const sharing::Share& share, Freshness freshness);
  /// As good for the study that is the target.
  ShareViews::Answer view_of_study(const Call& call, const sharing::Share& share,
                                   Freshness freshness);
  /// The shares that may answer, newest first, or why none may.
  std::variant<std::vector<Candidate>, Denial> candidates(const Call& call);
  /// The same with their views.
  std::variant<std::vector<Admitted>, Denial> admit(const Call& call, Freshness freshness);
  /// Those of them that show the target, which is below a study. Makes no view of a share behind
  /// the first where that is all that is wanted.
  std::variant<std::vector<Admitted>, Denial> locate(const Call& call, Freshness freshness,
                                                     Wanted wanted);
  void report_unreadable(const sharing::Share& share, Denial why);
  /// The target in the newest share that shows it.
  std::variant<Granted, Denial> find(const Call& call, Freshness freshness);
  /// The instance that is the target, which can be given; or the answer where it cannot.
  std::variant<Granted, Reply> find_one(const Call& call);
  /// Granted::prepare() for who waits: why nothing can be given, if so, or why not any more.
  std::variant<std::optional<Unavailable>, Denial> prepare(const Call& call, Granted& granted);
  /// The same of a study or series: those of its instances that can be given.
  std::variant<Granted, Reply> find_many(const Call& call);
  /// Whether every instance is stored in a transfer syntax that was asked for.
  bool is_stored_as(const Granted& granted, const Choice& choice, const core::Demand& demand);
  std::optional<Reply> refuse_syntax(const Call& call, const Granted& granted,
                                     const Choice& choice);
  std::optional<Reply> answer_search(const Call& call, const Search& search,
                                     const std::vector<Admitted>& admitted);
  /// The rows of the page, by share; `nullopt` where one of these is over.
  std::optional<std::vector<Granted>> grant(const Call& call, const std::vector<Admitted>& admitted,
                                            const std::vector<SearchRun::Hit>& page);
  std::string proof_of(const audit::Receipt& receipt);
  /// Where all of it is stored as it was asked for.
  Reply send(const Call& call, Granted granted, const Choice& choice);
  Reply send_metadata(const Call& call, Granted granted, RecordedAs as);

  const Ports ports_;
  const Limits limits_;
  RowCache rows_;
  ShareViews views_;
  Viewings viewings_;
  disclosure::FileFindings findings_;
};

template <class Work>
std::optional<Denial> ServiceState::while_wanted(const Call& call, const sharing::ShareId& share,
                                                 const std::vector<core::SeriesKey>& approved,
                                                 const Work& work) const {
  const Liveness liveness(ports_, share, approved, call.who.credential(), call.request.received_at);
  try {
    work(liveness.demand(call.request.stop));
  } catch (const core::DemandOver&) {
    if (liveness.found() == Liveness::State::live) throw;
    return why_ended(call);
  }
  return std::nullopt;
}

}  // namespace sekisho::dicomweb
