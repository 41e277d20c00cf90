// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/upload.h"

#include <algorithm>
#include <array>

namespace sekisho::returns {
namespace {

// In the order of State and Verdict.
constexpr std::array<std::string_view, 6> kStates = {"received", "held",  "released",
                                                     "stored",   "apart", "rejected"};
constexpr std::array<std::string_view, 3> kVerdicts = {"clean", "infected", "unscannable"};

template <class Code, std::size_t size>
std::optional<Code> find(const std::array<std::string_view, size>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Code>(found - names.begin());
}

}  // namespace

std::string_view name(State state) { return kStates[static_cast<std::size_t>(state)]; }
std::optional<State> parse_state(std::string_view name) { return find<State>(kStates, name); }
std::string_view name(Verdict verdict) { return kVerdicts[static_cast<std::size_t>(verdict)]; }
std::optional<Verdict> parse_verdict(std::string_view name) {
  return find<Verdict>(kVerdicts, name);
}

}  // namespace sekisho::returns
