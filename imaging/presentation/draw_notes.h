// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/demand.h"
#include "imaging/presentation/annotations.h"
#include "imaging/presentation/placement.h"
#include "imaging/rendering/picture.h"

namespace sekisho::imaging {

/// Writes the texts into what the placement made, upright, in the height that Lettering has for
/// such a picture. False: there is no font for them. Throws DemandOver.
bool draw_notes(const std::vector<const Note*>& notes, const Placement& placement, Picture& picture,
                const core::Demand& demand = {});

}  // namespace sekisho::imaging
