// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/request.h"

namespace sekisho::http {

std::string Request::field(std::string_view name) const {
  std::string joined;
  for (const auto& [field_name, value] : fields) {
    if (field_name != name) continue;
    if (!joined.empty()) joined += ", ";
    joined += value;
  }
  return joined;
}

}  // namespace sekisho::http
