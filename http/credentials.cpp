// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/credentials.h"

#include <algorithm>

#include "http/characters.h"

namespace sekisho::http {

std::optional<std::string_view> credentials_of(std::string_view authorization,
                                               std::string_view scheme) {
  if (authorization.size() <= scheme.size() || authorization[scheme.size()] != ' ' ||
      !equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) {
    return std::nullopt;
  }
  authorization.remove_prefix(scheme.size());
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  return authorization;
}

}  // namespace sekisho::http
