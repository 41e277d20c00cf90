// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anonymization/pixels/pixel_policy.h"
#include "anonymization/pixels/verdicts.h"
#include "audit/audit_log.h"
#include "core/dicom_store.h"
#include "core/log.h"
#include "core/memory_budget.h"
#include "core/time.h"
#include "disclosure/denials.h"
#include "disclosure/known_heads.h"
#include "disclosure/looks.h"
#include "sharing/recipient_store.h"
#include "sharing/share_store.h"

namespace sekisho::disclosure {

/// What disclosing works on; all of it outlives who is given this.
struct Ports {
  core::DicomStore& store;
  const sharing::RecipientStore& recipients;
  sharing::ShareStore& shares;
  audit::AuditLog& log;
  Denials& denials;
  core::Clock clock;
  core::Log report;
  core::MemoryBudget& memory;
  Looks& looks;
  anonymization::PixelPolicy pixel_policy{};
  /// What was found out about files before; null: nothing is kept.
  const anonymization::Verdicts* verdicts = nullptr;
  /// What was masked of files with large headers; null: nothing is kept.
  const KnownHeads* heads = nullptr;
};

}  // namespace sekisho::disclosure
