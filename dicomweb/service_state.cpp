// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/service_state.h"

#include <algorithm>
#include <array>
#include <list>
#include <variant>

#include "core/encoding.h"
#include "core/random.h"
#include "dicomweb/dicom_body.h"
#include "dicomweb/events.h"
#include "dicomweb/metadata_body.h"
#include "dicomweb/take_back.h"

namespace sekisho::dicomweb {
namespace {

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

Reply ServiceState::answer(Call& call) {
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

std::optional<Reply> ServiceState::refuse_body(const Call& call) {
  try {
    const auto admission = admit(call, Freshness::recent);
    if (const auto* denial = std::get_if<Denial>(&admission)) return deny(call, *denial);
    if (std::get<std::vector<Admitted>>(admission).empty()) return deny(call, Denial::out_of_scope);
  } catch (const core::MemoryShortage&) {
    return Reply::error(503).with_header("Retry-After", "5");
  } catch (const core::DemandOver&) {
    return Reply::error(503);  // for nobody
  }
  return std::nullopt;
}

/// Somebody wants to send something to where nothing is taken.
Reply ServiceState::refuse_unknown(const Request& request, const sharing::Authenticated& who,
                                   const sharing::SharedShares& shares) {
  const sharing::Share* only = shares.size() == 1 ? shares.front().get() : nullptr;
  audit::Event event = event_of(request, who, audit::EventCode::denial, only);
  event.detail = sharing::name(Denial::out_of_scope);
  ports_.denials.record(std::move(event));
  return Reply::not_found();
}

Reply ServiceState::search(Call& call) {
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
std::optional<Reply> ServiceState::answer_search(const Call& call, const Search& search,
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
  // Before it is on record: who waits for it in vain has seen nothing.
  auto memory = ports_.memory.take(body.size() > core::kUncountedBytes ? body.size() : 0,
                                   core::Demand(call.request.stop));
  const auto granted = grant(call, admitted, page);
  if (!granted) return std::nullopt;
  audit::Event event = event_of(call, audit::EventCode::query, call.only.get());
  event.detail = "search";
  event.query = query_text(call.request);
  const auto disclosed = disclose_rows(*granted, event, call.who.credential(), ports_);
  if (!disclosed) return std::nullopt;
  Reply reply = Reply::json(*disclosed, std::move(body));
  reply.keep(std::move(memory));
  if (search.matching == Search::Matching::fuzzy_asked) {
    reply.with_header("Warning", std::string(kFuzzyWarning));
  }
  if (run.was_cut()) reply.with_header("Warning", std::string(kCutWarning));
  return reply;
}

std::optional<std::vector<Granted>> ServiceState::grant(const Call& call,
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

bool ServiceState::is_stored_as(const Granted& granted, const Choice& choice,
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
std::optional<Reply> ServiceState::refuse_syntax(const Call& call, const Granted& granted,
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

Reply ServiceState::retrieve(const Call& call) {
  const bool of_one = call.target.route->level == Level::instance;
  std::vector<Media> offered = {Media::multipart_dicom};
  if (of_one) offered.push_back(Media::single_dicom);
  const auto choice = negotiate(acceptable(call.request), offered);
  if (!choice) return Reply::error(406);
  auto found = of_one ? find_one(call) : find_many(call);
  if (auto* reply = std::get_if<Reply>(&found)) return std::move(*reply);
  return send(call, std::get<Granted>(std::move(found)), *choice);
}

Reply ServiceState::send(const Call& call, Granted granted, const Choice& choice) {
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
std::string ServiceState::proof_of(const audit::Receipt& receipt) {
  const auto proof = ports_.log.proof(receipt.seq());
  if (!proof) throw audit::AuditError("the access log lacks what it has just taken");
  return core::to_base64(core::as_bytes(proof->text()));
}

Reply ServiceState::metadata(const Call& call) {
  if (!negotiate(acceptable(call.request), {Media::dicom_json})) return Reply::error(406);
  const bool of_one = call.target.route->level == Level::instance;
  auto found = of_one ? find_one(call) : find_many(call);
  if (auto* reply = std::get_if<Reply>(&found)) return std::move(*reply);
  return send_metadata(call, std::get<Granted>(std::move(found)),
                       of_one ? RecordedAs::viewing : RecordedAs::query);
}

Reply ServiceState::send_metadata(const Call& call, Granted granted, RecordedAs as) {
  audit::Event event = event_of(call, audit::EventCode::query, nullptr);
  event.detail = "metadata";
  event.query = query_text(call.request);
  report_missing(call, granted);
  auto body = std::make_unique<MetadataBody>(
      disclose(std::move(granted), as, std::move(event), viewings_, ports_, call.request.stop));
  const auto size = body->size_bytes();
  return Reply::stream("application/dicom+json", size, std::move(body));
}

Reply ServiceState::store(const Call& call) {
  if (!negotiate(acceptable(call.request), {Media::dicom_json})) return Reply::error(406);
  const auto admission = admit(call, Freshness::present);
  if (const auto* denial = std::get_if<Denial>(&admission)) return deny(call, *denial);
  std::vector<ReturnShare> shares;
  for (const Admitted& each : std::get<std::vector<Admitted>>(admission)) {
    shares.push_back({each.share, each.view});
  }
  return TakeBack(ports_, call, std::move(shares)).answer();
}

void ServiceState::close_finished_viewings() {
  const core::Time now = ports_.clock();
  viewings_.close_finished([&](const std::string& share_id) {
    const auto id = sharing::ShareId::parse(share_id);
    return id && ports_.shares.is_live(*id, now);
  });
}

}  // namespace sekisho::dicomweb
