// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study_search.h"
#include "plugin/sdk.h"

namespace sekisho::plugin {

/// Looks in Orthanc's database; of more than 2,000 studies it finds, 2,000. What has no UID that
/// could be shared is left out. Works between OrthancStarted and OrthancStopped.
core::FoundStudies search_studies(const Sdk& sdk, const core::StudySearch& search);

}  // namespace sekisho::plugin
