// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/files.h"

#include <algorithm>

namespace sekisho::web {

const File* find_code(Site site, std::string_view name) {
  const auto files = code(site);
  const auto found = std::ranges::find(files, name, &File::name);
  return found == files.end() ? nullptr : &*found;
}

}  // namespace sekisho::web
