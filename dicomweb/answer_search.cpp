// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/answer_search.h"

#include <algorithm>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "dicomweb/desk.h"
#include "dicomweb/events.h"
#include "dicomweb/multipart.h"
#include "dicomweb/native_xml.h"
#include "dicomweb/negotiation.h"
#include "dicomweb/search.h"
#include "dicomweb/search_run.h"

namespace sekisho::dicomweb {
namespace {

const Offer kOffers[] = {{.media_type = "application/dicom+json"},
                         {.media_type = kDicomXml, .packing = Packing::multipart}};

// PS3.18 §10.6.3.
// PS3.18 §8.3: a parameter that is not supported is ignored. Which, the client knows.
constexpr std::string_view kIgnoredWarning =
    R"(299 sekisho "Query parameters that are not supported have been ignored.")";
constexpr std::string_view kCutWarning =
    R"(299 sekisho "The number of results exceeded the maximum supported by the server. Additional results can be requested.")";

/// The rows of the page, by share; `nullopt` where one of these is over.
std::optional<std::vector<Granted>> grant(const Ports& ports, const Call& call,
                                          const std::vector<Admitted>& admitted,
                                          const std::vector<SearchRun::Hit>& page) {
  const core::Time now = ports.clock();
  const bool of_instances = call.target.route->level == Level::instance;
  std::unordered_map<const ShareView*, std::vector<InstanceRef>> rows;
  for (const SearchRun::Hit& hit : page) rows[hit.view].push_back(hit.at);
  std::vector<Granted> granted;
  granted.reserve(rows.size());
  for (const Admitted& each : admitted) {
    const auto found = rows.find(each.view.get());
    if (found == rows.end()) continue;
    // What they belong to: their studies, for rows of instances their series.
    auto decision =
        Granted::ask(each.view, *each.share, call.who, each.permission, std::move(found->second),
                     of_instances ? Level::series : Level::study, now);
    if (std::holds_alternative<Denial>(decision)) return std::nullopt;
    granted.push_back(std::get<Granted>(std::move(decision)));
  }
  return granted;
}

/// The rows in the form that was asked for.
struct Page {
  std::string content_type;
  std::string body;
};
Page page_of(std::string json, const Offer& form) {
  if (form.media_type != kDicomXml) return {std::string(form.media_type), std::move(json)};
  const std::string boundary = random_boundary();
  return {multipart_type(kDicomXml, boundary), native_xml_parts(json, boundary)};
}

/// `nullopt` where something has ended under way: then nothing of it leaves.
std::optional<Reply> answer_page(Desk& desk, const Call& call, const Offer& form,
                                 const Search& search, const std::vector<Admitted>& admitted) {
  std::list<Liveness> liveness;
  SearchRun run(desk.ports(), desk.rows(), search, call.target, call.request.root_url);
  std::vector<SearchRun::Hit> page;
  Page made;
  try {
    for (const Admitted& each : admitted) {
      liveness.emplace_back(desk.ports(), each.share->id, each.view->approved(),
                            call.who.credential(), call.request.received_at);
      run.add(*each.view, liveness.back().demand(call.request.stop));
    }
    page = run.page(static_cast<std::size_t>(desk.limits().max_results));
    made = page_of(run.json(page), form);
  } catch (const core::DemandOver&) {
    const auto is_live = [](const Liveness& each) { return each.found() == Liveness::State::live; };
    if (std::ranges::all_of(liveness, is_live)) throw;
    return std::nullopt;
  }
  // Before it is on record: who waits for it in vain has seen nothing.
  auto memory =
      desk.ports().memory.take(made.body.size() > core::kUncountedBytes ? made.body.size() : 0,
                               core::Demand(call.request.stop));
  const auto granted = grant(desk.ports(), call, admitted, page);
  if (!granted) return std::nullopt;
  audit::Event event = event_of(call, audit::EventCode::query, call.only.get());
  event.detail = "search";
  event.query = query_text(call.request);
  const auto disclosed = disclose_rows(*granted, event, call.who.credential(), desk.ports());
  if (!disclosed) return std::nullopt;
  Reply reply = Reply::rows(*disclosed, std::move(made.content_type), std::move(made.body));
  reply.keep(std::move(memory));
  if (search.unknown == Search::Unknown::ignored) {
    reply.with_header("Warning", std::string(kIgnoredWarning));
  }
  if (run.was_cut()) reply.with_header("Warning", std::string(kCutWarning));
  return reply;
}

}  // namespace

Reply answer_search(Desk& desk, Call& call) {
  const auto choice = negotiate(acceptable(call.request), kOffers);
  if (!choice) return Reply::error(406);
  const auto search = parse_search(call.request.query, call.target.route->level);
  if (!search) return Reply::error(400);
  while (true) {
    const auto admission = call.target.path.study.empty()
                               ? desk.admit(call, Freshness::present)
                               : desk.locate(call, Freshness::present, Wanted::all);
    if (const auto* denial = std::get_if<Denial>(&admission)) return desk.deny(call, *denial);
    auto reply =
        answer_page(desk, call, choice->offer, *search, std::get<std::vector<Admitted>>(admission));
    if (reply) return *std::move(reply);
    // Something has ended meanwhile. The others are asked again: a page is theirs alone then.
    if (desk.why_ended(call) == Denial::expired_credential) {
      return desk.deny(call, Denial::expired_credential);
    }
    const core::Time now = desk.ports().clock();
    const auto ended = std::erase_if(call.shares, [&](const auto& share) {
      return !desk.ports().shares.is_live(share->id, now, share->approved_series);
    });
    if (ended == 0 || call.shares.empty()) return desk.deny(call, Denial::revoked_share);
  }
}

}  // namespace sekisho::dicomweb
