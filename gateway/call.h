// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/person.h"
#include "access/session.h"
#include "audit/event.h"
#include "core/time.h"
#include "gateway/known_networks.h"
#include "gateway/options.h"
#include "gateway/ports.h"
#include "http/handler.h"
#include "http/path_match.h"
#include "sharing/authenticate.h"
#include "sharing/denial.h"
#include "sharing/share.h"

namespace sekisho::gateway {

/// One request at the door, on its way to the handler of its route. Refers to what outlives it.
struct Call {
  const Ports& ports;
  KnownNetworks& known_networks;
  const std::string& public_url;  ///< without a slash at its end
  const DoorPlate& plate;
  const http::Request& request;
  const http::Peer& peer;
  std::vector<std::pair<std::string, std::string>> query;  ///< as http::parse_target() makes it
  http::PathMatch path;
  core::Time now;
  std::optional<sharing::Authenticated>
      who{};  ///< always there but on a route for Caller::visitor and ::anybody
  std::optional<access::Session> session{};  ///< of `who`, where they came by one
  std::optional<access::Person>
      person{};  ///< always there on a route for Caller::person and ::owner

  /// The id in a path below /shares; `nullopt` where there is none.
  std::optional<sharing::ShareId> share() const { return sharing::ShareId::parse(path["share"]); }
  /// Whether anybody at all may come from there: nobody else makes this door compute, or read what
  /// stands of all recipients in the database. Throws core::DatabaseError.
  bool is_from_known_network() const;
  /// What goes on record of it, by whom, as far as they are known; whoever calls puts it there.
  audit::Event event(audit::EventCode code) const;
  /// The same of what a person does.
  audit::Event event(audit::EventCode code, const access::Person& actor) const;
  /// One and the same 404 whatever the reason, after an entry in the audit log. Throws
  /// audit::AuditError.
  http::Response refuse(sharing::Denial denial) const { return refuse(sharing::name(denial)); }
  /// The same for another reason, which is a constant of the program.
  http::Response refuse(std::string_view reason) const { return refuse(reason, nullptr); }
  /// The same of somebody who is known by no more than their name.
  http::Response refuse(std::string_view reason, const access::Person* claimed) const;
  /// By mail, some time later, where they can be reached.
  void tell(const access::PersonId& whom, access::Notice what) const {
    if (ports.tell) ports.tell(whom, what);
  }
  /// The entry alone, for an answer that must not tell.
  void record_denial(std::string_view reason, const access::Person* claimed = nullptr) const;
};

}  // namespace sekisho::gateway
