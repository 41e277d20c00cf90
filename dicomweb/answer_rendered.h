// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dicomweb/call.h"

namespace sekisho::dicomweb {

class Desk;

/// WADO-RS, rendered resources (PS3.18 §10.4.1.1.3): pictures of the masked frames of a study,
/// series, instance or list of frames. One of an instance stands for all its frames unless parts or
/// a GIF are asked for.
Reply answer_rendered(Desk& desk, Call& call);

/// WADO-RS, thumbnails (PS3.18 §10.4.1.1.4): one small picture, of a study or series that of its
/// first instance with frames.
Reply answer_thumbnail(Desk& desk, Call& call);

}  // namespace sekisho::dicomweb
