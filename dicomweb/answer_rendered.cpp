// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/answer_rendered.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dicomweb/answer_parts.h"
#include "dicomweb/answer_presented.h"
#include "dicomweb/desk.h"
#include "dicomweb/events.h"
#include "dicomweb/frame_list.h"
#include "dicomweb/multipart.h"
#include "dicomweb/negotiation.h"
#include "dicomweb/parts_body.h"
#include "dicomweb/picture_wishes.h"
#include "dicomweb/pictures_body.h"
#include "dicomweb/rendered_document.h"
#include "dicomweb/rendered_instance.h"
#include "disclosure/masked_row.h"
#include "imaging/decoders/decoded_frames.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Token;
using disclosure::MaskedRow;
using Frames = PictureOrder::Frames;

// PS3.18 §8.7.4: JPEG is what a single frame is rendered as by default.
const Offer kOneOrParts[] = {
    {"image/jpeg", Packing::single},   {"image/png", Packing::single},
    {"image/gif", Packing::single},    {"image/jpeg", Packing::multipart},
    {"image/png", Packing::multipart},
};
const Offer kParts[] = {
    {"image/jpeg", Packing::multipart},
    {"image/png", Packing::multipart},
    {"image/gif", Packing::multipart},
};
constexpr std::size_t kSingleOffers = 3;  // of kOneOrParts

/// A GIF has none for an ICC profile.
bool has_place_for(PictureWishes::Profile profile, const Choice& choice) {
  return profile == PictureWishes::Profile::none || choice.offer.media_type != "image/gif";
}

Reply send(Desk& desk, const Call& call, Granted granted, RecordedAs as, PictureOrder order) {
  std::string type =
      order.boundary.empty() ? order.media_type : multipart_type(order.media_type, order.boundary);
  Disclosure disclosed = desk.disclose(call, std::move(granted), as,
                                       event_of(call, audit::EventCode::transfer_begin, nullptr));
  return Reply::stream(
      std::move(type), std::nullopt,
      std::make_unique<PicturesBody>(std::move(disclosed), std::move(order), desk.ports().memory));
}

/// What a browser shows of an object that is no image. The whole of it, and in one form.
Reply send_document(Desk& desk, const Call& call, Granted granted, Document document) {
  const Offer offers[] = {{document.media_type}};
  if (!call.target.frames.empty() || !negotiate(acceptable(call.request), offers)) {
    return desk.refuse(call, granted, 406, kNotRenderable);
  }
  const core::ByteView content = core::as_bytes(document.content);
  PartsBody::Parts parts{std::string(document.media_type), {}, 0, {}};
  parts.contents.push_back(PartContent::of_bytes({content.begin(), content.end()}));
  Reply reply = send_alone(desk, call, std::move(granted), std::move(parts));
  reply.show_as(http::Content::document);
  return reply;
}

/// What is sent of one instance: `order` says how, and which frames where they are listed.
Reply send_one(Desk& desk, const Call& call, std::span<const Offer> offers, PictureOrder order) {
  auto found = desk.find(call);
  if (auto* reply = std::get_if<Reply>(&found)) return std::move(*reply);
  auto& granted = std::get<Granted>(found);
  if (offers.size() > kSingleOffers && granted.first() != nullptr) {
    if (auto document = document_of(*granted.first(), core::Demand(call.request.stop))) {
      return send_document(desk, call, std::move(granted), *std::move(document));
    }
    if (is_presentation(granted)) {
      return answer_presentation(desk, call, granted, std::move(order));
    }
  }
  const auto choice = negotiate(acceptable(call.request), offers);
  const core::Demand demand(call.request.stop);
  order.mark = desk.mark_of(call, granted);
  auto rendered = granted.first() == nullptr
                      ? std::nullopt
                      : RenderedInstance::of(*granted.first(), order.mark, demand);
  if (!choice || !rendered || !has_place_for(order.wishes.profile, *choice)) {
    return desk.refuse(call, granted, 406, kNotRenderable);
  }
  const auto is_beyond = [&](std::uint32_t frame) { return frame >= rendered->frames(); };
  if (std::ranges::any_of(order.listed, is_beyond)) {
    return desk.refuse(call, granted, 400, "no_such_frame");
  }
  order.media_type = choice->offer.media_type;
  const bool is_in_parts = choice->offer.packing == Packing::multipart;
  if (is_in_parts) order.boundary = random_boundary();
  const bool is_run = order.media_type == "image/gif";
  const bool is_of_all = offers.size() > kSingleOffers && (is_in_parts || is_run);  // no thumbnail
  if (order.frames == Frames::representative && is_of_all) order.frames = Frames::all;
  // Before it is on record: what cannot be decoded has been seen by nobody.
  const auto first = rendered->picture(wanted_frame(*rendered, order, 0), order.wishes,
                                       desk.ports().memory, demand);
  if (!first) return desk.refuse(call, granted, 406, kNotRenderable);
  if (is_in_parts || is_run) {
    rendered.reset();
    return send(desk, call, std::move(granted), RecordedAs::viewing, std::move(order));
  }
  auto memory = desk.ports().memory.take(encoding_bytes(*first), demand);
  PartsBody::Parts parts{order.media_type, {}, 1, {}};
  parts.contents.push_back(PartContent::of_bytes(encoded(*first, order)));
  rendered.reset();
  Reply reply = send_alone(desk, call, std::move(granted), std::move(parts));
  reply.keep(std::move(memory));
  return reply;
}

