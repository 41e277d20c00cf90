// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sealed_box.h"
#include "sharing/place.h"
#include "sharing/wrapping_key.h"

namespace sekisho::sharing {

// A key counts once the database names it, so these are called while nobody else can write the
// database. All throw MaskKeyError.

/// For a database in which nothing is wrapped: makes mask.key, or takes the one that a start cut
/// off before has left.
WrappingKey first_mask_key(const SharingPlace& place);
/// A new key in mask.key.next, on disk.
WrappingKey next_mask_key(const SharingPlace& place);
/// The key with this id, in mask.key when this returns: from mask.key.next where a rotation was cut
/// off after the database had named it. What mask.key held before is overwritten then.
WrappingKey named_mask_key(const SharingPlace& place, const core::Bits128& id);
/// Removes what a rotation has left that was cut off before the database named its key.
void discard_next_mask_key(const SharingPlace& place);

}  // namespace sekisho::sharing
