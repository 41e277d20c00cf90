// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "access/person.h"
#include "core/id.h"
#include "core/network.h"
#include "core/time.h"

namespace sekisho::access {

struct SessionKind;
/// By which people and staff speak of a session. No secret: it opens nothing.
using SessionId = core::Id<SessionKind>;

/// How surely the other side was identified when the session began, weakest first.
enum class Level {
  link,           ///< by the secret of a share's link
  password,       ///< by a password alone
  password_totp,  ///< by two factors: a password and a code, or a passkey
};
std::string_view name(Level level);  ///< "link", "password", "password+totp"
std::optional<Level> parse_level(std::string_view name);

/// What a session is bound to: a cookie that is carried elsewhere is worth nothing.
enum class AddressFamily { ipv4, ipv6 };
AddressFamily family_of(const core::IpAddress& address);

inline constexpr std::chrono::minutes kIdleLimit{30};
inline constexpr std::chrono::hours kAbsoluteLimit{8};
/// Use is put down when the last note of it is older: a session is idle for at most so much less
/// than the limit.
inline constexpr std::chrono::minutes kNotedEvery{1};
/// Of one person at one time: the one that is idle longest makes room.
inline constexpr int kMostSessions = 10;

/// What a session began by: something of our own, or what an identity provider said.
enum class BeganBy { own, provider };

/// Somebody who has signed in, until the session ends: by themselves, by staff, by time, or by
/// what changes what it was begun with.
struct Session {
  SessionId id;
  std::string recipient;           ///< the id that sharing knows it by
  std::optional<PersonId> person;  ///< none where a link began it
  std::string share;               ///< where a link began it, the only one that it opens
  Level level = Level::link;
  BeganBy began_by = BeganBy::own;
  AddressFamily family = AddressFamily::ipv4;
  std::string source;      ///< the address that it was begun from
  std::string user_agent;  ///< of whoever began it, at most 200 bytes
  core::Time begun_at;     ///< when somebody signed in; a step up does not change it
  core::Time used_at;      ///< as far as it is noted (kNotedEvery)
};

/// What the access log calls the authentication: "openid" of a provider's, else the level's name.
std::string_view authentication(const Session& session);

/// The moment from which on a session that is not ended otherwise is over.
core::Time ends_at(const Session& session);

}  // namespace sekisho::access
