// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/answer_metadata.h"

#include <memory>
#include <utility>
#include <variant>

#include "dicomweb/desk.h"
#include "dicomweb/events.h"
#include "dicomweb/metadata_body.h"
#include "dicomweb/negotiation.h"

namespace sekisho::dicomweb {
namespace {

constexpr const char* kJson = "application/dicom+json";
const Offer kOffers[] = {{.media_type = kJson}};

Reply send_metadata(Desk& desk, const Call& call, Granted granted, RecordedAs as) {
  audit::Event event = event_of(call, audit::EventCode::query, nullptr);
  event.detail = "metadata";
  event.query = query_text(call.request);
  // Who may only look has no use for what he cannot fetch.
  const bool may_fetch = desk.may_fetch(call, granted);
  auto body =
      std::make_unique<MetadataBody>(desk.disclose(call, std::move(granted), as, std::move(event)),
                                     may_fetch ? call.request.root_url : std::string());
  const auto size = body->size_bytes();
  return Reply::stream(kJson, size, std::move(body));
}

}  // namespace

Reply answer_metadata(Desk& desk, Call& call) {
  if (!negotiate(acceptable(call.request), kOffers)) return Reply::error(406);
  const bool of_one = call.target.route->level == Level::instance;
  auto found = desk.find(call);
  if (auto* reply = std::get_if<Reply>(&found)) return std::move(*reply);
  return send_metadata(desk, call, std::get<Granted>(std::move(found)),
                       of_one ? RecordedAs::viewing : RecordedAs::query);
}

}  // namespace sekisho::dicomweb
