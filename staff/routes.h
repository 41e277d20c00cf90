// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "staff/audit.h"
#include "staff/call.h"
#include "staff/credentials.h"
#include "staff/keeping.h"
#include "staff/preview.h"
#include "staff/profiles.h"
#include "staff/recipients.h"
#include "staff/request.h"
#include "staff/share_acts.h"
#include "staff/shares.h"
#include "staff/status.h"

namespace sekisho::staff {

struct Route {
  Verb verb;
  std::string_view path;   ///< below /sekisho/api; a segment in braces stands for an id
  std::string_view query;  ///< the names it knows, separated by spaces
  Reply (*answer)(const Call&);
  /// Of a creation, which takes an Idempotency-Key: shows what it has made before, without secrets.
  Reply (*show_made)(const Call&, const std::string& id) = nullptr;
};

/// The whole staff API on one screen. What is not listed is 404; docs/openapi.yaml says the same.
inline constexpr Route kRoutes[] = {
    {Verb::get, "/status", "", show_status},
    {Verb::get, "/audit",
     "patient study series recipient share actor event outcome since until limit after order",
     list_audit_entries},
    {Verb::get, "/audit/holds", "since until limit after order", list_holds},
    {Verb::post, "/audit/holds", "", set_hold},
    {Verb::post, "/audit/holds/end", "", end_hold},
    {Verb::post, "/audit/shred", "", shred_text},
    {Verb::post, "/audit/prune", "", prune_log},
    {Verb::get, "/profiles", "", list_profiles},
    {Verb::get, "/profiles/{profile}", "options fields modalities", show_profile},
    {Verb::get, "/recipients", "since until limit after order", list_recipients},
    {Verb::post, "/recipients", "", create_recipient, show_made_recipient},
    {Verb::get, "/recipients/{recipient}", "", show_recipient},
    {Verb::put, "/recipients/{recipient}", "", change_recipient},
    {Verb::post, "/recipients/{recipient}/disable", "", disable_recipient},
    {Verb::post, "/recipients/{recipient}/enable", "", enable_recipient},
    {Verb::post, "/recipients/{recipient}/networks", "", add_network},
    {Verb::post, "/recipients/{recipient}/networks/remove", "", remove_network},
    {Verb::get, "/recipients/{recipient}/tokens", "", list_tokens},
    {Verb::post, "/recipients/{recipient}/tokens", "", create_token, show_made_token},
    {Verb::get, "/recipients/{recipient}/tokens/{token}", "", show_token},
    {Verb::post, "/recipients/{recipient}/tokens/{token}/revoke", "", revoke_token},
    {Verb::get, "/recipients/{recipient}/certificates", "", list_certificates},
    {Verb::post, "/recipients/{recipient}/certificates", "", add_certificate,
     show_made_certificate},
    {Verb::get, "/recipients/{recipient}/certificates/{certificate}", "", show_certificate},
    {Verb::erase, "/recipients/{recipient}/certificates/{certificate}", "", remove_certificate},
    {Verb::get, "/shares", "recipient patient study status since until limit after order",
     list_shares},
    {Verb::post, "/shares", "", create_share, show_made_share},
    {Verb::post, "/shares/preview", "", preview_share},
    {Verb::get, "/shares/{share}", "", show_share},
    {Verb::post, "/shares/{share}/extend", "", extend_share},
    {Verb::post, "/shares/{share}/revoke", "", revoke_share},
    {Verb::post, "/shares/{share}/forget-key", "", forget_share_key},
    {Verb::post, "/shares/{share}/series/approve", "", approve_series},
    {Verb::post, "/shares/{share}/series/withdraw", "", withdraw_series},
    {Verb::post, "/mask-key/rotate", "", rotate_mask_key},
};

}  // namespace sekisho::staff
