// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/service.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <variant>

#include "core/digest.h"
#include "core/encoding.h"
#include "dicomweb/accept.h"
#include "dicomweb/dicom_body.h"
#include "dicomweb/events.h"
#include "dicomweb/metadata_body.h"
#include "dicomweb/search.h"
#include "dicomweb/search_run.h"
#include "dicomweb/take_back.h"
#include "disclosure/fetch.h"
#include "disclosure/viewing.h"

namespace sekisho::dicomweb {
namespace {

using anonymization::Masked;
using disclosure::Freshness;
using disclosure::InstanceSource;
using disclosure::RowCache;
using disclosure::ShareViews;
using disclosure::Showing;
using disclosure::Unavailable;
using disclosure::Viewings;
using sharing::Denial;
using sharing::Permission;

/// A share that lets the recipient do what is asked for.
struct Admitted {
  const sharing::Share* share;
  Permission permission;
  std::shared_ptr<const ShareView> view;
};

/// What was asked for, found in one share and authorised.
struct Found {
  const sharing::Share* share;
  std::shared_ptr<const ShareView> view;
  std::vector<InstanceRef> instances;
  std::vector<audit::ObjectRef> objects;
};

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
        views_(ports_.store, ports_.shares, ports_.pixel_policy),
        rows_(limits.cache_bytes, cached_attributes()),
        viewings_(ports_.log, ports_.clock) {}

  Reply answer(const Call& call);
  std::optional<Reply> refuse_body(const Call& call);
  void drop(const sharing::ShareId& share) { views_.drop(share); }
  void close_finished_viewings();
  void close_viewings() { viewings_.close_all(); }

 private:
  Reply search(const Call& call);
  Reply retrieve(const Call& call);
  Reply metadata(const Call& call);
  Reply store(const Call& call);
  Reply deny(const Call& call, Denial why);
  Reply withhold(const Call& call, const Found& found, Unavailable why);

  /// The shares that may answer, newest first, or why none may.
  std::variant<std::vector<Admitted>, Denial> admit(const Call& call, Freshness freshness);
  void report_unreadable(const sharing::Share& share, Denial why);
  /// The target in the newest share that shows it.
  std::variant<Found, Denial> find(const Call& call);
  std::variant<Found, Denial> find(const Call& call, Freshness freshness);
  /// Whether every instance is stored in a transfer syntax that was asked for.
  bool is_stored_as(const Found& found, const Choice& choice);
  audit::Receipt record_search(const Call& call, const std::vector<Admitted>& admitted,
                               const std::vector<SearchRun::Hit>& page);
  std::string proof_of(const audit::Receipt& receipt);
  /// The intent is on record when this returns.
  Showing begin(const Call& call, const Found& found);
  Showing join_viewing(const Call& call, const Found& found);
  /// `first` is the only instance where it is masked already.
  Reply send(const Call& call, Found found, Media media, std::optional<Masked> first);
  /// The metadata of one instance.
  Reply send_metadata(const Call& call, Found found, std::string text);

  const Ports ports_;
  const Limits limits_;
  ShareViews views_;
  RowCache rows_;
  Viewings viewings_;
};

Reply Service::State::answer(const Call& call) {
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
  }
  return Reply::not_found();
}

std::optional<Reply> Service::State::refuse_body(const Call& call) {
  const auto admission = admit(call, Freshness::recent);
  if (const auto* denial = std::get_if<Denial>(&admission)) return deny(call, *denial);
  if (std::get<std::vector<Admitted>>(admission).empty()) return Reply::not_found();
  return std::nullopt;
}

/// The recipient's other shares stay open; that this one does not is news for staff.
void Service::State::report_unreadable(const sharing::Share& share, Denial why) {
  if (why != Denial::unreadable_profile) return;
  ports_.report(core::Severity::error,
                "share " + share.id.text() + ": its mask profile cannot be read, nothing is shown");
}

std::variant<std::vector<Admitted>, Denial> Service::State::admit(const Call& call,
                                                                  Freshness freshness) {
  std::vector<Admitted> admitted;
  std::optional<Denial> first_denial;
  for (const sharing::Share& share : call.shares) {
    std::optional<Denial> denial;
    for (const Permission permission : sufficient(call.target.route->action)) {
      const auto decision = sharing::authorize(share, call.who, permission, sharing::WholeShare{},
                                               call.request.received_at);
      if (const auto* no = std::get_if<Denial>(&decision)) {
        denial = *no;
        continue;
      }
      using View = std::shared_ptr<const ShareView>;
      auto view = views_.of(share, freshness, call.request.received_at);
      if (const auto* no = std::get_if<Denial>(&view)) {
        denial = *no;
        report_unreadable(share, *no);
      } else {
        denial.reset();
        admitted.push_back({&share, permission, std::get<View>(std::move(view))});
      }
      break;
    }
    if (!first_denial) first_denial = denial;
  }
  if (admitted.empty() && first_denial) return *first_denial;
  return admitted;
}

