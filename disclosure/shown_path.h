// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/uid.h"

namespace sekisho::disclosure {

/// The levels of the information model that have resources (PS3.18 §10.1).
enum class Level { study, series, instance };

/// The UIDs in a path, as the other side knows them; empty where the path has none.
struct ShownPath {
  core::Uid study;
  core::Uid series;
  core::Uid instance;
};

}  // namespace sekisho::disclosure
