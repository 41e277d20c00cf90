// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/known_pixels.h"

#include <string>
#include <utility>

namespace sekisho::anonymization {
namespace {

constexpr std::uint64_t kOverheadBytes = 200;  // of list, table and strings

}  // namespace

void KnownPixels::keep(std::string_view identity, Found found) const {
  const auto* plan = std::get_if<std::shared_ptr<const imaging::PixelPlan>>(&found);
  const std::uint64_t plan_bytes = plan == nullptr ? 0 : (*plan)->memory_bytes();
  found_.put(std::string(identity), std::move(found),
             kOverheadBytes + identity.size() + plan_bytes);
}

KnownPixels::OfFile KnownPixels::of_file(const KnownPixels* all, const core::StoredFile& file) {
  if (all == nullptr) return {};
  const core::Sha256 identity = file.identity();
  return {all, std::string(identity.begin(), identity.end())};
}

void KnownPixels::keep_all_decodable(std::string_view identity) const {
  decodable_.put(std::string(identity), {}, kOverheadBytes + identity.size());
}

}  // namespace sekisho::anonymization
