// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/desk.h"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

#include "core/random.h"
#include "dicomweb/attributes.h"
#include "dicomweb/events.h"

namespace sekisho::dicomweb {
namespace {

std::span<const Permission> sufficient(Needed needed) {
  static constexpr Permission kToLook[] = {Permission::view, Permission::download};
  static constexpr Permission kToFetch[] = {Permission::download};
  static constexpr Permission kToGiveBack[] = {Permission::give_back};
  switch (needed) {
    case Needed::to_look:
      return kToLook;
    case Needed::to_fetch:
      return kToFetch;
    case Needed::to_give_back:
      return kToGiveBack;
  }
  return {};
}

}  // namespace

/// The recipient's other shares stay open; that this one does not is news for staff.
void Desk::report_unreadable(const sharing::Share& share, Denial why) {
  if (why != Denial::unreadable_profile) return;
  ports_.report(core::Severity::error,
                "share " + share.id.text() + ": its mask profile cannot be read, nothing is shown");
}

Denial Desk::why_ended(const Call& call) const {
  const bool holds = sharing::holds(call.who.credential(), ports_.recipients, ports_.clock());
  return holds ? Denial::revoked_share : Denial::expired_credential;
}

ShareViews::Answer Desk::view_of(const Call& call, const sharing::Share& share,
                                 Freshness freshness) {
  ShareViews::Answer view;
  const auto ended =
      while_wanted(call, share.id, share.approved_series, [&](const core::Demand& demand) {
        view = views_.of(share, freshness, call.request.received_at, demand);
      });
  return ended ? *ended : std::move(view);
}

ShareViews::Answer Desk::view_of_study(const Call& call, const sharing::Share& share,
                                       Freshness freshness) {
  ShareViews::Answer view;
  const auto ended =
      while_wanted(call, share.id, share.approved_series, [&](const core::Demand& demand) {
        view = views_.of_study(share, call.target.path.study, freshness, call.request.received_at,
                               demand);
      });
  return ended ? *ended : std::move(view);
}

std::variant<Candidate, Denial> Desk::candidate(const Call& call, const sharing::Share& share) {
  Denial denial = Denial::missing_permission;
  for (const Permission permission : sufficient(call.target.route->needed)) {
    const auto decision = sharing::authorize(share, call.who, permission, sharing::WholeShare{},
                                             call.request.received_at);
    const auto* no = std::get_if<Denial>(&decision);
    if (no == nullptr) return Candidate{&share, permission};
    // Where the share allows one thing and the token another, the token is why.
    if (denial != Denial::narrow_token) denial = *no;
  }
  return denial;
}

std::variant<std::vector<Candidate>, Denial> Desk::candidates(const Call& call) {
  std::vector<Candidate> admitted;
  std::optional<Denial> first_denial;
  for (const auto& share : call.shares) {
    const auto candidate = Desk::candidate(call, *share);
    if (const auto* denial = std::get_if<Denial>(&candidate)) {
      if (!first_denial) first_denial = *denial;
    } else {
      admitted.push_back(std::get<Candidate>(candidate));
    }
  }
  if (admitted.empty() && first_denial) return *first_denial;
  return admitted;
}

std::variant<std::vector<Admitted>, Denial> Desk::admit(const Call& call, Freshness freshness) {
  const auto candidates = Desk::candidates(call);
  if (const auto* denial = std::get_if<Denial>(&candidates)) return *denial;
  std::vector<Admitted> admitted;
  std::optional<Denial> first_denial;
  for (const auto& [share, permission] : std::get<std::vector<Candidate>>(candidates)) {
    auto view = view_of(call, *share, freshness);
    if (const auto* denial = std::get_if<Denial>(&view)) {
      report_unreadable(*share, *denial);
      if (!first_denial) first_denial = *denial;
      continue;
    }
    admitted.push_back({share, permission, std::get<0>(std::move(view))});
  }
  if (admitted.empty() && first_denial) return *first_denial;
  return admitted;
}

std::variant<std::vector<Admitted>, Denial> Desk::locate(const Call& call, Freshness freshness,
                                                         Wanted wanted) {
  std::vector<Admitted> showing;
  // Of thousands of shares it is one or two: only these are decided on.
  for (const sharing::Share* share : views_.that_may_show(call.target.path.study, call.shares)) {
    const auto candidate = Desk::candidate(call, *share);
    const auto* allowed = std::get_if<Candidate>(&candidate);
    if (allowed == nullptr) continue;
    auto view = view_of_study(call, *share, freshness);
    const auto* readable = std::get_if<std::shared_ptr<const ShareView>>(&view);
    if (readable == nullptr || !(*readable)->shows(call.target.path)) continue;
    showing.push_back({share, allowed->permission, *readable});
    if (wanted == Wanted::first) break;
  }
  if (!showing.empty()) return showing;
  // Nothing that we knew of: what came into the archive since is found by asking for all of it.
  auto admission = admit(call, Freshness::present);
  if (const auto* denial = std::get_if<Denial>(&admission)) return *denial;
  auto& admitted = std::get<std::vector<Admitted>>(admission);
  std::erase_if(admitted,
                [&](const Admitted& each) { return !each.view->shows(call.target.path); });
  if (admitted.empty()) return Denial::out_of_scope;
  return std::move(admitted);
}

std::variant<Granted, Denial> Desk::find(const Call& call, Freshness freshness) {
  const auto located = locate(call, freshness, Wanted::first);
  if (const auto* denial = std::get_if<Denial>(&located)) return *denial;
  const Admitted& first = std::get<std::vector<Admitted>>(located).front();
  return Granted::ask(first.view, *first.share, call.who, first.permission,
                      first.view->find(call.target.path), call.target.route->level,
                      call.request.received_at);
}

/// A file that is still there under a listed name is the one that was listed, so a single instance
/// needs no new listing; one that is gone from there gets it.
std::variant<Granted, Reply> Desk::find_one(const Call& call) {
  for (const Freshness freshness : {Freshness::recent, Freshness::present}) {
    auto found = find(call, freshness);
    if (const auto* denial = std::get_if<Denial>(&found)) return deny(call, *denial);
    auto& granted = std::get<Granted>(found);
    const auto prepared = prepare(call, granted);
    if (const auto* denial = std::get_if<Denial>(&prepared)) return deny(call, *denial);
    const auto why = std::get<std::optional<Unavailable>>(prepared);
    if (!why) return std::move(granted);
    const bool is_known = freshness == Freshness::present || *why != Unavailable::gone;
    if (is_known) return withhold(call, granted, *why);
  }
  return Reply::not_found();
}

std::variant<std::optional<Unavailable>, Denial> Desk::prepare(const Call& call, Granted& granted) {
  std::optional<Unavailable> why;
  const ShareView& view = granted.view();
  const auto ended = while_wanted(
      call, view.share(), view.approved(),
      [&](const core::Demand& demand) { why = granted.prepare(ports_, findings_, demand); });
  if (ended) return *ended;
  return why;
}

std::variant<Granted, Reply> Desk::find_many(const Call& call) {
  auto found = find(call, Freshness::present);
  if (const auto* denial = std::get_if<Denial>(&found)) return deny(call, *denial);
  auto& granted = std::get<Granted>(found);
  const auto prepared = prepare(call, granted);
  if (const auto* denial = std::get_if<Denial>(&prepared)) return deny(call, *denial);
  if (const auto why = std::get<std::optional<Unavailable>>(prepared)) {
    return withhold(call, granted, *why);
  }
  return std::move(granted);
}

std::variant<Granted, Reply> Desk::find_beside(const Call& call, const Granted& means,
                                               const ShownPath& path) {
  const auto candidates = this->candidates(call);
  if (const auto* denial = std::get_if<Denial>(&candidates)) return deny(call, *denial);
  const auto& all = std::get<std::vector<Candidate>>(candidates);
  const auto same = std::ranges::find_if(
      all, [&](const Candidate& each) { return each.share->id == means.view().share(); });
  if (same == all.end()) return deny(call, Denial::out_of_scope);
  const InstanceRef& of_means = means.instances().front();
  const ShownPath place{of_means.study->uid, of_means.series->uid, of_means.instance->uid};
  auto view = view_of_study(call, *same->share, Freshness::recent);
  if (const auto* denial = std::get_if<Denial>(&view)) return deny(call, *denial);
  auto& shown = std::get<std::shared_ptr<const ShareView>>(view);
  auto instances = shown->find(path);
  const auto others = shown->find(place);
  if (instances.size() != 1 || others.size() != 1) return deny(call, Denial::out_of_scope);
  instances.push_back(others.front());
  auto both = Granted::ask(shown, *same->share, call.who, same->permission, std::move(instances),
                           Level::instance, call.request.received_at);
  if (const auto* denial = std::get_if<Denial>(&both)) return deny(call, *denial);
  auto& granted = std::get<Granted>(both);
  const auto prepared = prepare(call, granted);
  if (const auto* denial = std::get_if<Denial>(&prepared)) return deny(call, *denial);
  const auto none = std::get<std::optional<Unavailable>>(prepared);
  if (none) return withhold(call, granted, *none);
  if (!granted.missing().empty()) return withhold(call, granted, granted.missing().front().why);
  return std::move(granted);
}

std::variant<Granted, Reply> Desk::find(const Call& call) {
  return call.target.route->level == Level::instance ? find_one(call) : find_many(call);
}

const sharing::Share& Desk::share_of(const Call& call, const Granted& granted) {
  const auto share = std::ranges::find_if(
      call.shares, [&](const auto& each) { return each->id == granted.view().share(); });
  if (share == call.shares.end()) throw std::logic_error("granted by no share that may answer");
  return **share;
}

bool Desk::may_fetch(const Call& call, const Granted& granted) {
  return std::holds_alternative<sharing::Grant>(
      sharing::authorize(share_of(call, granted), call.who, Permission::download,
                         sharing::WholeShare{}, call.request.received_at));
}

PictureMark Desk::mark_of(const Call& call, const Granted& granted) {
  return PictureMark::of(share_of(call, granted), call.who, call.request.received_at);
}

core::Sha256 Desk::random_run() {
  core::Sha256 run;
  core::fill_nonce(run);
  return run;
}

http::EntityTag Desk::tag_of(const Granted& granted, const core::Sha256& form) const {
  const core::Sha256 what = core::sha256({run_, form, granted.first()->pixels().file().identity()});
  return http::EntityTag(granted.view().tag_of(granted.instances().front(), what));
}

Disclosure Desk::disclose(const Call& call, Granted granted, RecordedAs as, audit::Event event) {
  report_missing(call, granted);
  return disclosure::disclose(std::move(granted), as, std::move(event), viewings_, ports_,
                              call.request.stop);
}

Reply Desk::deny(const Call& call, Denial why) {
  audit::Event event = event_of(call, audit::EventCode::denial, call.only.get());
  event.detail = sharing::name(why);
  ports_.denials.record(std::move(event));
  return Reply::not_found();
}

Reply Desk::refuse(const Call& call, const Granted& granted, int status, std::string_view why) {
  audit::Event event = event_of(call, audit::EventCode::denial, call.only.get());
  event.share_id = granted.view().share().text();
  event.detail = why;
  ports_.denials.record(std::move(event));
  return Reply::error(status);
}

/// Before the first byte there is still an answer where nothing can be given.
Reply Desk::withhold(const Call& call, const Granted& granted, Unavailable why) {
  if (why == Unavailable::gone || why == Unavailable::withheld) return Reply::not_found();
  report_missing(call, granted);
  return Reply::error(500);
}

/// By their revisions, which are their names in Orthanc's storage: they tell nothing of a patient.
void Desk::report_missing(const Call& call, const Granted& granted) {
  constexpr std::size_t kMostFiles = 10;
  const auto& missing = granted.missing();
  if (missing.empty()) return;
  std::string text = "share " + granted.view().share().text() + ", request " +
                     call.request.request_id +
                     ": not sent, instances: " + std::to_string(missing.size()) + ':';
  for (std::size_t i = 0; i < std::min(missing.size(), kMostFiles); ++i) {
    text.append(i == 0 ? " file " : ", file ");
    text.append(missing[i].instance.instance->original->revision).append(" is ");
    text.append(name(missing[i].why));
  }
  if (missing.size() > kMostFiles) text += ", and others";
  ports_.report(core::Severity::warning, text);
}

void Desk::close_finished_viewings() {
  const core::Time now = ports_.clock();
  viewings_.close_finished([&](const std::string& share_id) {
    const auto id = sharing::ShareId::parse(share_id);
    return id && ports_.shares.is_live(*id, now);
  });
}

}  // namespace sekisho::dicomweb
