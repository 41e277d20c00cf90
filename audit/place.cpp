// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/place.h"

namespace sekisho::audit {

AuditPlace AuditPlace::in(const std::filesystem::path& directory) {
  return {directory / "audit.db",
          directory / "audit.key",
          directory / "audit.pub",
          directory / "audit-index.key",
          directory / "audit-wrap.key",
          directory / "audit.witness-times",
          directory / "audit.key.next",
          directory / "audit.reserve",
          std::nullopt};
}

std::filesystem::path AuditPlace::anchor_in(const std::filesystem::path& directory) {
  return directory / "audit.anchor";
}

}  // namespace sekisho::audit
