// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/answer_parts.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "dicomweb/events.h"
#include "dicomweb/multipart.h"
#include "dicomweb/pixel_media.h"
#include "imaging/decoders/cells_in_turn.h"
#include "imaging/encoders/encoded_frames.h"

namespace sekisho::dicomweb {
namespace {

/// What is native is given in, and what is compressed where bytes are asked for and no more.
std::string usual_syntax() { return std::string(core::dicom::kExplicitVrLittleEndian); }

/// As many parts, or one where there is but one and it is asked for by its type.
void offer(std::vector<Offer>& offers, Offer in_parts, std::size_t count) {
  offers.push_back(std::move(in_parts));
  if (count != 1) return;
  offers.push_back(offers.back());
  offers.back().packing = Packing::single;
}

/// Of cells, which are decoded when they are read.
std::optional<std::vector<PartContent>> decoded(const CodedAnew& anew, const core::Demand& demand,
                                                core::MemoryBudget::Taken& memory) {
  const std::uint64_t size = anew.frames.frame_bytes();
  const std::uint64_t needed = imaging::CellsInTurn::memory_to_read(anew.frames);
  if (needed > core::kUncountedBytes) memory.grow(needed, demand);
  auto cells = imaging::CellsInTurn::of(anew.frames, anew.wanted, demand);
  if (std::holds_alternative<imaging::Refusal>(cells)) return std::nullopt;
  const auto maker = std::get<std::shared_ptr<const imaging::CellsInTurn>>(std::move(cells));
  std::vector<PartContent> contents;
  for (const std::uint32_t frame : anew.wanted) {
    contents.push_back(PartContent::of_made(maker, frame, {frame * size, size}));
  }
  return contents;
}

std::optional<std::vector<PartContent>> coded(const CodedAnew& anew,
                                              const std::string& transfer_syntax,
                                              const core::Demand& demand,
                                              core::MemoryBudget::Taken& memory) {
  const imaging::PixelEncoder* encoder = imaging::find_encoder(transfer_syntax);
  if (encoder == nullptr) return decoded(anew, demand, memory);
  auto encoded = imaging::EncodedFrames::of(anew.frames, *encoder, anew.wanted, demand, &memory);
  if (std::holds_alternative<imaging::Refusal>(encoded)) return std::nullopt;
  const auto maker = std::get<std::shared_ptr<const imaging::EncodedFrames>>(std::move(encoded));
  std::vector<PartContent> contents;
  for (std::size_t i = 0; i < anew.wanted.size(); ++i) {
    contents.push_back(PartContent::of_made(maker, anew.wanted[i], maker->streams()[i]));
  }
  return contents;
}

}  // namespace

std::shared_ptr<const imaging::FrameIndex> frames_of(const anonymization::Masked& instance) {
  auto index =
      imaging::FrameIndex::of(instance.pixels(), instance.header(), instance.transfer_syntax());
  if (!index) return nullptr;
  return std::make_shared<const imaging::FrameIndex>(*std::move(index));
}

PartsAnswer native_answer(const anonymization::Masked& instance,
                          const std::shared_ptr<const imaging::FrameIndex>& index) {
  PartsAnswer answer{index->count(), {}, {}, {usual_syntax(), instance.transfer_syntax().uid}};
  offer(answer.offers, {kOctetStream, Packing::multipart, answer.syntaxes, usual_syntax()}, 1);
  answer.contents.push_back(PartContent::of_pixels(index));
  return answer;
}

PartsAnswer frames_answer(const anonymization::Masked& instance,
                          const std::shared_ptr<const imaging::FrameIndex>& index,
                          std::vector<std::uint32_t> wanted) {
  const core::dicom::TransferSyntax& syntax = instance.transfer_syntax();
  PartsAnswer answer{1, {}, {}, {syntax.uid}};
  for (const std::uint32_t frame : wanted) {
    answer.contents.push_back(PartContent::of_frame(index, frame));
  }
  auto decoded = imaging::DecodedFrames::of(*index, instance.header(), syntax);
  const auto* frames = std::get_if<imaging::DecodedFrames>(&decoded);
  std::vector<std::string> as_bytes{syntax.uid};
  if (index->is_native()) {
    answer.syntaxes = as_bytes = {usual_syntax(), syntax.uid};
  } else {
    const std::string_view type = media_type_of(syntax.uid);
    if (type != kOctetStream) {
      offer(answer.offers, {type, Packing::multipart, {syntax.uid}}, wanted.size());
    }
    if (frames != nullptr) as_bytes.push_back(usual_syntax());
  }
  // Many ask for bytes in whatever transfer syntax, which the part then says.
  offer(answer.offers, {kOctetStream, Packing::multipart, std::move(as_bytes), usual_syntax()},
        wanted.size());
  if (frames == nullptr) return answer;
  for (const imaging::PixelEncoder& encoder : imaging::pixel_encoders()) {
    const std::string target(encoder.transfer_syntax);
    if (target == syntax.uid || !imaging::can_encode(encoder, frames->shape())) continue;
    offer(answer.offers,
          {media_type_of(target), Packing::multipart, {target}, {}, Offer::Given::by_name},
          wanted.size());
  }
  answer.coded_anew = CodedAnew{*frames, std::move(wanted)};
  return answer;
}

Reply send_as(Desk& desk, const Call& call, Granted granted, RecordedAs as, std::string type,
              PartsBody::Parts parts) {
  auto body = std::make_unique<PartsBody>(
      desk.disclose(call, std::move(granted), as,
                    event_of(call, audit::EventCode::transfer_begin, nullptr)),
      std::move(parts));
  const auto size = body->size_bytes();
  return Reply::stream(std::move(type), size, std::move(body));
}

Reply send_alone(Desk& desk, const Call& call, Granted granted, PartsBody::Parts parts) {
  http::EntityTag tag = desk.tag_of(
      granted, core::sha256({parts.contents.front().digest(), core::as_bytes(parts.type)}));
  std::string type = parts.type;
  Reply reply = send_as(desk, call, std::move(granted), RecordedAs::viewing, std::move(type),
                        std::move(parts));
  reply.bear(std::move(tag));
  return reply;
}

Reply send_parts(Desk& desk, const Call& call, Granted granted, PartsAnswer answer) {
  const auto choice = negotiate(acceptable(call.request), answer.offers);
  if (!choice) return desk.refuse(call, granted, 406, kOtherSyntax);
  core::MemoryBudget::Taken memory = desk.ports().memory.take(0);
  const bool is_as_it_is =
      !answer.coded_anew ||
      std::ranges::find(answer.syntaxes, choice->transfer_syntax) != answer.syntaxes.end();
  if (!is_as_it_is) {
    const ShareView& view = granted.view();
    std::optional<std::vector<PartContent>> made;
    const auto ended =
        desk.while_wanted(call, view.share(), view.approved(), [&](const core::Demand& demand) {
          made = coded(*answer.coded_anew, choice->transfer_syntax, demand, memory);
        });
    if (ended) return desk.deny(call, *ended);
    if (!made) return desk.refuse(call, granted, 406, kOtherSyntax);
    answer.contents = *std::move(made);
  }
  std::string type(choice->offer.media_type);
  PartsBody::Parts parts{type, {}, answer.frames_in_each, std::move(answer.contents)};
  if (!choice->transfer_syntax.empty())
    parts.type += "; transfer-syntax=" + choice->transfer_syntax;
  const bool is_alone = choice->offer.packing == Packing::single;
  if (!is_alone) {
    parts.boundary = random_boundary();
    type = multipart_type(type, parts.boundary);
  }
  Reply reply = is_alone ? send_alone(desk, call, std::move(granted), std::move(parts))
                         : send_as(desk, call, std::move(granted), RecordedAs::viewing,
                                   std::move(type), std::move(parts));
  reply.keep(std::move(memory));
  return reply;
}

}  // namespace sekisho::dicomweb
