// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "staff/audit.h"
#include "staff/call.h"
#include "staff/certificate_rules.h"
#include "staff/consents.h"
#include "staff/credentials.h"
#include "staff/identities.h"
#include "staff/keeping.h"
#include "staff/looks.h"
#include "staff/people.h"
#include "staff/preview.h"
#include "staff/profiles.h"
#include "staff/recipient_import.h"
#include "staff/recipients.h"
#include "staff/request.h"
#include "staff/revocations.h"
#include "staff/roles.h"
#include "staff/second_look.h"
#include "staff/share_acts.h"
#include "staff/shares.h"
#include "staff/status.h"
#include "staff/studies.h"
#include "staff/uploads.h"

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

inline constexpr Roles kAnybody = kAllRoles;
inline constexpr Roles kShare = {Role::share};
inline constexpr Roles kApprove = {Role::approve};
inline constexpr Roles kAdminister = {Role::administer};
inline constexpr Roles kAudit = {Role::audit};
/// Who look at studies and files before something is shared or released.
inline constexpr Roles kLook = {Role::share, Role::approve};
/// Who may end what others have begun: no more leaves by that.
inline constexpr Roles kStop = {Role::share, Role::approve, Role::administer};
/// Who may know what patients have consented to.
inline constexpr Roles kConsents = {Role::share, Role::approve, Role::audit};
/// Who may know by what recipients are let in.
inline constexpr Roles kAccounts = {Role::administer, Role::audit};
/// Who may read the access log's files, below /sekisho/audit.
inline constexpr Roles kReadersOfTheLog = kAudit;
/// Who may open the pages, at /sekisho; what these can do there are calls of the API.
inline constexpr Roles kReadersOfPages = kAnybody;

