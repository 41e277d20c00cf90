// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "access/session.h"
#include "core/digest.h"
#include "core/time.h"

namespace sekisho::access {

/// The durable home of sessions. What ended does not come back, and what anybody has ended, over
/// any connection of any process, is not found from then on. Any thread may call any method. A
/// failure throws core::DatabaseError; "no such session" is a value.
class SessionStore {
 public:
  virtual ~SessionStore() = default;
  SessionStore(const SessionStore&) = delete;
  SessionStore& operator=(const SessionStore&) = delete;

  /// `hash` is that of the cookie's value. Of a person's sessions kMostSessions are left, this one
  /// among them. False, and no session, if the person is unknown or disabled.
  virtual bool begin(const Session& session, const core::Sha256& hash) = 0;
  /// If it is not over at `now`.
  virtual std::optional<Session> find(const core::Sha256& hash, core::Time now) const = 0;
  /// It was used at `now`. Nothing, if it is over.
  virtual void note_use(const SessionId& id, core::Time now) = 0;
  /// Of a person, those that are not over, oldest first.
  virtual std::vector<Session> of_person(const PersonId& person, core::Time now) const = 0;
  /// False if there is none, or it has ended.
  virtual bool end(const SessionId& id) = 0;
  /// How many.
  virtual int end_all(const PersonId& person) = 0;

  /// Whether the session may open a share that no more than `most` may: it has opened it before, or
  /// has become one of them now. What has opened it counts for ever.
  virtual bool enter(const SessionId& id, std::string_view share, int most) = 0;

  /// Removes what is over. To be called now and then.
  virtual void forget(core::Time now) = 0;

 protected:
  SessionStore() = default;
};

}  // namespace sekisho::access
