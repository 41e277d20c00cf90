// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audit/event.h"
#include "returns/upload.h"

namespace sekisho::returns {

Sender sender_of(const audit::Event& event);

/// Adds what an event about the object says of it: its share, its recipient, the object, the study
/// that it joins, and which upload it is.
void tell_of(const Upload& upload, audit::Event& event);
/// What its recipient did.
audit::Event recipients_event(const Upload& upload, audit::EventCode code);
/// What the service does with it by itself.
audit::Event own_event(const Upload& upload, audit::EventCode code);

}  // namespace sekisho::returns
