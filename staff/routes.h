// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "staff/audit.h"
#include "staff/call.h"
#include "staff/credentials.h"
#include "staff/keeping.h"
#include "staff/looks.h"
#include "staff/people.h"
#include "staff/preview.h"
#include "staff/profiles.h"
#include "staff/recipients.h"
#include "staff/request.h"
#include "staff/revocations.h"
#include "staff/roles.h"
#include "staff/second_look.h"
#include "staff/share_acts.h"
#include "staff/shares.h"
#include "staff/status.h"

namespace sekisho::staff {

struct Route {
  Verb verb;
  std::string_view path;   ///< below /sekisho/api; a segment in braces stands for an id
  Roles roles;             ///< who may call it
  std::string_view query;  ///< the names it knows, separated by spaces
  Reply (*answer)(const Call&);
  /// Of a creation, which takes an Idempotency-Key: shows what it has made before, without secrets.
  Reply (*show_made)(const Call&, const std::string& id) = nullptr;
};

inline constexpr Roles kStaff = {Role::staff};
/// Who may read the access log's files, below /sekisho/audit.
inline constexpr Roles kReadersOfTheLog = kStaff;

/// The whole staff API on one screen. What is not listed is 404; docs/openapi.yaml says the same.
inline constexpr Route kRoutes[] = {
    {Verb::get, "/status", kStaff, "", show_status},
    {Verb::get, "/audit", kStaff,
     "patient study series recipient share actor event outcome since until limit after order",
     list_audit_entries},
    {Verb::get, "/audit/holds", kStaff, "since until limit after order", list_holds},
    {Verb::post, "/audit/holds", kStaff, "", set_hold},
    {Verb::post, "/audit/holds/end", kStaff, "", end_hold},
    {Verb::post, "/audit/shred", kStaff, "", shred_text},
    {Verb::post, "/audit/prune", kStaff, "", prune_log},
    {Verb::get, "/looks", kStaff, "", list_looks},
    {Verb::get, "/looks/{look}", kStaff, "", show_look},
    {Verb::erase, "/looks/{look}", kStaff, "", give_up_look},
    {Verb::get, "/profiles", kStaff, "", list_profiles},
    {Verb::get, "/profiles/{profile}", kStaff, "options fields modalities", show_profile},
    {Verb::get, "/recipients", kStaff, "since until limit after order", list_recipients},
    {Verb::post, "/recipients", kStaff, "", create_recipient, show_made_recipient},
    {Verb::get, "/recipients/{recipient}", kStaff, "", show_recipient},
    {Verb::put, "/recipients/{recipient}", kStaff, "", change_recipient},
    {Verb::post, "/recipients/{recipient}/disable", kStaff, "", disable_recipient},
    {Verb::post, "/recipients/{recipient}/enable", kStaff, "", enable_recipient},
    {Verb::post, "/recipients/{recipient}/networks", kStaff, "", add_network},
    {Verb::post, "/recipients/{recipient}/networks/remove", kStaff, "", remove_network},
    {Verb::get, "/recipients/{recipient}/tokens", kStaff, "", list_tokens},
    {Verb::post, "/recipients/{recipient}/tokens", kStaff, "", create_token, show_made_token},
    {Verb::get, "/recipients/{recipient}/tokens/{token}", kStaff, "", show_token},
    {Verb::post, "/recipients/{recipient}/tokens/{token}/revoke", kStaff, "", revoke_token},
    {Verb::get, "/recipients/{recipient}/certificates", kStaff, "", list_certificates},
    {Verb::post, "/recipients/{recipient}/certificates", kStaff, "", add_certificate,
     show_made_certificate},
    {Verb::get, "/recipients/{recipient}/certificates/{certificate}", kStaff, "", show_certificate},
    {Verb::erase, "/recipients/{recipient}/certificates/{certificate}", kStaff, "",
     remove_certificate},
    {Verb::get, "/recipients/{recipient}/people", kStaff, "", list_people},
    {Verb::post, "/recipients/{recipient}/people", kStaff, "", create_person},
    {Verb::get, "/recipients/{recipient}/people/{person}", kStaff, "", show_person},
    {Verb::put, "/recipients/{recipient}/people/{person}", kStaff, "", change_person},
    {Verb::post, "/recipients/{recipient}/people/{person}/invite", kStaff, "", invite_person},
    {Verb::post, "/recipients/{recipient}/people/{person}/disable", kStaff, "", disable_person},
    {Verb::post, "/recipients/{recipient}/people/{person}/enable", kStaff, "", enable_person},
    {Verb::post, "/recipients/{recipient}/people/{person}/sessions/end", kStaff, "",
     end_person_sessions},
    {Verb::post, "/recipients/{recipient}/people/{person}/revoke-shares", kStaff, "",
     revoke_shares_of_person},
    {Verb::post, "/recipients/{recipient}/revoke-shares", kStaff, "", revoke_shares_of_recipient},
    {Verb::post, "/patients/revoke-shares", kStaff, "", revoke_shares_of_patient},
    {Verb::get, "/shares", kStaff,
     "recipient person patient study status since until limit after order", list_shares},
    {Verb::post, "/shares", kStaff, "", create_share, show_made_share},
    {Verb::post, "/shares/preview", kStaff, "", preview_share},
    {Verb::get, "/shares/{share}", kStaff, "", show_share},
    {Verb::post, "/shares/{share}/extend", kStaff, "", extend_share},
    {Verb::post, "/shares/{share}/revoke", kStaff, "", revoke_share},
    {Verb::post, "/shares/{share}/approve", kStaff, "", approve_share},
    {Verb::post, "/shares/{share}/reject", kStaff, "", reject_share},
    {Verb::post, "/shares/{share}/reissue", kStaff, "", reissue_share, show_made_share},
    {Verb::post, "/shares/{share}/forget-key", kStaff, "", forget_share_key},
    {Verb::post, "/shares/{share}/series/approve", kStaff, "", approve_series},
    {Verb::post, "/shares/{share}/series/withdraw", kStaff, "", withdraw_series},
    {Verb::post, "/mask-key/rotate", kStaff, "", rotate_mask_key},
};
static_assert(std::ranges::none_of(kRoutes,
                                   [](const Route& route) { return route.roles.empty(); }));

}  // namespace sekisho::staff
