// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <utility>

#include "staff/ports.h"
#include "staff/reply.h"
#include "staff/request.h"

namespace sekisho::staff {

/// The staff door's JSON API without the SDK: from request to reply. Any thread may call.
class Api {
 public:
  explicit Api(Ports ports) : ports_(std::move(ports)) {}
  /// Wrong requests are answered with the 4xx that fits and refused(). Trouble throws
  /// audit::AuditError, sharing::MaskKeyError, core::DatabaseError or core::StoreError.
  Reply answer(const Request& request) const;
  /// The access log's checkpoint, hash tiles and entries as C2SP tlog-tiles; throws the same.
  Reply show_log_file(const Request& request) const;
  /// Why the caller gets no page, which is on record then; `nullopt` for whoever may have one.
  /// Links to pages may stand anywhere. Throws audit::AuditError.
  std::optional<Reply> refuse_page(const Request& request) const;

 private:
  Ports ports_;
};

}  // namespace sekisho::staff