/// The whole staff API on one screen. What is not listed is 404; docs/openapi.yaml says the same.
inline constexpr Route kRoutes[] = {
    {Verb::get, "/status", kAnybody, "", show_status},
    {Verb::get, "/whoami", kAnybody, "", show_caller},
    {Verb::get, "/settings", kAnybody, "", show_settings},
    {Verb::get, "/audit", kAudit,
     "patient study series recipient share actor event outcome since until limit after order",
     list_audit_entries},
    {Verb::get, "/audit/holds", kAudit, "since until limit after order", list_holds},
    {Verb::post, "/audit/holds", kAudit, "", set_hold},
    {Verb::post, "/audit/holds/end", kAudit, "", end_hold},
    {Verb::post, "/audit/shred", kAdminister, "", shred_text},
    {Verb::post, "/audit/prune", kAdminister, "", prune_log},
    {Verb::get, "/consents", kConsents, "status since until limit after order", list_consents},
    {Verb::post, "/consents", kShare, "", create_consent, show_made_consent},
    {Verb::post, "/consents/search", kConsents, "", search_consents},
    {Verb::get, "/consents/{consent}", kConsents, "", show_consent},
    {Verb::post, "/consents/{consent}/withdraw", kStop, "", withdraw_consent},
    {Verb::get, "/looks", kLook, "", list_looks},
    {Verb::get, "/looks/{look}", kLook, "", show_look},
    {Verb::erase, "/looks/{look}", kLook, "", give_up_look},
    {Verb::get, "/profiles", kAnybody, "", list_profiles},
    {Verb::get, "/profiles/{profile}", kAnybody, "options fields modalities", show_profile},
    {Verb::get, "/recipients", kAnybody, "search status look_alikes since until limit after order",
     list_recipients},
    {Verb::post, "/recipients", kAdminister, "", create_recipient, show_made_recipient},
    {Verb::get, "/recipients/export", kAdminister, "search status", export_recipients},
    {Verb::post, "/recipients/import", kAdminister, "", import_recipients},
    {Verb::get, "/recipients/{recipient}", kAnybody, "", show_recipient},
    {Verb::put, "/recipients/{recipient}", kAdminister, "", change_recipient},
    {Verb::post, "/recipients/{recipient}/disable", kAdminister, "", disable_recipient},
    {Verb::post, "/recipients/{recipient}/enable", kAdminister, "", enable_recipient},
    {Verb::post, "/recipients/{recipient}/networks", kAdminister, "", add_network},
    {Verb::post, "/recipients/{recipient}/networks/remove", kAdminister, "", remove_network},
    {Verb::get, "/recipients/{recipient}/tokens", kAccounts, "", list_tokens},
    {Verb::post, "/recipients/{recipient}/tokens", kAdminister, "", create_token, show_made_token},
    {Verb::get, "/recipients/{recipient}/tokens/{token}", kAccounts, "", show_token},
    {Verb::post, "/recipients/{recipient}/tokens/{token}/revoke", kAdminister, "", revoke_token},
    {Verb::get, "/recipients/{recipient}/certificates", kAccounts, "", list_certificates},
    {Verb::post, "/recipients/{recipient}/certificates", kAdminister, "", add_certificate,
     show_made_certificate},
    {Verb::get, "/recipients/{recipient}/certificates/{certificate}", kAccounts, "",
     show_certificate},
    {Verb::erase, "/recipients/{recipient}/certificates/{certificate}", kAdminister, "",
     remove_certificate},
    {Verb::get, "/recipients/{recipient}/certificate-rules", kAccounts, "", list_certificate_rules},
    {Verb::post, "/recipients/{recipient}/certificate-rules", kAdminister, "", add_certificate_rule,
     show_made_certificate_rule},
    {Verb::get, "/recipients/{recipient}/certificate-rules/{rule}", kAccounts, "",
     show_certificate_rule},
    {Verb::erase, "/recipients/{recipient}/certificate-rules/{rule}", kAdminister, "",
     remove_certificate_rule},
    {Verb::get, "/recipients/{recipient}/people", kAnybody, "", list_people},
    {Verb::post, "/recipients/{recipient}/people", kAdminister, "", create_person},
    {Verb::get, "/recipients/{recipient}/people/{person}", kAnybody, "", show_person},
    {Verb::put, "/recipients/{recipient}/people/{person}", kAdminister, "", change_person},
    {Verb::post, "/recipients/{recipient}/people/{person}/invite", kAdminister, "", invite_person},
    {Verb::put, "/recipients/{recipient}/people/{person}/identity", kAdminister, "", link_identity},
    {Verb::erase, "/recipients/{recipient}/people/{person}/identity", kAdminister, "",
     unlink_identity},
    {Verb::post, "/recipients/{recipient}/people/{person}/disable", kAdminister, "",
     disable_person},
    {Verb::post, "/recipients/{recipient}/people/{person}/enable", kAdminister, "", enable_person},
    {Verb::post, "/recipients/{recipient}/people/{person}/sessions/end", kAdminister, "",
     end_person_sessions},
    {Verb::post, "/recipients/{recipient}/people/{person}/revoke-shares", kStop, "",
     revoke_shares_of_person},
    {Verb::post, "/recipients/{recipient}/revoke-shares", kStop, "", revoke_shares_of_recipient},
    {Verb::post, "/patients/revoke-shares", kStop, "", revoke_shares_of_patient},
    {Verb::get, "/shares", kAnybody,
     "recipient person patient study status since until limit after order", list_shares},
    {Verb::post, "/shares", kShare, "", create_share, show_made_share},
    {Verb::post, "/shares/preview", kLook, "", preview_share},
    {Verb::get, "/shares/{share}", kAnybody, "", show_share},
    {Verb::post, "/shares/{share}/extend", kShare, "", extend_share},
    {Verb::post, "/shares/{share}/revoke", kStop, "", revoke_share},
    {Verb::post, "/shares/{share}/approve", kApprove, "", approve_share},
    {Verb::post, "/shares/{share}/reject", kApprove, "", reject_share},
    {Verb::post, "/shares/{share}/reissue", kShare, "", reissue_share, show_made_share},
    {Verb::post, "/shares/{share}/forget-key", kAdminister, "", forget_share_key},
    {Verb::post, "/shares/{share}/series/approve", kApprove, "", approve_series},
    {Verb::post, "/shares/{share}/series/withdraw", kStop, "", withdraw_series},
    {Verb::get, "/studies", kLook, "orthanc patient accession search from to modality limit after",
     list_studies},
    {Verb::get, "/uploads", kLook, "status share recipient since until limit after order",
     list_uploads},
    {Verb::get, "/uploads/{upload}", kLook, "", show_upload},
    {Verb::post, "/uploads/{upload}/release", kShare, "", release_upload},
    {Verb::post, "/uploads/{upload}/reject", kShare, "", reject_upload},
    {Verb::post, "/mask-key/rotate", kAdminister, "", rotate_mask_key},
};
static_assert(std::ranges::none_of(kRoutes,
                                   [](const Route& route) { return route.roles.empty(); }));

}  // namespace sekisho::staff
