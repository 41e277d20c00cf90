// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "anonymization/pixels/pixel_policy.h"
#include "audit/audit_log.h"
#include "core/dicom_store.h"
#include "core/log.h"
#include "core/time.h"
#include "sharing/share_store.h"

namespace sekisho::dicomweb {

/// What the service works on; all of it outlives the service.
struct Ports {
  core::DicomStore& store;
  sharing::ShareStore& shares;
  audit::AuditLog& log;
  core::Clock clock;
  core::Log report;
  anonymization::PixelPolicy pixel_policy{};
};

struct Limits {
  int max_results = 1000;                   ///< QIDO-RS page
  std::uint64_t cache_bytes = 64ULL << 20;  ///< masked rows held in memory
};

}  // namespace sekisho::dicomweb