/// A file that is still there under a listed name is the one that was listed, so a single instance
/// needs no new listing; one that is not found gets it.
std::variant<Found, Denial> Service::State::find(const Call& call) {
  if (call.target.route->level == Level::instance) {
    auto found = find(call, Freshness::recent);
    if (std::holds_alternative<Found>(found)) return found;
  }
  return find(call, Freshness::present);
}

std::variant<Found, Denial> Service::State::find(const Call& call, Freshness freshness) {
  const auto admission = admit(call, freshness);
  if (const auto* denial = std::get_if<Denial>(&admission)) return *denial;
  for (const Admitted& each : std::get<std::vector<Admitted>>(admission)) {
    Found found{each.share, each.view, each.view->find(call.target.path), {}};
    if (found.instances.empty()) continue;
    for (const auto& object : objects_of(found.instances, call.target.route->level)) {
      const auto decision = sharing::authorize(*each.share, call.who, each.permission, object,
                                               call.request.received_at);
      if (const auto* denial = std::get_if<Denial>(&decision)) return *denial;
      found.objects.push_back(to_object_ref(object));
    }
    return found;
  }
  return Denial::out_of_scope;
}

Reply Service::State::deny(const Call& call, Denial why) {
  const sharing::Share* share = call.shares.size() == 1 ? &call.shares.front() : nullptr;
  audit::Event event = event_of(call, audit::EventCode::denial, share);
  event.outcome = audit::Outcome::minor_failure;
  event.detail = sharing::name(why);
  ports_.log.append(event);
  return Reply::not_found();
}

/// Before the first byte there is still an answer for a file that cannot be given.
Reply Service::State::withhold(const Call& call, const Found& found, Unavailable why) {
  if (why == Unavailable::gone || why == Unavailable::withheld) return Reply::not_found();
  ports_.report(core::Severity::warning, "share " + found.share->id.text() + ", request " +
                                             call.request.request_id + ": the instance is " +
                                             std::string(name(why)) + " and was not sent");
  return Reply::error(500);
}

Reply Service::State::search(const Call& call) {
  if (!negotiate(acceptable(call.request), {Media::dicom_json})) return Reply::error(406);
  const auto search = parse_search(call.request.query, call.target.route->level);
  if (!search) return Reply::error(400);
  const auto admission = admit(call, Freshness::present);
  if (const auto* denial = std::get_if<Denial>(&admission)) return deny(call, *denial);
  const auto& admitted = std::get<std::vector<Admitted>>(admission);

  SearchRun run(ports_, rows_, *search, call.target, call.request.root_url);
  bool target_exists = call.target.path.study.empty();
  for (const Admitted& each : admitted) target_exists |= run.add(*each.view);
  if (!target_exists) return deny(call, Denial::out_of_scope);

  auto page = run.page(static_cast<std::size_t>(limits_.max_results));
  std::string body = run.json(page);
  Reply reply = Reply::json(record_search(call, admitted, page), std::move(body));
  if (search->matching == Search::Matching::fuzzy_asked) {
    reply.with_header("Warning", std::string(kFuzzyWarning));
  }
  if (run.was_cut()) reply.with_header("Warning", std::string(kCutWarning));
  return reply;
}

/// One entry for each share with rows on the page; one without objects where there are none.
audit::Receipt Service::State::record_search(const Call& call,
                                             const std::vector<Admitted>& admitted,
                                             const std::vector<SearchRun::Hit>& page) {
  std::vector<audit::Event> events;
  for (const Admitted& each : admitted) {
    std::vector<InstanceRef> rows;
    for (const SearchRun::Hit& hit : page) {
      if (hit.view == each.view.get()) rows.push_back(hit.at);
    }
    if (!rows.empty()) events.push_back(search_event(call, each.share, rows));
  }
  if (events.empty()) {
    const sharing::Share* only = call.shares.size() == 1 ? &call.shares.front() : nullptr;
    events.push_back(search_event(call, only, {}));
  }
  // The log keeps the order: when the last is durable, all are.
  for (std::size_t i = 0; i + 1 < events.size(); ++i) ports_.log.append_later(events[i]);
  return ports_.log.append(events.back());
}

bool Service::State::is_stored_as(const Found& found, const Choice& choice) {
  const auto& wanted = choice.transfer_syntaxes;
  if (wanted.empty()) return true;
  return std::all_of(
      found.instances.begin(), found.instances.end(), [&](const InstanceRef& instance) {
        const auto row = row_of(ports_, rows_, *found.view, instance);
        // What cannot be read is dealt with when its turn to be sent comes.
        return row == nullptr || !row->is_readable() ||
               std::find(wanted.begin(), wanted.end(), row->transfer_syntax()) != wanted.end();
      });
}

