// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/answer_presented.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/dicom/padding.h"
#include "dicomweb/multipart.h"
#include "dicomweb/negotiation.h"
#include "dicomweb/picture_reply.h"
#include "dicomweb/rendered_instance.h"
#include "imaging/presentation/presentation_state.h"

namespace sekisho::dicomweb {
namespace {

using imaging::ImageReference;
using imaging::PresentationState;

const Offer kOffers[] = {
    {"image/jpeg", Packing::single},
    {"image/png", Packing::single},
    {"image/jpeg", Packing::multipart},
    {"image/png", Packing::multipart},
};

core::dicom::Dataset header_of(const anonymization::Masked& masked) {
  const auto& syntax = masked.transfer_syntax();
  return {masked.head().subspan(masked.dataset_offset()), syntax.vr, syntax.order};
}

std::optional<PresentationState> state_of(const Granted& granted) {
  if (granted.first() == nullptr) return std::nullopt;
  return imaging::read_presentation_state(header_of(*granted.first()));
}

/// The frame that is listed, else the first that the state names, else the one that stands for all.
std::uint32_t frame_of(const PictureOrder& order, const PresentationState& state,
                       std::string_view name, const RenderedInstance& image) {
  if (!order.listed.empty()) return order.listed.front();
  const auto named = std::ranges::find(state.images, name, &ImageReference::instance);
  const bool has_frames = named != state.images.end() && !named->frames.empty();
  return has_frames ? named->frames.front() : image.representative();
}

/// `both` are the image and the state, in this order.
Reply send_presented(Desk& desk, const Call& call, Granted both, const PresentationState& state,
                     PictureOrder order) {
  const auto choice = negotiate(acceptable(call.request), kOffers);
  const core::Demand demand(call.request.stop);
  auto image = both.first() == nullptr ? std::nullopt : RenderedInstance::of(*both.first(), demand);
  if (!choice || !image) return refuse_unseen(desk, call, both);
  const std::string name = both.instances().front().instance->uid.str();
  const std::uint32_t frame = frame_of(order, state, name, *image);
  if (frame >= image->frames()) {
    return desk.refuse(call, both, 400, "no_such_frame");
  }
  if (!imaging::names(state.images, name, frame)) return desk.deny(call, Denial::out_of_scope);
  const auto picture =
      image->picture(frame, order.wishes, state, name, desk.ports().memory, demand);
  if (!picture) return refuse_unseen(desk, call, both);
  order.media_type = choice->offer.media_type;
  auto memory = desk.ports().memory.take(encoding_bytes(*picture), demand);
  PartsBody::Parts parts{order.media_type, {}, 1, {}};
  if (choice->offer.packing == Packing::multipart) parts.boundary = random_boundary();
  parts.contents.push_back(PartContent::of_bytes(encoded(*picture, order)));
  image.reset();
  Reply reply = send_made(desk, call, std::move(both), RecordedAs::transfer, std::move(parts));
  reply.keep(std::move(memory));
  return reply;
}

}  // namespace

/// Read no further than to where it stands: headers of large images are long.
bool is_presentation(const Granted& granted) {
  if (granted.first() == nullptr) return false;
  constexpr core::dicom::Tag kSopClass{0x0008, 0x0016};
  const auto header = header_of(*granted.first());
  core::dicom::Walker walker(header.bytes, header.vr, header.order);
  using Kind = core::dicom::Token::Kind;
  auto token = walker.next();
  while (token.kind != Kind::end && token.kind != Kind::defect &&
         (token.depth != 0 || token.tag < kSopClass)) {
    token = walker.next();
  }
  if (token.kind != Kind::element || token.tag != kSopClass) return false;
  return imaging::is_presentation_state(
      core::dicom::without_trailing_padding(core::as_text(token.value)));
}

Reply answer_by_presentation(Desk& desk, const Call& call, PictureOrder order) {
  const auto& named = *call.request.presentation;
  const Matched target{
      call.target.route, {call.target.path.study, named.series, named.instance}, {}, {}};
  const Call of_state{call.request, call.who, call.shares, target};
  auto found = desk.find_one(of_state);
  if (auto* reply = std::get_if<Reply>(&found)) return std::move(*reply);
  const auto& granted = std::get<Granted>(found);
  const auto state = state_of(granted);
  auto both = desk.find_beside(call, granted, call.target.path);
  if (auto* reply = std::get_if<Reply>(&both)) return std::move(*reply);
  if (!state) return refuse_unseen(desk, call, granted);
  return send_presented(desk, call, std::get<Granted>(std::move(both)), *state, std::move(order));
}

Reply answer_presentation(Desk& desk, const Call& call, const Granted& granted,
                          PictureOrder order) {
  if (order.wishes.window) return Reply::error(400);  // which is what the state is for
  const auto state = state_of(granted);
  if (!state || !order.listed.empty()) return refuse_unseen(desk, call, granted);
  for (const ImageReference& image : state->images) {
    const auto series = core::Uid::parse(image.series);
    const auto instance = core::Uid::parse(image.instance);
    if (!series || !instance) continue;
    const ShownPath path{call.target.path.study, *series, *instance};
    if (!granted.view().shows(path)) continue;
    auto both = desk.find_beside(call, granted, path);
    if (auto* reply = std::get_if<Reply>(&both)) return std::move(*reply);
    return send_presented(desk, call, std::get<Granted>(std::move(both)), *state, std::move(order));
  }
  return refuse_unseen(desk, call, granted);
}

}  // namespace sekisho::dicomweb
