// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <unordered_map>

#include "anonymization/profiles/profile.h"
#include "anonymization/pseudonyms.h"
#include "core/uid.h"

namespace sekisho::anonymization {

/// What is known on the way back through a share. All outlive the call.
struct WayBack {
  const Profile& profile;
  const ReverseMap& map;  ///< studies, series and instances of the scope
  /// Every other UID that the share has shown: add_uids() of an instance of each series.
  const ReverseMap& more;
  const Pseudonyms& pseudonyms;
  /// Series and instances that this reader made and the archive took before: the reader's name for
  /// them → the archive's.
  const std::unordered_map<core::Uid, core::Uid>& returned;
  /// Whether the archive has nothing by that name.
  std::function<bool(const core::Uid&)> is_unknown;
};

/// How a returned object names its own series and instance, or how the archive does.
struct ReturnedUids {
  core::Uid series;
  core::Uid instance;
};

}  // namespace sekisho::anonymization
