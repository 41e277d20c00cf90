// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/published_head.h"

#include <utility>

#include "audit/proof/hash_tiles.h"
#include "audit/proof/note.h"

namespace sekisho::gateway {

PublishedHead::Head PublishedHead::head(audit::AuditLog& log, core::Time now) {
  {
    const core::MutexLock lock(mutex_);
    // A clock that was set back ends the minute.
    if (head_ && now >= head_->taken_at && now - head_->taken_at < kInterval) return *head_;
  }
  auto note = log.file({.kind = audit::LogFile::Kind::checkpoint, .tile = {}});
  const auto checkpoint =
      note ? audit::Checkpoint::parse(audit::signed_text(core::as_text(*note))) : std::nullopt;
  if (!checkpoint) throw audit::AuditError("the head of the log is no checkpoint");
  Head newest{*std::move(note), checkpoint->size, now};
  const core::MutexLock lock(mutex_);
  const bool is_newer = !head_ || now < head_->taken_at || now - head_->taken_at >= kInterval;
  if (is_newer) head_ = std::move(newest);
  return *head_;
}

std::optional<core::Bytes> PublishedHead::file(const audit::LogFile& file, audit::AuditLog& log,
                                               core::Time now) {
  Head shown = head(log, now);
  if (file.kind == audit::LogFile::Kind::checkpoint) return std::move(shown.checkpoint);
  if (file.width > audit::tile_width(file.tile, shown.size)) return std::nullopt;
  return log.file(file);
}

}  // namespace sekisho::gateway
