// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/call.h"

namespace sekisho::gateway {

// Signing in at an identity provider (docs/openid.md). Whoever is not let in gets the 404 that
// everything refused gets; while the provider does not answer, 503.

/// GET: 200 with what the provider is called.
http::Response show_provider(Call& call);
/// POST: 200 with the address that the browser goes to, and a cookie by which it is known again.
/// With an invitation, whoever comes back takes it up.
http::Response go_to_provider(Call& call);
/// GET, of a browser that the provider has sent: 200 with a page that leads on, and the cookie of a
/// session. The page is needed: a browser sends no cookie of ours while another site leads it.
http::Response return_from_provider(Call& call);

}  // namespace sekisho::gateway
