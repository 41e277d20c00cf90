// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/answer_presented.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "dicomweb/answer_parts.h"
#include "dicomweb/multipart.h"
#include "dicomweb/negotiation.h"
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

std::optional<PresentationState> state_of(const Granted& granted) {
  if (granted.first() == nullptr) return std::nullopt;
  return imaging::read_presentation_state(granted.first()->header());
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
  order.mark = desk.mark_of(call, both);
  auto image = both.first() == nullptr ? std::nullopt
                                       : RenderedInstance::of(*both.first(), order.mark, demand);
  if (!choice || !image) return desk.refuse(call, both, 406, kNotRenderable);
  const std::string name = both.instances().front().instance->uid.str();
  const std::uint32_t frame = frame_of(order, state, name, *image);
  if (frame >= image->frames()) {
    return desk.refuse(call, both, 400, "no_such_frame");
  }
  if (!imaging::names(state.images, name, frame)) return desk.deny(call, Denial::out_of_scope);
  const auto picture =
      image->picture(frame, order.wishes, state, name, desk.ports().memory, demand);
  if (!picture) return desk.refuse(call, both, 406, kNotRenderable);
  order.media_type = choice->offer.media_type;
  auto memory = desk.ports().memory.take(encoding_bytes(*picture), demand);
  PartsBody::Parts parts{order.media_type, {}, 1, {}};
  std::string type = order.media_type;
  if (choice->offer.packing == Packing::multipart) {
    parts.boundary = random_boundary();
    type = multipart_type(type, parts.boundary);
  }
  parts.contents.push_back(PartContent::of_bytes(encoded(*picture, order)));
  image.reset();
  Reply reply =
      send_as(desk, call, std::move(both), RecordedAs::transfer, std::move(type), std::move(parts));
  reply.keep(std::move(memory));
  return reply;
}

}  // namespace

bool is_presentation(const Granted& granted) {
  return granted.first() != nullptr && imaging::is_presentation_state(granted.first()->sop_class());
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
  if (!state) return desk.refuse(call, granted, 406, kNotRenderable);
  return send_presented(desk, call, std::get<Granted>(std::move(both)), *state, std::move(order));
}

Reply answer_presentation(Desk& desk, const Call& call, const Granted& granted,
                          PictureOrder order) {
  if (order.wishes.window) return Reply::error(400);  // which is what the state is for
  const auto state = state_of(granted);
  if (!state || !order.listed.empty()) return desk.refuse(call, granted, 406, kNotRenderable);
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
  return desk.refuse(call, granted, 406, kNotRenderable);
}

}  // namespace sekisho::dicomweb
