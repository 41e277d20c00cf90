// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "gateway/call.h"

namespace sekisho::gateway {

/// /dicom-web/…: everything live for who asks.
http::Response answer_for_recipient(Call& call);
/// The answer to a body that nobody wants there; `nullopt` where it may come.
std::optional<http::Response> judge_body_for_recipient(Call& call);

/// /shares/{share}/dicom-web/…: one share.
http::Response answer_for_share(Call& call);
std::optional<http::Response> judge_body_for_share(Call& call);

/// OPTIONS below either root.
http::Response tell_methods(Call& call);

}  // namespace sekisho::gateway
