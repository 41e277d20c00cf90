// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/known_pixels.h"

#include <string>
#include <utility>

namespace sekisho::anonymization {

void KnownPixels::keep(std::string_view revision, Found found) const {
  constexpr std::uint64_t kOverheadBytes = 200;  // of list, table and strings
  const auto* plan = std::get_if<std::shared_ptr<const imaging::PixelPlan>>(&found);
  const std::uint64_t plan_bytes = plan == nullptr ? 0 : (*plan)->memory_bytes();
  found_.put(std::string(revision), std::move(found),
             kOverheadBytes + revision.size() + plan_bytes);
}

}  // namespace sekisho::anonymization
