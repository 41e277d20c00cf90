// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/call.h"

namespace sekisho::gateway {

/// /receipts/{log}/{number}: what proves an entry about who asks.
http::Response show_receipt(Call& call);

/// /audit/…: the access log's checkpoint and hashes (C2SP tlog-tiles), as of a minute ago at most.
/// Not the entries: they are about others too.
http::Response show_log_file(Call& call);

}  // namespace sekisho::gateway
