// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/demand.h"
#include "imaging/presentation/annotations.h"
#include "imaging/presentation/placement.h"
#include "imaging/rendering/picture.h"

namespace sekisho::imaging {

/// Draws the outlines into what the placement made, in white with a black edge, so that they are
/// seen on every ground. False: it would be more than a picture can show, and some of them are
/// drawn. Throws DemandOver. Pure; any thread.
bool draw_figures(const std::vector<const Figure*>& figures, const Placement& placement,
                  Picture& picture, const core::Demand& demand = {});

}  // namespace sekisho::imaging
