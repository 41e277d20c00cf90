// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/place.h"

namespace sekisho::access {

AccessPlace AccessPlace::in(const std::filesystem::path& directory) {
  return {directory / "access.db", directory / "access.key"};
}

}  // namespace sekisho::access
