// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/frame_list.h"

#include <algorithm>
#include <charconv>

namespace sekisho::dicomweb {

std::optional<std::vector<std::uint32_t>> parse_frame_list(std::string_view text) {
  std::vector<std::uint32_t> frames;
  while (true) {
    const std::string_view piece = text.substr(0, text.find(','));
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), number);
    if (error != std::errc() || end != piece.data() + piece.size() || number == 0) {
      return std::nullopt;
    }
    frames.push_back(number - 1);
    if (piece.size() == text.size()) return frames;
    text.remove_prefix(piece.size() + 1);
  }
}

}  // namespace sekisho::dicomweb
