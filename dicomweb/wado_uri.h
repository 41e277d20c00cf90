// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "dicomweb/request.h"

namespace sekisho::dicomweb {

/// Whether it is one of WADO-URI (PS3.18 §9): `…/wado?requestType=WADO&…`.
bool is_wado_uri(const Request& request);

/// The same request as WADO-RS has it, which answers it: the parameters of PS3.18 §9.4.1 and §9.5.1
/// become path, `Accept` and query. `nullopt` where one that must be there is not, where one cannot
/// be read, and for those that nothing here can do (`anonymize`, `region`): 400. What §9 does not
/// know is ignored.
std::optional<Request> as_wado_rs(const Request& request);

}  // namespace sekisho::dicomweb