Reply Service::State::retrieve(const Call& call) {
  const bool of_one = call.target.route->level == Level::instance;
  std::vector<Media> offered = {Media::multipart_dicom};
  if (of_one) offered.push_back(Media::single_dicom);
  const auto choice = negotiate(acceptable(call.request), offered);
  if (!choice) return Reply::error(406);
  auto search = find(call);
  if (const auto* denial = std::get_if<Denial>(&search)) return deny(call, *denial);
  Found& found = std::get<Found>(search);
  if (!is_stored_as(found, *choice)) return Reply::error(406);

  std::optional<Masked> first;
  if (of_one) {
    auto fetched = fetch(ports_.store, *found.view, found.instances.front());
    if (const auto* why = std::get_if<Unavailable>(&fetched)) return withhold(call, found, *why);
    first = std::move(std::get<Masked>(fetched));
  }
  return send(call, std::move(found), choice->media, std::move(first));
}

Showing Service::State::begin(const Call& call, const Found& found) {
  audit::Event intent = event_of(call, audit::EventCode::transfer_begin, found.share);
  intent.objects = found.objects;
  intent.studies = words_of(found.instances);
  return viewings_.begin(intent);
}

/// The one instance that was found is authorised; the intent names its series.
Showing Service::State::join_viewing(const Call& call, const Found& found) {
  audit::Event intent = event_of(call, audit::EventCode::transfer_begin, found.share);
  intent.detail = "viewing";
  intent.objects = {to_object_ref(objects_of(found.instances, Level::series).front())};
  intent.studies = words_of(found.instances);
  return viewings_.join(intent, call.who.credential());
}

Reply Service::State::send(const Call& call, Found found, Media media,
                           std::optional<Masked> first) {
  Showing showing = first ? join_viewing(call, found) : begin(call, found);
  const audit::Receipt receipt = showing.receipt();

  const bool single = media == Media::single_dicom;
  const std::string boundary = single ? std::string() : random_boundary();
  std::string type = single
                         ? "application/dicom; transfer-syntax=" + first->transfer_syntax().uid
                         : R"(multipart/related; type="application/dicom"; boundary=)" + boundary;
  std::optional<std::uint64_t> size;
  if (first) size = DicomBody::size_of(*first, boundary);
  auto source =
      std::make_unique<InstanceSource>(ports_, std::move(found.view), std::move(found.instances),
                                       receipt.seq(), call.request.received_at);
  Reply reply = Reply::stream(receipt, std::move(type), size,
                              std::make_unique<DicomBody>(std::move(source), std::move(first),
                                                          boundary, std::move(showing)));
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
  auto search = find(call);
  if (const auto* denial = std::get_if<Denial>(&search)) return deny(call, *denial);
  Found& found = std::get<Found>(search);

  if (call.target.route->level == Level::instance) {
    const auto fetched = fetch(ports_.store, *found.view, found.instances.front());
    if (const auto* why = std::get_if<Unavailable>(&fetched)) return withhold(call, found, *why);
    std::string text = "[";
    append_metadata(text, std::get<Masked>(fetched));
    text += ']';
    return send_metadata(call, std::move(found), std::move(text));
  }
  audit::Event event = event_of(call, audit::EventCode::query, found.share);
  event.detail = "metadata";
  event.instances = found.instances.size();
  event.objects = std::move(found.objects);
  event.studies = words_of(found.instances);
  const audit::Receipt receipt = ports_.log.append(event);
  auto source =
      std::make_unique<InstanceSource>(ports_, std::move(found.view), std::move(found.instances),
                                       receipt.seq(), call.request.received_at);
  return Reply::stream(receipt, "application/dicom+json", std::nullopt,
                       std::make_unique<MetadataBody>(std::move(source)));
}

Reply Service::State::send_metadata(const Call& call, Found found, std::string text) {
  Showing showing = join_viewing(call, found);
  const audit::Receipt receipt = showing.receipt();
  const std::uint64_t size = text.size();
  auto source =
      std::make_unique<InstanceSource>(ports_, std::move(found.view), std::move(found.instances),
                                       receipt.seq(), call.request.received_at);
  return Reply::stream(
      receipt, "application/dicom+json", size,
      std::make_unique<MetadataBody>(std::move(source), std::move(text), std::move(showing)));
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
                      std::vector<sharing::Share> shares) {
  const auto target = match_route(request.path, request.verb);
  if (!target) return Reply::not_found();
  return state_->answer({request, who, shares, *target});
}

std::optional<Reply> Service::refuse_body(const Request& request, const sharing::Authenticated& who,
                                          std::vector<sharing::Share> shares) {
  const auto target = match_route(request.path, request.verb);
  if (!target || target->route->action != Action::store) return Reply::not_found();
  return state_->refuse_body({request, who, shares, *target});
}

void Service::close_finished_viewings() { state_->close_finished_viewings(); }

void Service::close_viewings() { state_->close_viewings(); }

void Service::forget_key(const sharing::ShareId& share) { state_->drop(share); }

}  // namespace sekisho::dicomweb
