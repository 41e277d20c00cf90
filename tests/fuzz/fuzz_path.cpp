// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever target a client sends, it is refused or a path that is the same however it is spelt, and
// what a route takes out of it put back into the route's pattern is that path.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/uid.h"
#include "http/path_match.h"
#include "http/target.h"

namespace {

using namespace sekisho;
using Path = std::vector<std::string>;

/// Of every form that the doors' tables have.
constexpr std::array<std::string_view, 6> kPatterns = {
    "/",
    "/studies",
    "/studies/{study}/series/{series}/instances/{instance}",
    "/studies/{study}/series/{series}/instances/{instance}/frames/{frames}",
    "/shares/{share}/dicom-web/{resource...}",
    "/{everything...}"};

void require(bool ok) {
  if (!ok) std::abort();
}

/// Every byte as %XX, slashes doubled, with what means nothing in between.
std::string spelt_otherwise(const Path& path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string target;
  for (const std::string& segment : path) {
    target += "//./";
    for (const char c : segment) {
      const auto byte = static_cast<unsigned char>(c);
      target += '%';
      target += kDigits[byte >> 4U];
      target += kDigits[byte & 15U];
    }
  }
  return target + '/';
}

Path put_back(std::string_view pattern, const http::PathMatch& match) {
  Path path;
  auto named = match.named.begin();
  while (pattern.size() > 1) {
    pattern.remove_prefix(1);
    const std::string_view piece = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(piece.size());
    if (piece.ends_with("...}")) {
      path.insert(path.end(), match.rest.begin(), match.rest.end());
    } else if (piece.starts_with('{')) {
      require(named != match.named.end() && piece.substr(1, piece.size() - 2) == named->first);
      path.push_back(named++->second);
    } else {
      path.emplace_back(piece);
    }
  }
  require(named == match.named.end());
  return path;
}

void match(const Path& path) {
  for (const std::string_view pattern : kPatterns) {
    const auto found = http::match_path(pattern, path);
    require(found.has_value() || pattern != kPatterns.back());
    if (!found) continue;
    require(put_back(pattern, *found) == path);
    for (const auto& [name, text] : found->named) {
      // Padding means nothing, here as in a data set.
      const auto uid = core::Uid::parse(text);
      require(!uid || (text.starts_with(uid->text()) && core::Uid::parse(uid->text()) == uid));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto target =
      http::parse_target(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!target) return 0;
  for (const std::string& segment : target->path) {
    require(!segment.empty() && segment != "." && segment != "..");
    require(segment.find('\0') == std::string::npos);
  }
  const auto again = http::parse_target(spelt_otherwise(target->path));
  require(again.has_value() && again->path == target->path && again->query.empty());
  match(target->path);
  return 0;
}
