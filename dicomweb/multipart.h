// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/demand.h"
#include "core/stored_file.h"

namespace sekisho::dicomweb {

/// A media type with its parameters (RFC 9110 §8.3.1).
struct MediaType {
  std::string name;                                             ///< "type/subtype", lower case
  std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case
  /// Empty where there is none.
  std::string_view parameter(std::string_view wanted) const;
};
/// `nullopt` for what is none; a parameter that stands twice makes it none.
std::optional<MediaType> parse_media_type(std::string_view text);

/// A boundary that nobody can have put into a part: 32 hexadecimal digits, which need no quotes.
std::string random_boundary();

/// The type of an answer whose parts are all of `type`, which has no parameters (RFC 2387 §3.1):
/// the boundary without quotes, which not all clients take off.
std::string multipart_type(std::string_view type, std::string_view boundary);

/// Whether anything stands before it in a multipart body.
enum class Place { first, later };
/// What stands before the content of a part (RFC 2046 §5.1.1). `type` with its parameters.
std::string part_head(std::string_view boundary, Place place, std::string_view type);
/// What ends a multipart body.
std::string last_delimiter(std::string_view boundary, Place place = Place::later);

/// One part of a multipart body: where its content lies.
struct Part {
  std::string content_type;  ///< as sent; empty where it has none
  bool is_encoded =
      false;  ///< has a Content-Transfer-Encoding other than binary, or a Content-Encoding
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

enum class MultipartProblem {
  malformed,  ///< to its end: no part, no closing delimiter, a part without the empty line
  too_many_parts
};

/// Takes a body of at most `most` parts apart at its boundary (RFC 2046 §5.1.1), reading it once in
/// pieces of a megabyte. What stands before the first and behind the last delimiter is passed over.
/// Throws what the file throws, and core::DemandOver.
std::variant<std::vector<Part>, MultipartProblem> read_multipart(const core::StoredFile& body,
                                                                 std::string_view boundary,
                                                                 std::size_t most,
                                                                 const core::Demand& demand = {});

}  // namespace sekisho::dicomweb
