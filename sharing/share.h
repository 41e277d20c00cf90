// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/dicom_store.h"
#include "core/digest.h"
#include "core/id.h"
#include "core/secret.h"
#include "core/shared_text.h"
#include "core/time.h"
#include "sharing/recipient.h"

namespace sekisho::sharing {

struct ShareKind;
using ShareId = core::Id<ShareKind>;

/// What a share covers. Keys name the patient too: one StudyInstanceUID may stand in the archive
/// under two patients.
struct PatientScope {
  std::string patient_id;  ///< present and future studies
  friend bool operator==(const PatientScope&, const PatientScope&) = default;
};
struct StudyScope {
  std::vector<core::StudyKey> studies;  ///< late series included
  friend bool operator==(const StudyScope&, const StudyScope&) = default;
};
struct SeriesScope {
  std::vector<core::SeriesKey> series;  ///< late instances included
  friend bool operator==(const SeriesScope&, const SeriesScope&) = default;
};
struct InstanceScope {
  std::vector<core::InstanceKey> instances;
  friend bool operator==(const InstanceScope&, const InstanceScope&) = default;
};
using Scope = std::variant<PatientScope, StudyScope, SeriesScope, InstanceScope>;

/// True when anything of the study, the series or the instance lies inside the scope: a study of
/// which one series is shared is visible, its other series are not.
bool covers(const Scope& scope, const core::StudyKey& study);
bool covers(const Scope& scope, const core::SeriesKey& series);
bool covers(const Scope& scope, const core::InstanceKey& instance);
std::string_view level_name(const Scope& scope);  ///< "Patient", "Study", "Series", "Instance"

/// What the recipient may do with it; enforced on every route.
struct Permissions {
  bool view = false;                 ///< rendered frames, searches, metadata
  bool download = false;             ///< DICOM files, native frames, archives
  bool give_back = false;            ///< "return": store reports
  bool give_back_documents = false;  ///< "return-documents": PDF and screen captures as well
  friend bool operator==(const Permissions&, const Permissions&) = default;
};
inline constexpr Permissions kEveryPermission{
    .view = true, .download = true, .give_back = true, .give_back_documents = true};
enum class Permission { view, download, give_back, give_back_documents };
inline constexpr Permission kPermissions[] = {
    Permission::view, Permission::download, Permission::give_back, Permission::give_back_documents};
bool allows(const Permissions& permissions, Permission permission);
void add(Permissions& permissions, Permission permission);
/// What both allow.
Permissions common(const Permissions& one, const Permissions& other);
std::string_view name(Permission permission);  ///< "view", "download", …
std::optional<Permission> parse_permission(std::string_view name);

enum class IntendedUse { reference, reading };  ///< 参照, 読影
std::string_view name(IntendedUse use);
std::optional<IntendedUse> parse_intended_use(std::string_view name);

/// Staff have moved the end of a share away.
struct Extension {
  core::Time expires_at;
  core::Time extended_at;
  std::string extended_by;
  std::string reason;
};

/// Somebody else than who made a share lets it open.
struct Approval {
  core::Time approved_at;
  std::string approved_by;
};

/// One hand-over to one recipient. A value: never edited, only approved, extended and revoked. Its
/// pseudonym key stays in the store (ShareStore::mask_key).
struct Share {
  ShareId id;
  RecipientId recipient;
  /// The only one of the recipient who opens it, by the id that access knows; empty: all of it.
  std::string person;
  Scope scope;
  std::string profile_name;
  /// The resolved mask profile: later configuration changes nothing.
  core::SharedText profile_json;
  Permissions permissions;
  Assurance assurance = Assurance::password;
  core::Time not_before;
  core::Time expires_at;  ///< the latest end, extensions included
  std::optional<int> max_sessions;
  std::string purpose;
  IntendedUse intended_use = IntendedUse::reference;
  bool marks_pictures = false;  ///< who sees a picture, and when, is written into it
  core::Sha256 link_hash{};     ///< bearer_hash() of the link's secret
  core::Time created_at;
  std::string created_by;
  bool needs_approval = false;
  std::optional<Approval> approval;  ///< only where it needs one
  std::optional<core::Time> revoked_at;
  std::string revoke_reason;
  std::optional<core::Time> key_destroyed_at;  ///< from then on nobody can undo its pseudonyms
  /// Whose images staff have looked at and approved for this recipient, ascending. These, the
  /// approval and the extensions are what is added to a share after its creation.
  std::vector<core::SeriesKey> approved_series;
  std::vector<Extension> extensions;  ///< in order
};

/// Whether it opens for nobody until it is approved.
bool awaits_approval(const Share& share);

/// Awaiting until it is approved; suspended while its recipient is disabled: it may be live again.
enum class ShareStatus { awaiting, pending, live, suspended, expired, revoked };
/// `recipient` is the share's.
ShareStatus status(const Share& share, const Recipient& recipient, core::Time now);
/// Expired or revoked: for good.
bool is_over(ShareStatus status);
std::string_view name(ShareStatus status);
std::optional<ShareStatus> parse_status(std::string_view name);

}  // namespace sekisho::sharing
