// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <orthanc/OrthancCPlugin.h>

#include <string_view>

#include "plugin/sdk.h"

namespace sekisho::plugin {

/// The addresses of the staff's pages on Orthanc's port: the document, and below /app/ what it
/// loads.
inline constexpr const char* kPagesPattern = "/sekisho(/|/app/[^/]+)?";

/// Answers the GET of one of them, to whoever may have it. The answer says of itself what those of
/// the recipient door say: what a browser is held to, and what it may keep (ADR 52). Without the
/// slash at its end the document's own addresses would lead elsewhere: that one is sent on.
void send_page(const Sdk& sdk, OrthancPluginRestOutput* output, std::string_view url);

/// What Orthanc Explorer runs to offer sharing beside a study, and a way to the pages beside its
/// search. It knows Orthanc's addresses by its own: Orthanc may stand below a path.
extern const char* const kExplorerScript;

}  // namespace sekisho::plugin
