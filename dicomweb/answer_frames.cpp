// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/answer_frames.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dicomweb/answer_parts.h"
#include "dicomweb/desk.h"
#include "dicomweb/frame_list.h"
#include "dicomweb/pixel_media.h"

namespace sekisho::dicomweb {

Reply answer_frames(Desk& desk, Call& call) {
  const auto numbers = parse_frame_list(call.target.frames);
  if (!numbers) return Reply::error(400);
  auto found = desk.find(call);
  if (auto* reply = std::get_if<Reply>(&found)) return std::move(*reply);
  auto& granted = std::get<Granted>(found);
  const auto index = frames_of(*granted.first());
  const auto is_there = [&](std::uint32_t frame) { return index->size_of(frame).has_value(); };
  // PS3.18 §10.4.3: what is not there is not found, a frame behind the last one too.
  if (index == nullptr || !std::ranges::all_of(*numbers, is_there)) {
    return desk.deny(call, Denial::out_of_scope);
  }
  PartsAnswer answer = frames_answer(*granted.first(), index, *numbers);
  return send_parts(desk, call, std::move(granted), std::move(answer));
}

}  // namespace sekisho::dicomweb
