// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "staff/audit.h"
#include "staff/call.h"
#include "staff/keeping.h"
#include "staff/preview.h"
#include "staff/profiles.h"
#include "staff/recipients.h"
#include "staff/shares.h"

namespace sekisho::staff {

StaffReply show_status(const StaffCall& call);

struct StaffRoute {
  StaffVerb verb;
  std::string_view path;   ///< below /sekisho/api; a segment in braces stands for an id
  std::string_view query;  ///< the names it knows, separated by spaces
  StaffReply (*answer)(const StaffCall&);
  /// Of a creation, which takes an Idempotency-Key: shows what it has made before, without secrets.
  StaffReply (*show_made)(const StaffCall&, const std::string& id) = nullptr;
};

/// The whole staff API on one screen. What is not listed is 404; docs/openapi.yaml says the same.
inline constexpr StaffRoute kStaffRoutes[] = {
    {StaffVerb::get, "/status", "", show_status},
    {StaffVerb::get, "/audit",
     "patient study series recipient share actor event outcome since until limit after order",
     list_audit_entries},
    {StaffVerb::get, "/audit/holds", "since until limit after order", list_holds},
    {StaffVerb::post, "/audit/holds", "", set_hold},
    {StaffVerb::post, "/audit/holds/end", "", end_hold},
    {StaffVerb::post, "/audit/shred", "", shred_text},
    {StaffVerb::post, "/audit/prune", "", prune_log},
    {StaffVerb::get, "/profiles", "", list_profiles},
    {StaffVerb::get, "/profiles/{profile}", "options fields modalities", show_profile},
    {StaffVerb::get, "/recipients", "since until limit after order", list_recipients},
    {StaffVerb::post, "/recipients", "", create_recipient, show_made_recipient},
    {StaffVerb::get, "/recipients/{recipient}", "", show_recipient},
    {StaffVerb::put, "/recipients/{recipient}", "", change_recipient},
    {StaffVerb::post, "/recipients/{recipient}/disable", "", disable_recipient},
    {StaffVerb::post, "/recipients/{recipient}/enable", "", enable_recipient},
    {StaffVerb::post, "/recipients/{recipient}/networks", "", add_network},
    {StaffVerb::post, "/recipients/{recipient}/networks/remove", "", remove_network},
    {StaffVerb::get, "/recipients/{recipient}/tokens", "", list_tokens},
    {StaffVerb::post, "/recipients/{recipient}/tokens", "", create_token, show_made_token},
    {StaffVerb::get, "/recipients/{recipient}/tokens/{token}", "", show_token},
    {StaffVerb::post, "/recipients/{recipient}/tokens/{token}/revoke", "", revoke_token},
    {StaffVerb::get, "/recipients/{recipient}/certificates", "", list_certificates},
    {StaffVerb::post, "/recipients/{recipient}/certificates", "", add_certificate,
     show_made_certificate},
    {StaffVerb::get, "/recipients/{recipient}/certificates/{certificate}", "", show_certificate},
    {StaffVerb::erase, "/recipients/{recipient}/certificates/{certificate}", "",
     remove_certificate},
    {StaffVerb::get, "/shares", "recipient patient study status since until limit after order",
     list_shares},
    {StaffVerb::post, "/shares", "", create_share, show_made_share},
    {StaffVerb::post, "/shares/preview", "", preview_share},
    {StaffVerb::get, "/shares/{share}", "", show_share},
    {StaffVerb::post, "/shares/{share}/extend", "", extend_share},
    {StaffVerb::post, "/shares/{share}/revoke", "", revoke_share},
    {StaffVerb::post, "/shares/{share}/forget-key", "", forget_share_key},
    {StaffVerb::post, "/shares/{share}/series/approve", "", approve_series},
    {StaffVerb::post, "/shares/{share}/series/withdraw", "", withdraw_series},
    {StaffVerb::post, "/mask-key/rotate", "", rotate_mask_key},
};

}  // namespace sekisho::staff
