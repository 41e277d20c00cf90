// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/audit_log.h"
#include "audit/keeping/keeping.h"
#include "audit/place.h"
#include "core/dicom_store.h"
#include "core/resource_id.h"
#include "core/secret.h"
#include "core/time.h"
#include "sharing/recipient_store.h"
#include "sharing/share_store.h"
#include "staff/options.h"

namespace sekisho::staff {

inline constexpr std::string_view kApiRoot = "/sekisho/api";

enum class Verb { get, post, put, erase };

/// What a browser says of the page that a call comes from (guard.h), as the headers have it;
/// empty where they do not.
struct CallContext {
  std::string content_type;
  std::string host;
  std::string origin;
  std::string fetch_site;
};

/// One call of the staff API, already past Orthanc's own authentication.
struct Request {
  Verb verb = Verb::get;
  std::string path;  ///< below /sekisho/api: "/shares/0123…"; below /sekisho/audit: "/checkpoint"
  std::vector<std::pair<std::string, std::string>> query;
  std::string body;
  std::string actor;  ///< the user name that Orthanc authenticated; empty where it asks for none
  CallContext context{};
  std::string
      idempotency_key{};        ///< of a creation that may be sent again; empty where there is none
  std::string if_none_match{};  ///< tags of what the caller has already (RFC 9110 §13.1.2)
};

struct Reply {
  int status = 200;
  std::string body;
  std::string allow{};  ///< with 405: the value of the Allow header (RFC 9110 §15.5.6)
  const char* type = "application/json";
  std::string location{};  ///< with 201: where the thing is from now on
  std::string tag{};       ///< the entity tag of a GET, with its quotes
};

/// What the staff API works on; all of it outlives the API.
struct Ports {
  const Options& options;
  core::DicomStore& store;
  core::ResourceNames names;  ///< of what that store holds
  sharing::RecipientStore& recipients;
  sharing::ShareStore& shares;
  audit::AuditLog& log;
  audit::Keeping& keeping;
  audit::AuditPlace log_place;  ///< where that log lives, to be read beside it
  core::Clock clock;
  /// Fills the answer of GET /status: a JSON object.
  std::function<std::string()> status;
  /// Drops what is in memory of a share's key, after the store has destroyed it.
  std::function<void(const sharing::ShareId&)> forget_key;
  /// Signs what a preview has shown, for as long as this process runs.
  core::Secret preview_key = core::Secret::random(32);
};

/// The staff door's JSON API without the SDK: from request to reply. Any thread may call.
class Api {
 public:
  explicit Api(Ports ports) : ports_(std::move(ports)) {}
  /// Wrong requests are answered with the 4xx that fits and refused(). Trouble throws
  /// audit::AuditError, sharing::MaskKeyError, core::db::Error or core::StoreError.
  Reply answer(const Request& request) const;
  /// The access log's checkpoint, hash tiles and entries as C2SP tlog-tiles; throws the same.
  Reply show_log_file(const Request& request) const;

 private:
  Ports ports_;
};

}  // namespace sekisho::staff
