// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "anonymization/masking/mask.h"
#include "audit/event.h"
#include "core/demand.h"
#include "core/time.h"
#include "disclosure/fetch.h"
#include "disclosure/file_findings.h"
#include "disclosure/ports.h"
#include "disclosure/share_view.h"
#include "disclosure/shown_path.h"
#include "sharing/authorize.h"

namespace sekisho::disclosure {

/// An instance in scope that an answer lacks.
struct Missing {
  InstanceRef instance;
  Unavailable why;
};

/// Instances of one share that one recipient may have, by grants of sharing::authorize(). Only
/// ask() makes one; only disclose() and disclose_rows() get anything out of it. One thread.
class Granted {
 public:
  /// `view` is that of `share`, `instances` are in it. Authorises each object of `level` that they
  /// belong to. Throws std::logic_error where view, share and instances do not belong together.
  static std::variant<Granted, sharing::Denial> ask(std::shared_ptr<const ShareView> view,
                                                    const sharing::Share& share,
                                                    const sharing::Authenticated& who,
                                                    sharing::Permission permission,
                                                    std::vector<InstanceRef> instances, Level level,
                                                    core::Time now);

  const ShareView& view() const { return *view_; }
  const std::vector<InstanceRef>& instances() const { return instances_; }
  Level level() const { return level_; }
  const sharing::Credential& credential() const { return credential_; }
  /// Sets aside, before anything is on record, what is known to be unfit or found so within a
  /// second, and keeps the first instance that can be given; where none can, why not. Once.
  /// `findings` outlives what is disclosed of this. Throws core::StoreError and core::DemandOver.
  std::optional<Unavailable> prepare(const Ports& ports, FileFindings& findings,
                                     const core::Demand& demand);
  /// What prepare() kept: to see in which form it can be given, and whether what is asked for is
  /// in it. Nothing of it leaves but by disclose(). Else null.
  const anonymization::Masked* first() const { return first_ ? &*first_ : nullptr; }
  /// The same, to be written down in that form.
  anonymization::Masked* first() { return first_ ? &*first_ : nullptr; }
  /// What prepare() set aside; no longer among instances() unless that is all there was.
  const std::vector<Missing>& missing() const { return missing_; }

 private:
  friend class Disclosure;
  friend class DisclosedRows;
  Granted(std::shared_ptr<const ShareView> view, sharing::IntendedUse intended_use,
          sharing::Credential credential, std::vector<sharing::Grant> grants,
          std::vector<InstanceRef> instances, Level level, core::Time granted_at);

  /// Whether prepare(), which began at `begun`, reads the file before the first byte.
  bool is_looked_at(const InstanceRef& instance, const Ports& ports, core::Time begun) const;
  /// `event` with all that the log says of this, the objects by their `level`.
  audit::Event recorded(audit::Event event, Level level) const;

  std::shared_ptr<const ShareView> view_;
  sharing::IntendedUse intended_use_;
  sharing::Credential credential_;
  std::vector<sharing::Grant> grants_;  ///< never empty, all of one share
  std::vector<InstanceRef> instances_;  ///< never empty, all covered by the grants
  Level level_;
  core::Time granted_at_;
  std::optional<anonymization::Masked> first_;
  std::vector<Missing> missing_;
  FileFindings* findings_ = nullptr;
};

}  // namespace sekisho::disclosure