/// What a row says of whether its instance can be seen.
enum class Seen { not_at_all, as_picture, undecodable };
Seen look(const MaskedRow& row) {
  constexpr core::dicom::Tag kRows{0x0028, 0x0010};
  bool has_rows = false;
  core::dicom::for_each_token(row.dataset(), [&](const Token& token) {
    has_rows |= token.kind == Token::Kind::element && token.depth == 0 && token.tag == kRows;
  });
  if (!has_rows) return Seen::not_at_all;
  return imaging::is_decodable(row.transfer_syntax()) ? Seen::as_picture : Seen::undecodable;
}

/// What cannot be read is dealt with when its turn to be sent comes.
Seen look(Desk& desk, const ShareView& view, const InstanceRef& instance,
          const core::Demand& demand) {
  const auto row = row_of(desk.ports(), desk.rows(), view, instance, demand);
  return row == nullptr || !row->is_readable() ? Seen::not_at_all : look(*row);
}

/// Whether there are pictures, and all that would be can be made.
bool can_be_seen(Desk& desk, const Granted& granted, const core::Demand& demand) {
  bool is_any = false;
  for (const InstanceRef& instance : granted.instances()) {
    const Seen seen = look(desk, granted.view(), instance, demand);
    if (seen == Seen::undecodable) return false;
    is_any |= seen == Seen::as_picture;
  }
  return is_any;
}

Reply send_many(Desk& desk, const Call& call, PictureOrder order) {
  const auto choice = negotiate(acceptable(call.request), kParts);
  if (!choice || !has_place_for(order.wishes.profile, *choice)) return Reply::error(406);
  auto found = desk.find(call);
  if (auto* reply = std::get_if<Reply>(&found)) return std::move(*reply);
  auto& granted = std::get<Granted>(found);
  const ShareView& view = granted.view();
  bool is_seen = false;
  const auto ended = desk.while_wanted(
      call, view.share(), view.approved(),
      [&](const core::Demand& demand) { is_seen = can_be_seen(desk, granted, demand); });
  if (ended) return desk.deny(call, *ended);
  if (!is_seen) return desk.refuse(call, granted, 406, kNotRenderable);
  order.mark = desk.mark_of(call, granted);
  order.media_type = choice->offer.media_type;
  order.boundary = random_boundary();
  order.frames = Frames::all;
  return send(desk, call, std::move(granted), RecordedAs::transfer, std::move(order));
}

/// The list of a path that has one. False: it is none.
bool read_frames(const Call& call, PictureOrder& order) {
  if (call.target.frames.empty()) return true;
  auto listed = parse_frame_list(call.target.frames);
  if (!listed) return false;
  order.frames = Frames::listed;
  order.listed = *std::move(listed);
  return true;
}

/// The first instance that can be seen, or the first of all where none can.
std::variant<ShownPath, Denial> find_seen(Desk& desk, const Call& call) {
  const auto located = desk.locate(call, Freshness::recent, Wanted::first);
  if (const auto* denial = std::get_if<Denial>(&located)) return *denial;
  const Admitted& admitted = std::get<std::vector<Admitted>>(located).front();
  const ShareView& view = *admitted.view;
  const auto instances = view.find(call.target.path);
  if (instances.empty()) return Denial::out_of_scope;
  const InstanceRef* found = &instances.front();
  const auto ended =
      desk.while_wanted(call, view.share(), view.approved(), [&](const core::Demand& demand) {
        const auto is_seen = [&](const InstanceRef& each) {
          return look(desk, view, each, demand) == Seen::as_picture;
        };
        const auto first = std::ranges::find_if(instances, is_seen);
        if (first != instances.end()) found = &*first;
      });
  if (ended) return *ended;
  return ShownPath{found->study->uid, found->series->uid, found->instance->uid};
}

}  // namespace

Reply answer_rendered(Desk& desk, Call& call) {
  const auto wishes = read_picture_wishes(call.request);
  PictureOrder order;
  if (!wishes || !read_frames(call, order)) return Reply::error(400);
  // Before anything is looked at: no picture comes in these colours.
  if (wishes->profile == PictureWishes::Profile::other) return Reply::error(406);
  order.wishes = *wishes;
  if (call.target.route->level != Level::instance) return send_many(desk, call, std::move(order));
  const bool is_list = order.listed.size() > 1;
  if (call.request.presentation) return answer_by_presentation(desk, call, std::move(order));
  const std::span<const Offer> offers = is_list ? std::span<const Offer>(kParts) : kOneOrParts;
  return send_one(desk, call, offers, std::move(order));
}

Reply answer_thumbnail(Desk& desk, Call& call) {
  const auto wishes = read_thumbnail_wishes(call.request);
  PictureOrder order;
  if (!wishes || !read_frames(call, order) || order.listed.size() > 1) return Reply::error(400);
  order.wishes = *wishes;
  const auto offers = std::span(kOneOrParts).first(kSingleOffers);
  if (call.target.route->level == Level::instance) {
    return send_one(desk, call, offers, std::move(order));
  }
  auto seen = find_seen(desk, call);
  if (const auto* denial = std::get_if<Denial>(&seen)) return desk.deny(call, *denial);
  Route route = *call.target.route;
  route.level = Level::instance;
  const Matched target{&route, std::get<ShownPath>(seen), {}, {}};
  const Call of_one{call.request, call.who, call.shares, target};
  return send_one(desk, of_one, offers, std::move(order));
}

}  // namespace sekisho::dicomweb
