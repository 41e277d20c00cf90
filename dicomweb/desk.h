// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/demand.h"
#include "core/digest.h"
#include "dicomweb/call.h"
#include "dicomweb/limits.h"
#include "dicomweb/picture_mark.h"
#include "dicomweb/reply.h"
#include "disclosure/disclosure.h"
#include "disclosure/made_texts.h"
#include "disclosure/share_views.h"
#include "disclosure/viewing.h"
#include "http/entity_tag.h"
#include "returns/inspector.h"

namespace sekisho::dicomweb {

using disclosure::Disclosure;
using disclosure::Freshness;
using disclosure::Granted;
using disclosure::InstanceRef;
using disclosure::Liveness;
using disclosure::Ports;
using disclosure::RecordedAs;
using disclosure::RowCache;
using disclosure::ShareView;
using disclosure::ShareViews;
using disclosure::Unavailable;
using disclosure::Viewings;
using sharing::Denial;
using sharing::Permission;

/// Why an instance is refused that is stored in a transfer syntax other than those asked for.
constexpr std::string_view kOtherSyntax = "other_transfer_syntax";
/// Why one is of which there is no such picture.
constexpr std::string_view kNotRenderable = "not_renderable";

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

/// What every handler works with, and how it finds what it is asked for: in which shares, whether
/// it can be given, and the refusal. Any thread. All of it throws what the stores throw, and
/// core::DemandOver where nobody waits any more.
class Desk {
 public:
  Desk(const Ports& ports, Limits limits, returns::Inspector* returns)
      : limits_(limits),
        returns_(returns),
        heads_(limits.head_bytes),
        ports_(with_heads(ports)),
        rows_(limits.row_bytes, cached_attributes()),
        texts_(limits.text_bytes),
        views_(ports_, rows_, limits.view_bytes),
        viewings_(ports_.log, ports_.clock),
        run_(random_run()) {}

  const Ports& ports() const { return ports_; }
  const Limits& limits() const { return limits_; }
  /// Null where what comes back goes into the archive at once.
  returns::Inspector* returns() const { return returns_; }
  RowCache& rows() { return rows_; }
  /// The metadata that were made.
  disclosure::MadeTexts& texts() { return texts_; }

  /// The shares that may answer, newest first, with their views; or why none may.
  std::variant<std::vector<Admitted>, Denial> admit(const Call& call, Freshness freshness);
  /// Those of them that show the target, which is below a study. Makes no view of a share behind
  /// the first where that is all that is wanted.
  std::variant<std::vector<Admitted>, Denial> locate(const Call& call, Freshness freshness,
                                                     Wanted wanted);
  /// The instance that is the target, which can be given; or the answer where it cannot.
  std::variant<Granted, Reply> find_one(const Call& call);
  /// The same of a study or series: those of its instances that can be given.
  std::variant<Granted, Reply> find_many(const Call& call);
  /// Whichever of the two the route is for.
  std::variant<Granted, Reply> find(const Call& call);

  /// The instance at `path`, which is to be seen by means of what was granted, in the same share:
  /// both are granted and can be given, the one at `path` first.
  std::variant<Granted, Reply> find_beside(const Call& call, const Granted& means,
                                           const ShownPath& path);

  /// Whether who has this granted may have the values and pixels of it by themselves too.
  static bool may_fetch(const Call& call, const Granted& granted);

  /// Does `work`, which is for somebody who waits and may have the share; else why he may not any
  /// more. Throws core::DemandOver where he does not wait.
  template <class Work>
  std::optional<Denial> while_wanted(const Call& call, const sharing::ShareId& share,
                                     const std::vector<core::SeriesKey>& approved,
                                     const Work& work) const;
  /// What in the share, or in what the recipient came with, has ended.
  Denial why_ended(const Call& call) const;

  /// What each picture of what was granted gets.
  static PictureMark mark_of(const Call& call, const Granted& granted);

  /// What tells one state of one form of the only instance, which is here, from all others (ADR
  /// 35); `form` says which form it is.
  http::EntityTag tag_of(const Granted& granted, const core::Sha256& form) const;

  /// Puts on record, then hands out; names to the operator the files of which nothing leaves.
  /// Throws audit::AuditError: then nothing leaves.
  Disclosure disclose(const Call& call, Granted granted, RecordedAs as, audit::Event event);
  /// The one answer to everything refused, with its entry in the log.
  Reply deny(const Call& call, Denial why);
  /// The answer, with this status, where what was granted is not to be had as it was asked for:
  /// that tells something about it, so it goes on record as well.
  Reply refuse(const Call& call, const Granted& granted, int status, std::string_view why);

  void drop(const sharing::ShareId& share) {
    views_.drop(share);
    texts_.drop(share);
    heads_.drop(share);
  }
  void close_finished_viewings();
  void close_viewings() { viewings_.close_all(); }

 private:
  static core::Sha256 random_run();
  static const sharing::Share& share_of(const Call& call, const Granted& granted);
  ShareViews::Answer view_of(const Call& call, const sharing::Share& share, Freshness freshness);
  /// As good for the study that is the target.
  ShareViews::Answer view_of_study(const Call& call, const sharing::Share& share,
                                   Freshness freshness);
  /// The share, where it may answer; or why not.
  static std::variant<Candidate, Denial> candidate(const Call& call, const sharing::Share& share);
  /// All of those, newest first, or why none may.
  static std::variant<std::vector<Candidate>, Denial> candidates(const Call& call);
  void report_unreadable(const sharing::Share& share, Denial why);
  /// The target in the newest share that shows it.
  std::variant<Granted, Denial> find(const Call& call, Freshness freshness);
  /// Granted::prepare() for who waits: why nothing can be given, if so, or why not any more.
  std::variant<std::optional<Unavailable>, Denial> prepare(const Call& call, Granted& granted);
  Reply withhold(const Call& call, const Granted& granted, Unavailable why);
  /// Names to the operator the files of which nothing leaves.
  void report_missing(const Call& call, const Granted& granted);

  Ports with_heads(Ports ports) const {
    ports.heads = &heads_;
    return ports;
  }

  const Limits limits_;
  returns::Inspector* const returns_;
  const disclosure::KnownHeads heads_;
  const Ports ports_;
  RowCache rows_;
  disclosure::MadeTexts texts_;
  ShareViews views_;
  Viewings viewings_;
  disclosure::FileFindings findings_;
  const core::Sha256 run_;  ///< of no other run of the program
};

template <class Work>
std::optional<Denial> Desk::while_wanted(const Call& call, const sharing::ShareId& share,
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
