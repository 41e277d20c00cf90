// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/call.h"
#include "gateway/cross_origin.h"
#include "gateway/known_networks.h"
#include "gateway/ports.h"
#include "gateway/routes.h"
#include "http/handler.h"

namespace sekisho::gateway {

/// The text after "Bearer " (RFC 6750 §2.1) of an Authorization field; `nullopt` for any other
/// scheme.
std::optional<std::string> bearer_of(std::string_view authorization);

/// From request to answer: who is there, which route, then its handler. Whoever is refused gets one
/// and the same 404, after an entry in the audit log. Any thread may call any method; calls block
/// and throw (audit::AuditError, core::DatabaseError, StoreError).
class RecipientDoor {
 public:
  /// `public_url` without a slash at its end. `known_networks` outlives this.
  RecipientDoor(Ports ports, KnownNetworks& known_networks, std::string public_url, DoorPlate plate,
                CrossOrigin cross_origin);

  /// That of the recipient who asks; empty where nobody is known by what was presented.
  std::string account_of(const http::Request& request, const http::Peer& peer) const;
  http::Response answer(const http::Request& request, const http::Peer& peer);
  /// What every answer says besides, whoever made it.
  void finish(http::Response& response, const http::Request& request) const {
    cross_origin_.open(response, request);
  }
  /// Of a request whose body has not been read: up to `limit` bytes of it where it may be sent, on
  /// the recipient's account; the answer where not.
  std::variant<http::BodyAdmission, http::Response> admit_body(const http::Request& request,
                                                               const http::Peer& peer,
                                                               std::uint64_t limit);

 private:
  /// A call that its route's handler may answer.
  struct Admitted {
    const Route& route;
    Call call;
  };
  std::variant<Admitted, http::Response> admit(const http::Request& request,
                                               const http::Peer& peer);
  /// Who asks, and by which session.
  struct Identified {
    std::variant<sharing::Authenticated, sharing::Denial> who;
    std::optional<access::Session> session;
  };
  /// Empty where nobody is asked.
  sharing::VouchingFor vouching_for(const http::Peer& peer) const;
  Identified identify(const http::Request& request, const http::Peer& peer, core::Time now) const;
  /// The refusal of a call that its route is not for.
  std::optional<http::Response> refuse_caller(const Route& route, Call& call) const;

  const Ports ports_;
  KnownNetworks& known_networks_;
  const std::string public_url_;
  const DoorPlate plate_;
  const CrossOrigin cross_origin_;
};

}  // namespace sekisho::gateway
