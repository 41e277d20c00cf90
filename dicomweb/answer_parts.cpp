// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/answer_parts.h"

#include <string>
#include <utility>

#include "dicomweb/events.h"
#include "dicomweb/multipart.h"
#include "dicomweb/pixel_media.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::kExplicitVrLittleEndian;

/// As many parts, or one where there is but one and it is asked for by its type.
void offer(std::vector<Offer>& offers, std::string_view type, std::vector<std::string> syntaxes,
           std::string usual, std::size_t count) {
  if (count == 1) offers.push_back({type, Packing::single, syntaxes, usual});
  const auto at = count == 1 ? offers.end() - 1 : offers.end();
  offers.insert(at, {type, Packing::multipart, std::move(syntaxes), std::move(usual)});
}

Reply send(Desk& desk, const Call& call, Granted granted, std::string type,
           PartsBody::Parts parts) {
  auto body = std::make_unique<PartsBody>(
      desk.disclose(call, std::move(granted), RecordedAs::viewing,
                    event_of(call, audit::EventCode::transfer_begin, nullptr)),
      std::move(parts));
  const auto size = body->size_bytes();
  return Reply::stream(std::move(type), size, std::move(body));
}

}  // namespace

std::shared_ptr<const imaging::FrameIndex> frames_of(const anonymization::Masked& instance) {
  const auto& syntax = instance.transfer_syntax();
  auto index = imaging::FrameIndex::of(
      instance.pixels(),
      {instance.head().subspan(instance.dataset_offset()), syntax.vr, syntax.order}, syntax);
  if (!index) return nullptr;
  return std::make_shared<const imaging::FrameIndex>(*std::move(index));
}

std::vector<PartContent> contents_of(const std::shared_ptr<const imaging::FrameIndex>& index,
                                     std::span<const std::uint32_t> frames) {
  std::vector<PartContent> contents;
  contents.reserve(frames.size());
  for (const std::uint32_t frame : frames) contents.push_back(PartContent::of_frame(index, frame));
  return contents;
}

std::vector<Offer> pixel_offers(const anonymization::Masked& instance,
                                const imaging::FrameIndex& index, std::size_t count) {
  const std::string& stored = instance.transfer_syntax().uid;
  const std::string usual(kExplicitVrLittleEndian);
  std::vector<Offer> offers;
  if (index.is_native()) {
    offer(offers, kOctetStream, {usual, stored}, usual, count);
    return offers;
  }
  const std::string_view type = media_type_of(stored);
  if (type != kOctetStream) offer(offers, type, {stored}, stored, count);
  // Many ask for bytes in whatever transfer syntax, which the part then says.
  offer(offers, kOctetStream, {stored}, usual, count);
  return offers;
}

Reply send_alone(Desk& desk, const Call& call, Granted granted, PartsBody::Parts parts) {
  http::EntityTag tag = desk.tag_of(
      granted, core::sha256({parts.contents.front().digest(), core::as_bytes(parts.type)}));
  std::string type = parts.type;
  Reply reply = send(desk, call, std::move(granted), std::move(type), std::move(parts));
  reply.bear(std::move(tag));
  return reply;
}

Reply send_parts(Desk& desk, const Call& call, Granted granted, PartsAnswer answer) {
  const auto choice = negotiate(acceptable(call.request), answer.offers);
  if (!choice) return desk.refuse(call, granted, 406, kOtherSyntax);
  std::string type(choice->offer.media_type);
  PartsBody::Parts parts{type, {}, answer.frames_in_each, std::move(answer.contents)};
  if (!choice->transfer_syntax.empty())
    parts.type += "; transfer-syntax=" + choice->transfer_syntax;
  if (choice->offer.packing == Packing::single) {
    return send_alone(desk, call, std::move(granted), std::move(parts));
  }
  parts.boundary = random_boundary();
  std::string of_all = multipart_type(type, parts.boundary);
  return send(desk, call, std::move(granted), std::move(of_all), std::move(parts));
}

}  // namespace sekisho::dicomweb
