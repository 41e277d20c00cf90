// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

/// The pages that the doors serve: built from this folder by build.mjs and linked into the plugin.
namespace sekisho::web {

/// Whose pages. They share code, and no file: what one door serves is not at the other.
enum class Site { recipient, staff };

/// One file as it was built. All of it lives as long as the program does.
struct File {
  std::string_view name;    ///< has the hash of its content in it: "recipient-7ZQ3K5XA.js"
  std::string_view type;    ///< media type
  std::string_view sha256;  ///< of `text`, in hexadecimal
  std::string_view text;
  std::string_view gzip;  ///< the same, compressed (RFC 1952)
};

/// The one document of a site; its script finds out from the address what to show.
const File& page(Site site);
/// Scripts, styles and pictures: all that the page loads.
std::span<const File> code(Site site);
/// Of code(); null for any other name.
const File* find_code(Site site, std::string_view name);

}  // namespace sekisho::web
