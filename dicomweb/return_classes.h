// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "sharing/share.h"

namespace sekisho::dicomweb {

/// Whether a recipient with these permissions may give back objects of this SOP class: what a
/// reader makes of images (reports, key objects, presentation states, segmentations, structure
/// sets), and with "return-documents" what may hold anything (PDF, secondary captures). Every other
/// class, no.
bool may_be_returned(std::string_view sop_class, const sharing::Permissions& permissions);

/// Whether objects of this class have pixel data (PS3.3 §C.7.6.3), or an encapsulated document
/// (PS3.3 §C.24.2). No other object that comes back has either.
bool holds_pixels(std::string_view sop_class);
bool holds_document(std::string_view sop_class);

}  // namespace sekisho::dicomweb
