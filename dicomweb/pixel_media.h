// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace sekisho::dicomweb {

/// Native cells, and what is no image (PS3.18 Table 8.7.3-4).
inline constexpr std::string_view kOctetStream = "application/octet-stream";

/// What a code stream of the transfer syntax is (PS3.18 Table 8.7.3-5); kOctetStream for one that
/// the table does not have.
std::string_view media_type_of(std::string_view transfer_syntax);

}  // namespace sekisho::dicomweb
