// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/known_pixels.h"

#include <string>
#include <utility>

namespace sekisho::anonymization {
namespace {

constexpr std::uint64_t kOverheadBytes = 200;  // of list, table and strings

}  // namespace

void KnownPixels::keep(std::string_view revision, Found found) const {
  const auto* plan = std::get_if<std::shared_ptr<const imaging::PixelPlan>>(&found);
  const std::uint64_t plan_bytes = plan == nullptr ? 0 : (*plan)->memory_bytes();
  found_.put(std::string(revision), std::move(found),
             kOverheadBytes + revision.size() + plan_bytes);
}

void KnownPixels::keep_all_decodable(std::string_view revision) const {
  decodable_.put(std::string(revision), {}, kOverheadBytes + revision.size());
}

}  // namespace sekisho::anonymization
