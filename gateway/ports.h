// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "access/challenges.h"
#include "access/notice.h"
#include "access/open_stores.h"
#include "access/password_hasher.h"
#include "access/round_trips.h"
#include "audit/audit_log.h"
#include "core/log.h"
#include "core/time.h"
#include "dicomweb/service.h"
#include "disclosure/denials.h"
#include "gateway/published_head.h"
#include "openid/provider.h"
#include "returns/quarantine.h"
#include "sharing/recipient_store.h"
#include "sharing/share_store.h"

namespace sekisho::sharing {
class ClientAuthorities;
}

namespace sekisho::gateway {

/// What the gateway works on; all of it outlives the gateway.
struct Ports {
  dicomweb::Service& dicomweb;
  const sharing::RecipientStore& recipients;
  const sharing::ShareStore& shares;
  audit::AuditLog& log;
  disclosure::Denials& denials;
  access::Stores& access;
  access::PasswordHasher& hasher;
  const returns::Quarantine& quarantine;
  core::Clock clock;
  core::Log report;
  /// Asked before each request: while it says no, all of them are answered with 503. Empty: yes.
  std::function<bool()> may_serve{};
  /// Takes what a person is to be told. Returns at once. Empty: nobody is told.
  std::function<void(const access::PersonId&, access::Notice)> tell{};
  /// Shared by whoever has these.
  std::shared_ptr<PublishedHead> published = std::make_shared<PublishedHead>();
  /// Likewise.
  std::shared_ptr<access::Challenges> challenges = std::make_shared<access::Challenges>();
  openid::Provider* provider = nullptr;  ///< null where none is configured
  /// Of the certificates that clients show; null where none are configured.
  sharing::ClientAuthorities* authorities = nullptr;
  std::shared_ptr<access::RoundTrips> round_trips = std::make_shared<access::RoundTrips>();
};

}  // namespace sekisho::gateway
