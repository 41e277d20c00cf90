// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "anonymization/pixels/pixel_policy.h"
#include "audit/export/repository_feed.h"
#include "gateway/options.h"
#include "mail/postman.h"
#include "openid/provider.h"
#include "plugin/returns_settings.h"
#include "plugin/witness_policy.h"
#include "sharing/authority_files.h"
#include "staff/options.h"

namespace sekisho::plugin {

/// How instances are read from the archive.
enum class StorageFastPath {
  automatic,  ///< from Orthanc's storage files where they can be, else through the SDK
  off,        ///< always through the SDK
};

/// What the plugin needs to know of Orthanc's own settings.
struct OrthancSettings {
  std::filesystem::path storage_directory;
  bool storage_compression = false;
  /// Whether a user name in a request has been checked by Orthanc.
  bool authenticates_users = false;
};

/// What the plugin may have in memory ("MemoryMegabytes"), and how much of it each user of it. What
/// is kept because it may be asked for again has five eighths of it, the requests under way the
/// others.
struct MemoryShares {
  std::uint64_t all_bytes;
  std::uint64_t requests() const { return all_bytes / 8 * 3; }
  std::uint64_t views() const { return all_bytes / 4; }
  std::uint64_t texts() const { return all_bytes / 16; }
  std::uint64_t heads() const { return all_bytes / 16; }
  std::uint64_t rows() const { return all_bytes / 8; }
  std::uint64_t listings() const { return all_bytes / 8; }
};

/// The object "Sekisho" of Orthanc's configuration, read and checked.
struct Config {
  bool enabled = true;  ///< false: nothing below is filled in
  std::filesystem::path data_directory;
  /// "SpoolDirectory": where bodies lie while they arrive; `nullopt`: beside the data directory.
  std::optional<std::filesystem::path> spool_directory;
  /// Kept free for the access log in the data directory; 0: nothing is.
  std::uint64_t audit_reserve_bytes = 64ULL << 20;
  gateway::Options gateway;
  /// "Gateway.ClientCertificates": by whose word certificates are taken; `nullopt`: by none.
  std::optional<sharing::ClientAuthorityFiles> client_authorities;
  staff::Options staff;        ///< with what it shares with the others
  std::string institution;     ///< what the hospital is called in reports; may be empty
  std::string new_log_origin;  ///< names an access log that is made now
  /// "AuditOrigin", where it is written: an access log that is there already must bear it.
  std::optional<std::string> pinned_log_origin;
  /// Where the access log's anchor lies; `nullopt`: it has none.
  std::optional<std::filesystem::path> audit_anchor_directory;
  /// "AuditRepository": where every entry of the log is sent.
  std::optional<audit::RepositoryOptions> audit_repository;
  std::optional<WitnessPolicy> witnesses;
  std::optional<mail::Options> mail;      ///< `nullopt`: nobody is written to
  std::optional<openid::Options> openid;  ///< `nullopt`: everybody signs in here
  /// `nullopt`: what comes back goes into the archive at once.
  std::optional<ReturnsOptions> returns;
  MemoryShares memory{512ULL << 20};
  StorageFastPath storage_fast_path = StorageFastPath::automatic;
  anonymization::PixelPolicy pixel_policy;
  OrthancSettings orthanc;
};

/// Pure. Reads Orthanc's whole configuration; the answer is a Config or every problem at once, each
/// a sentence for the person who edits the file. Unknown keys are problems, and so is a missing
/// "Sekisho". Files that settings name are not looked at: what is wrong with them may change with
/// time, what is wrong here is wrong as written.
std::variant<Config, std::vector<std::string>> parse_config(std::string_view orthanc_json);

}  // namespace sekisho::plugin
