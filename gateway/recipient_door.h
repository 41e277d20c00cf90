// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "audit/store/published_log.h"
#include "dicomweb/request.h"
#include "gateway/denial_ledger.h"
#include "gateway/ports.h"
#include "http/handler.h"
#include "sharing/authenticate.h"

namespace sekisho::gateway {

/// Where a path leads. What is none of these roots is 404.
struct NoRoot {};
struct RecipientRoot {  ///< /dicom-web/…: everything live for who asks
  std::vector<std::string> path;
};
struct ShareRoot {  ///< /shares/{id}/dicom-web/…
  sharing::ShareId share;
  std::vector<std::string> path;
};
struct ReceiptRoot {  ///< /receipts/{seq}: what proves an entry about who asks
  std::uint64_t seq;
};
struct LogRoot {  ///< /audit/…: the access log's checkpoint and hashes (C2SP tlog-tiles)
  audit::LogFile file;
};
using Root = std::variant<NoRoot, RecipientRoot, ShareRoot, ReceiptRoot, LogRoot>;

/// `segments` as http::parse_target() makes them.
Root find_root(std::vector<std::string> segments);

/// The text after "Bearer " (RFC 6750 §2.1) of an Authorization field; `nullopt` for any other
/// scheme. No other place for a credential is looked at: not the query, not the body.
std::optional<std::string> bearer_of(std::string_view authorization);

/// From request to answer: who is there, which root, then dicomweb. Whoever is refused gets one and
/// the same 404, after an entry in the audit log. Any thread may call any method; calls block and
/// throw (audit::AuditError, db::Error, StoreError).
class RecipientDoor {
 public:
  /// `public_url` without a slash at its end.
  RecipientDoor(Ports ports, std::string public_url);

  http::Response answer(const http::Request& request, const http::Peer& peer);
  /// Of a request whose body has not been read: `limit` where it may be sent, the answer where not.
  std::variant<std::uint64_t, http::Response> admit_body(const http::Request& request,
                                                         const http::Peer& peer,
                                                         std::uint64_t limit);
  /// Puts on record what the ledger counted in a minute that is over.
  void record_repeated_denials();
  /// The same for what it counted so far.
  void record_all_repeated_denials();

 private:
  http::Response refuse(sharing::Denial denial, const http::Request& request,
                        const http::Peer& peer, const Root& root,
                        const sharing::Authenticated* who);
  /// A request of somebody known, for a root of theirs.
  struct Call {
    dicomweb::Request request;
    sharing::Authenticated who;
    std::vector<sharing::Share> shares;
  };
  std::variant<Call, http::Response> open(const http::Request& request, const http::Peer& peer);
  http::Response show_receipt(std::uint64_t seq, const http::Request& request,
                              const http::Peer& peer, const sharing::Authenticated& who);
  http::Response show_log_file(const audit::LogFile& file);
  void record(const std::vector<DenialLedger::Repeated>& repeated);

  const Ports ports_;
  const std::string public_url_;
  DenialLedger ledger_;
};

}  // namespace sekisho::gateway
