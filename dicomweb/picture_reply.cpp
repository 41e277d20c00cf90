// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/picture_reply.h"

#include <memory>
#include <string>
#include <utility>

#include "dicomweb/events.h"
#include "dicomweb/multipart.h"

namespace sekisho::dicomweb {

Reply refuse_unseen(Desk& desk, const Call& call, const Granted& granted) {
  return desk.refuse(call, granted, 406, "not_renderable");
}

Reply send_made(Desk& desk, const Call& call, Granted granted, RecordedAs as,
                PartsBody::Parts parts) {
  std::string type =
      parts.boundary.empty() ? parts.type : multipart_type(parts.type, parts.boundary);
  auto body = std::make_unique<PartsBody>(
      desk.disclose(call, std::move(granted), as,
                    event_of(call, audit::EventCode::transfer_begin, nullptr)),
      std::move(parts));
  const auto size = body->size_bytes();
  return Reply::stream(std::move(type), size, std::move(body));
}

}  // namespace sekisho::dicomweb
