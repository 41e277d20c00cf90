// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dicomweb/attributes.h"
#include "dicomweb/reply.h"
#include "dicomweb/request.h"
#include "disclosure/shown_path.h"

namespace sekisho::dicomweb {

using disclosure::ShownPath;

struct Call;
class Desk;

/// What a share must let its recipient do. Searches and metadata are for those who may look and for
/// those who may fetch.
enum class Needed { to_look, to_fetch, to_give_back };

/// One kind of resource, and one thing that can be done to it. `{study}`, `{series}` and
/// `{instance}` stand for a UID each, `{frames}` for a list of frames, `{value...}` for a path into
/// a data set (http/path_match.h).
struct Route {
  Verb verb;  ///< get: HEAD too (RFC 9110 §9.3.2)
  std::string_view pattern;
  Level level;  ///< of what is searched for or retrieved
  Needed needed;
  /// Blocks. Throws audit::AuditError, core::MemoryShortage and core::DemandOver, for which the
  /// service has answers, and what the stores throw.
  Reply (*answer)(Desk&, Call&);
};

/// The route of a request, and what stood in its path.
struct Matched {
  const Route* route = nullptr;
  ShownPath path;
  std::string frames;              ///< as it stands there
  std::vector<std::string> value;  ///< the segments behind the rest
};

}  // namespace sekisho::dicomweb
