// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/answer_metadata.h"

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "dicomweb/desk.h"
#include "dicomweb/events.h"
#include "dicomweb/metadata_body.h"
#include "dicomweb/multipart.h"
#include "dicomweb/native_xml.h"
#include "dicomweb/negotiation.h"

namespace sekisho::dicomweb {
namespace {

constexpr const char* kJson = "application/dicom+json";
const Offer kOffers[] = {{.media_type = kJson},
                         {.media_type = kDicomXml, .packing = Packing::multipart}};

Reply send_metadata(Desk& desk, const Call& call, Granted granted, RecordedAs as,
                    const Offer& form) {
  audit::Event event = event_of(call, audit::EventCode::query, nullptr);
  event.detail = "metadata";
  event.query = query_text(call.request);
  // Who may only look has no use for what he cannot fetch.
  const bool may_fetch = desk.may_fetch(call, granted);
  const bool is_json = form.media_type == kJson;
  const std::string boundary = is_json ? std::string() : random_boundary();
  auto body = std::make_unique<MetadataBody>(
      desk.disclose(call, std::move(granted), as, std::move(event)), desk.texts(),
      may_fetch ? call.request.root_url : std::string(), boundary);
  const auto size = body->size_bytes();
  std::string type = is_json ? kJson : multipart_type(kDicomXml, boundary);
  return Reply::stream(std::move(type), size, std::move(body));
}

}  // namespace

Reply answer_metadata(Desk& desk, Call& call) {
  const auto choice = negotiate(acceptable(call.request), kOffers);
  if (!choice) return Reply::error(406);
  const bool of_one = call.target.route->level == Level::instance;
  auto found = desk.find(call);
  if (auto* reply = std::get_if<Reply>(&found)) return std::move(*reply);
  return send_metadata(desk, call, std::get<Granted>(std::move(found)),
                       of_one ? RecordedAs::viewing : RecordedAs::query, choice->offer);
}

}  // namespace sekisho::dicomweb
