// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "audit/event.h"
#include "dicomweb/call.h"
#include "dicomweb/routes.h"
#include "disclosure/share_view.h"
#include "sharing/authorize.h"

namespace sekisho::dicomweb {

using disclosure::InstanceRef;

/// The objects of `level` that the instances belong to, each once, by original identifiers.
std::vector<sharing::Object> objects_of(const std::vector<InstanceRef>& instances, Level level);
audit::ObjectRef to_object_ref(const sharing::Object& object);

/// What the log says of the studies of the instances, each once.
std::vector<audit::StudyWords> words_of(const std::vector<InstanceRef>& instances);

/// What every event about a call says. `share` is null where no single share is meant.
audit::Event event_of(const Call& call, audit::EventCode code, const sharing::Share* share);

/// A search that `share` answered with these rows (null: no share did). The objects on record are
/// what the rows belong to: their studies, for rows of instances their series.
audit::Event search_event(const Call& call, const sharing::Share* share,
                          const std::vector<InstanceRef>& rows);

}  // namespace sekisho::dicomweb
