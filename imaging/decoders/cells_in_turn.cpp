// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/decoders/cells_in_turn.h"

#include <algorithm>
#include <optional>
#include <ranges>

#include "core/store_error.h"

namespace sekisho::imaging {

std::variant<std::shared_ptr<const CellsInTurn>, Refusal> CellsInTurn::of(
    DecodedFrames frames, std::span<const std::uint32_t> wanted, const core::Demand& demand,
    LookAt look, Change change) {
  constexpr std::uint64_t kLookedAtBytes = 64ULL << 20;
  const std::uint64_t most = std::max<std::uint64_t>(1, kLookedAtBytes / frames.frame_bytes());
  const auto looked_at =
      look == LookAt::all ? wanted : wanted.first(std::min<std::uint64_t>(most, wanted.size()));
  core::Bytes cells(static_cast<std::size_t>(frames.frame_bytes()));
  std::optional<Photometric> photometric;
  // From behind, so that the one that is read first is the one that is kept.
  for (const std::uint32_t frame : std::views::reverse(looked_at)) {
    demand.ask();
    const Decoded decoded = frames.read(frame, cells);
    if (const auto* refusal = std::get_if<Refusal>(&decoded)) return *refusal;
    const Photometric found = std::get<Photometric>(decoded);
    if (photometric.value_or(found) != found) return Refusal::unsupported;
    photometric = found;
  }
  if (change) change(cells, photometric.value());
  const std::shared_ptr<CellsInTurn> made(
      new CellsInTurn(std::move(frames), photometric.value(), std::move(change)));
  made->keep(wanted.front(), std::move(cells));
  return made;
}

CellsInTurn::Place CellsInTurn::place_of(std::uint64_t offset) const {
  const std::uint64_t size = frames_.frame_bytes();
  return {static_cast<std::uint32_t>(offset / size), {offset - offset % size, size}};
}

void CellsInTurn::make(std::uint32_t frame, core::Bytes& made) const {
  made.resize(static_cast<std::size_t>(frames_.frame_bytes()));
  const Decoded decoded = frames_.read(frame, made);
  const auto* photometric = std::get_if<Photometric>(&decoded);
  if (photometric == nullptr || *photometric != photometric_) {
    throw core::StoreError("a frame cannot be decoded as the first one was");
  }
  if (change_) change_(made, photometric_);
}

}  // namespace sekisho::imaging
