// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dicomweb/call.h"
#include "dicomweb/desk.h"
#include "dicomweb/pictures_body.h"
#include "dicomweb/reply.h"

namespace sekisho::dicomweb {

/// The image that `call` names as the presentation state says that its request names
/// (PS3.18 §9.5.1): both are in one share, and the state refers to the image; else 404.
Reply answer_by_presentation(Desk& desk, const Call& call, PictureOrder order);

/// The first image that the state which `call` names refers to, and the share shows, as it says
/// (PS3.18 §10.4.1.1.3). `state` is that object, granted and with its first().
Reply answer_presentation(Desk& desk, const Call& call, const Granted& state, PictureOrder order);

/// Whether what was granted is a presentation state that pictures are made by.
bool is_presentation(const Granted& granted);

}  // namespace sekisho::dicomweb
