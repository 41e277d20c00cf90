// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/service.h"

#include <algorithm>
#include <array>
#include <list>
#include <span>
#include <variant>

#include "core/demand.h"
#include "core/digest.h"
#include "core/encoding.h"
#include "dicomweb/accept.h"
#include "dicomweb/call.h"
#include "dicomweb/dicom_body.h"
#include "dicomweb/events.h"
#include "dicomweb/metadata_body.h"
#include "dicomweb/search.h"
#include "dicomweb/search_run.h"
#include "dicomweb/take_back.h"
#include "disclosure/disclosure.h"
#include "disclosure/share_views.h"
#include "disclosure/viewing.h"

namespace sekisho::dicomweb {
namespace {

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

/// Searches and metadata are for those who may look and for those who may fetch.
std::span<const Permission> sufficient(Action action) {
  static constexpr Permission kToLook[] = {Permission::view, Permission::download};
  static constexpr Permission kToFetch[] = {Permission::download};
  static constexpr Permission kToGiveBack[] = {Permission::give_back};
  if (action == Action::retrieve) return kToFetch;
  if (action == Action::store) return kToGiveBack;
  return kToLook;
}

std::string random_boundary() {
  std::array<core::Byte, 16> bytes{};
  core::fill_random(bytes);
  return core::to_hex(bytes);
}

// PS3.18 §10.6.3.
constexpr std::string_view kFuzzyWarning =
    R"(299 sekisho "The fuzzymatching parameter is not supported. Only literal matching has been performed.")";
constexpr std::string_view kCutWarning =
    R"(299 sekisho "The number of results exceeded the maximum supported by the server. Additional results can be requested.")";

}  // namespace

class Service::State {
 public:
  State(const Ports& ports, Limits limits)
      : ports_(ports),
        limits_(limits),
        rows_(limits.cache_bytes, cached_attributes()),
        views_(ports_, rows_),
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

Reply Service::State::answer(Call& call) {
  try {
    switch (call.target.route->action) {
      case Action::search:
        return search(call);
      case Action::retrieve:
        return retrieve(call);
      case Action::metadata:
        return metadata(call);
      case Action::store:
        return store(call);
    }
  } catch (const audit::AuditError&) {
    // The one trouble that has an answer of its own: no record, no access.
    ports_.report(core::Severity::error, "request " + call.request.request_id +
                                             ": refused, the access log cannot be written");
    return Reply::error(503);
  } catch (const core::MemoryShortage&) {
    return Reply::error(503).with_header("Retry-After", "5");
  } catch (const core::DemandOver&) {
    return Reply::error(503);  // for nobody
  }
  return Reply::not_found();
}

std::optional<Reply> Service::State::refuse_body(const Call& call) {
  try {
    const auto admission = admit(call, Freshness::recent);
    if (const auto* denial = std::get_if<Denial>(&admission)) return deny(call, *denial);
    if (std::get<std::vector<Admitted>>(admission).empty()) return deny(call, Denial::out_of_scope);
  } catch (const core::DemandOver&) {
    return Reply::error(503);  // for nobody
  }
  return std::nullopt;
}

/// Somebody wants to send something to where nothing is taken.
Reply Service::State::refuse_unknown(const Request& request, const sharing::Authenticated& who,
                                     const sharing::SharedShares& shares) {
  const sharing::Share* only = shares.size() == 1 ? shares.front().get() : nullptr;
  audit::Event event = event_of(request, who, audit::EventCode::denial, only);
  event.detail = sharing::name(Denial::out_of_scope);
  ports_.denials.record(std::move(event));
  return Reply::not_found();
}

/// The recipient's other shares stay open; that this one does not is news for staff.
void Service::State::report_unreadable(const sharing::Share& share, Denial why) {
  if (why != Denial::unreadable_profile) return;
  ports_.report(core::Severity::error,
                "share " + share.id.text() + ": its mask profile cannot be read, nothing is shown");
}

Denial Service::State::why_ended(const Call& call) const {
  const bool holds = sharing::holds(call.who.credential(), ports_.recipients, ports_.clock());
  return holds ? Denial::revoked_share : Denial::expired_credential;
}

template <class Work>
std::optional<Denial> Service::State::while_wanted(const Call& call, const sharing::ShareId& share,
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

ShareViews::Answer Service::State::view_of(const Call& call, const sharing::Share& share,
                                           Freshness freshness) {
  ShareViews::Answer view;
  const auto ended =
      while_wanted(call, share.id, share.approved_series, [&](const core::Demand& demand) {
        view = views_.of(share, freshness, call.request.received_at, demand);
      });
  return ended ? *ended : std::move(view);
}

ShareViews::Answer Service::State::view_of_study(const Call& call, const sharing::Share& share,
                                                 Freshness freshness) {
  ShareViews::Answer view;
  const auto ended =
      while_wanted(call, share.id, share.approved_series, [&](const core::Demand& demand) {
        view = views_.of_study(share, call.target.path.study, freshness, call.request.received_at,
                               demand);
      });
  return ended ? *ended : std::move(view);
}

std::variant<std::vector<Candidate>, Denial> Service::State::candidates(const Call& call) {
  std::vector<Candidate> admitted;
  std::optional<Denial> first_denial;
  for (const auto& share : call.shares) {
    std::optional<Denial> denial;
    for (const Permission permission : sufficient(call.target.route->action)) {
      const auto decision = sharing::authorize(*share, call.who, permission, sharing::WholeShare{},
                                               call.request.received_at);
      if (const auto* no = std::get_if<Denial>(&decision)) {
        denial = *no;
        continue;
      }
      denial.reset();
      admitted.push_back({share.get(), permission});
      break;
    }
    if (!first_denial) first_denial = denial;
  }
  if (admitted.empty() && first_denial) return *first_denial;
  return admitted;
}

std::variant<std::vector<Admitted>, Denial> Service::State::admit(const Call& call,
                                                                  Freshness freshness) {
  const auto candidates = this->candidates(call);
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

std::variant<std::vector<Admitted>, Denial> Service::State::locate(const Call& call,
                                                                   Freshness freshness,
                                                                   Wanted wanted) {
  const auto candidates = this->candidates(call);
  if (const auto* denial = std::get_if<Denial>(&candidates)) return *denial;
  std::vector<Admitted> showing;
  for (const auto& [share, permission] : std::get<std::vector<Candidate>>(candidates)) {
    auto view = view_of_study(call, *share, freshness);
    const auto* readable = std::get_if<std::shared_ptr<const ShareView>>(&view);
    if (readable == nullptr || !(*readable)->shows(call.target.path)) continue;
    showing.push_back({share, permission, *readable});
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

std::variant<Granted, Denial> Service::State::find(const Call& call, Freshness freshness) {
  const auto located = locate(call, freshness, Wanted::first);
  if (const auto* denial = std::get_if<Denial>(&located)) return *denial;
  const Admitted& first = std::get<std::vector<Admitted>>(located).front();
  return Granted::ask(first.view, *first.share, call.who, first.permission,
                      first.view->find(call.target.path), call.target.route->level,
                      call.request.received_at);
}

/// A file that is still there under a listed name is the one that was listed, so a single instance
/// needs no new listing; one that is gone from there gets it.
std::variant<Granted, Reply> Service::State::find_one(const Call& call) {
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

std::variant<std::optional<Unavailable>, Denial> Service::State::prepare(const Call& call,
                                                                         Granted& granted) {
  std::optional<Unavailable> why;
  const ShareView& view = granted.view();
  const auto ended = while_wanted(
      call, view.share(), view.approved(),
      [&](const core::Demand& demand) { why = granted.prepare(ports_, findings_, demand); });
  if (ended) return *ended;
  return why;
}

std::variant<Granted, Reply> Service::State::find_many(const Call& call) {
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

Reply Service::State::deny(const Call& call, Denial why) {
  audit::Event event = event_of(call, audit::EventCode::denial, call.only.get());
  event.detail = sharing::name(why);
  ports_.denials.record(std::move(event));
  return Reply::not_found();
}

/// Before the first byte there is still an answer where nothing can be given.
Reply Service::State::withhold(const Call& call, const Granted& granted, Unavailable why) {
  if (why == Unavailable::gone || why == Unavailable::withheld) return Reply::not_found();
  report_missing(call, granted);
  return Reply::error(500);
}

/// By their revisions, which are their names in Orthanc's storage: they tell nothing of a patient.
void Service::State::report_missing(const Call& call, const Granted& granted) {
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

Reply Service::State::search(Call& call) {
  if (!negotiate(acceptable(call.request), {Media::dicom_json})) return Reply::error(406);
  const auto search = parse_search(call.request.query, call.target.route->level);
  if (!search) return Reply::error(400);
  while (true) {
    const auto admission = call.target.path.study.empty()
                               ? admit(call, Freshness::present)
                               : locate(call, Freshness::present, Wanted::all);
    if (const auto* denial = std::get_if<Denial>(&admission)) return deny(call, *denial);
    auto reply = answer_search(call, *search, std::get<std::vector<Admitted>>(admission));
    if (reply) return *std::move(reply);
    // Something has ended meanwhile. The others are asked again: a page is theirs alone then.
    if (why_ended(call) == Denial::expired_credential) {
      return deny(call, Denial::expired_credential);
    }
    const core::Time now = ports_.clock();
    const auto ended = std::erase_if(call.shares, [&](const auto& share) {
      return !ports_.shares.is_live(share->id, now, share->approved_series);
    });
    if (ended == 0 || call.shares.empty()) return deny(call, Denial::revoked_share);
  }
}

/// `nullopt` where something has ended under way: then nothing of it leaves.
std::optional<Reply> Service::State::answer_search(const Call& call, const Search& search,
                                                   const std::vector<Admitted>& admitted) {
  std::list<Liveness> liveness;
  SearchRun run(ports_, rows_, search, call.target, call.request.root_url);
  std::vector<SearchRun::Hit> page;
  std::string body;
  try {
    for (const Admitted& each : admitted) {
      liveness.emplace_back(ports_, each.share->id, each.view->approved(), call.who.credential(),
                            call.request.received_at);
      run.add(*each.view, liveness.back().demand(call.request.stop));
    }
    page = run.page(static_cast<std::size_t>(limits_.max_results));
    body = run.json(page);
  } catch (const core::DemandOver&) {
    const auto is_live = [](const Liveness& each) { return each.found() == Liveness::State::live; };
    if (std::ranges::all_of(liveness, is_live)) throw;
    return std::nullopt;
  }
  const auto granted = grant(call, admitted, page);
  if (!granted) return std::nullopt;
  audit::Event event = event_of(call, audit::EventCode::query, call.only.get());
  event.detail = "search";
  const auto disclosed = disclose_rows(*granted, event, call.who.credential(), ports_);
  if (!disclosed) return std::nullopt;
  Reply reply = Reply::json(*disclosed, std::move(body));
  if (search.matching == Search::Matching::fuzzy_asked) {
    reply.with_header("Warning", std::string(kFuzzyWarning));
  }
  if (run.was_cut()) reply.with_header("Warning", std::string(kCutWarning));
  return reply;
}

std::optional<std::vector<Granted>> Service::State::grant(const Call& call,
                                                          const std::vector<Admitted>& admitted,
                                                          const std::vector<SearchRun::Hit>& page) {
  const core::Time now = ports_.clock();
  const bool of_instances = call.target.route->level == Level::instance;
  std::vector<Granted> granted;
  for (const Admitted& each : admitted) {
    std::vector<InstanceRef> rows;
    for (const SearchRun::Hit& hit : page) {
      if (hit.view == each.view.get()) rows.push_back(hit.at);
    }
    if (rows.empty()) continue;
    // What they belong to: their studies, for rows of instances their series.
    auto decision = Granted::ask(each.view, *each.share, call.who, each.permission, std::move(rows),
                                 of_instances ? Level::series : Level::study, now);
    if (std::holds_alternative<Denial>(decision)) return std::nullopt;
    granted.push_back(std::get<Granted>(std::move(decision)));
  }
  return granted;
}

bool Service::State::is_stored_as(const Granted& granted, const Choice& choice,
                                  const core::Demand& demand) {
  const auto& wanted = choice.transfer_syntaxes;
  if (wanted.empty()) return true;
  return std::ranges::all_of(granted.instances(), [&](const InstanceRef& instance) {
    const auto row = row_of(ports_, rows_, granted.view(), instance, demand);
    // What cannot be read is dealt with when its turn to be sent comes.
    return row == nullptr || !row->is_readable() ||
           std::ranges::find(wanted, row->transfer_syntax()) != wanted.end();
  });
}

/// That it is stored in another one is something about it: it goes on record as well.
std::optional<Reply> Service::State::refuse_syntax(const Call& call, const Granted& granted,
                                                   const Choice& choice) {
  bool is_as_asked = false;
  const ShareView& view = granted.view();
  const auto ended = while_wanted(
      call, view.share(), view.approved(),
      [&](const core::Demand& demand) { is_as_asked = is_stored_as(granted, choice, demand); });
  if (ended) return deny(call, *ended);
  if (is_as_asked) return std::nullopt;
  audit::Event event = event_of(call, audit::EventCode::denial, call.only.get());
  event.share_id = view.share().text();
  event.detail = "other_transfer_syntax";
  ports_.denials.record(std::move(event));
  return Reply::error(406);
}

Reply Service::State::retrieve(const Call& call) {
  const bool of_one = call.target.route->level == Level::instance;
  std::vector<Media> offered = {Media::multipart_dicom};
  if (of_one) offered.push_back(Media::single_dicom);
  const auto choice = negotiate(acceptable(call.request), offered);
  if (!choice) return Reply::error(406);
  auto found = of_one ? find_one(call) : find_many(call);
  if (auto* reply = std::get_if<Reply>(&found)) return std::move(*reply);
  return send(call, std::get<Granted>(std::move(found)), *choice);
}

Reply Service::State::send(const Call& call, Granted granted, const Choice& choice) {
  if (auto refusal = refuse_syntax(call, granted, choice)) return *std::move(refusal);
  const bool of_one = call.target.route->level == Level::instance;
  report_missing(call, granted);
  Disclosure disclosed =
      disclose(std::move(granted), of_one ? RecordedAs::viewing : RecordedAs::transfer,
               event_of(call, audit::EventCode::transfer_begin, nullptr), viewings_, ports_,
               call.request.stop);
  const audit::Receipt receipt = disclosed.receipt();
  const anonymization::Masked* first = of_one ? disclosed.first() : nullptr;
  const bool single = choice.media == Media::single_dicom && first != nullptr;
  const std::string boundary = single ? std::string() : random_boundary();
  std::string type = single
                         ? "application/dicom; transfer-syntax=" + first->transfer_syntax().uid
                         : R"(multipart/related; type="application/dicom"; boundary=)" + boundary;
  std::optional<std::uint64_t> size;
  if (first != nullptr) size = DicomBody::size_of(*first, boundary);
  Reply reply = Reply::stream(std::move(type), size,
                              std::make_unique<DicomBody>(std::move(disclosed), boundary));
  if (call.target.route->level == Level::study) {
    reply.with_header("Sekisho-Proof", proof_of(receipt));
  }
  return reply;
}

/// A receipt that whoever got the study can keep without asking for it.
std::string Service::State::proof_of(const audit::Receipt& receipt) {
  const auto proof = ports_.log.proof(receipt.seq());
  if (!proof) throw audit::AuditError("the access log lacks what it has just taken");
  return core::to_base64(core::as_bytes(proof->text()));
}

Reply Service::State::metadata(const Call& call) {
  if (!negotiate(acceptable(call.request), {Media::dicom_json})) return Reply::error(406);
  const bool of_one = call.target.route->level == Level::instance;
  auto found = of_one ? find_one(call) : find_many(call);
  if (auto* reply = std::get_if<Reply>(&found)) return std::move(*reply);
  return send_metadata(call, std::get<Granted>(std::move(found)),
                       of_one ? RecordedAs::viewing : RecordedAs::query);
}

Reply Service::State::send_metadata(const Call& call, Granted granted, RecordedAs as) {
  audit::Event event = event_of(call, audit::EventCode::query, nullptr);
  event.detail = "metadata";
  report_missing(call, granted);
  auto body = std::make_unique<MetadataBody>(
      disclose(std::move(granted), as, std::move(event), viewings_, ports_, call.request.stop));
  const auto size = body->size_bytes();
  return Reply::stream("application/dicom+json", size, std::move(body));
}

Reply Service::State::store(const Call& call) {
  if (!negotiate(acceptable(call.request), {Media::dicom_json})) return Reply::error(406);
  const auto admission = admit(call, Freshness::present);
  if (const auto* denial = std::get_if<Denial>(&admission)) return deny(call, *denial);
  std::vector<ReturnShare> shares;
  for (const Admitted& each : std::get<std::vector<Admitted>>(admission)) {
    shares.push_back({each.share, each.view});
  }
  return TakeBack(ports_, call, std::move(shares)).answer();
}

void Service::State::close_finished_viewings() {
  const core::Time now = ports_.clock();
  viewings_.close_finished([&](const std::string& share_id) {
    const auto id = sharing::ShareId::parse(share_id);
    return id && ports_.shares.is_live(*id, now);
  });
}

Service::Service(const Ports& ports, Limits limits)
    : state_(std::make_unique<State>(ports, limits)) {}

Service::~Service() = default;

Reply Service::answer(const Request& request, const sharing::Authenticated& who,
                      sharing::SharedShares shares) {
  const auto target = match_route(request.path, request.verb);
  if (!target) return Reply::not_found();
  Call call{request, who, std::move(shares), *target};
  return state_->answer(call);
}

std::optional<Reply> Service::refuse_body(const Request& request, const sharing::Authenticated& who,
                                          sharing::SharedShares shares) {
  const auto target = match_route(request.path, request.verb);
  if (!target || target->route->action != Action::store) {
    return state_->refuse_unknown(request, who, shares);
  }
  return state_->refuse_body({request, who, std::move(shares), *target});
}

void Service::close_finished_viewings() { state_->close_finished_viewings(); }

void Service::close_viewings() { state_->close_viewings(); }

void Service::forget_key(const sharing::ShareId& share) { state_->drop(share); }

}  // namespace sekisho::dicomweb
