// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/place.h"

namespace sekisho::sharing {

SharingPlace SharingPlace::in(const std::filesystem::path& directory) {
  return {directory / "sharing.db", directory / "mask.key", directory / "mask.key.next"};
}

}  // namespace sekisho::sharing
