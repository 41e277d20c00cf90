// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "audit/event.h"
#include "disclosure/share_view.h"
#include "disclosure/shown_path.h"
#include "sharing/authorize.h"

namespace sekisho::disclosure {

/// The objects of `level` that the instances belong to, each once, by original identifiers.
std::vector<sharing::Object> objects_of(const std::vector<InstanceRef>& instances, Level level);
audit::ObjectRef to_object_ref(const sharing::Object& object);

/// What the log says of the studies of the instances, each once.
std::vector<audit::StudyWords> words_of(const std::vector<InstanceRef>& instances);

}  // namespace sekisho::disclosure
