// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "access/identity.h"
#include "access/open_stores.h"
#include "access/passkey.h"
#include "access/password_check.h"
#include "access/password_hasher.h"
#include "access/password_policy.h"
#include "access/person.h"
#include "access/refusal.h"
#include "access/session.h"
#include "core/network.h"
#include "core/time.h"

namespace sekisho::access {

/// What somebody shows at the door, all of it at once: who gets an answer between password and code
/// learns which of the two was wrong.
struct Credentials {
  std::string login;
  std::string password;
  std::string code;           ///< of an authenticator; or
  std::string recovery_code;  ///< in its place
};

/// By what a second factor was shown.
enum class SecondFactor { none, code, recovery_code, passkey, provider };

/// Somebody who may begin a session.
struct Admitted {
  Person person;  ///< as they were before anything was compared, or as the invitation has made them
  Level level = Level::password;
  SecondFactor by = SecondFactor::none;
  std::optional<PasskeyId> passkey{};  ///< where one let them in
  std::optional<Identity> identity{};  ///< likewise, as an identity provider has told it
};

/// Who is there? Any thread may call any method; calls wait, up to PasswordHasher's patience.
/// Throws core::DatabaseError and std::runtime_error, and then nobody is let in.
class SignIn {
 public:
  /// Both outlive this.
  SignIn(Stores& stores, PasswordHasher& hasher)
      : stores_(stores), hasher_(hasher), check_(stores, hasher) {}

  /// A person with a second factor shows it, or is not let in. One without is at Level::password,
  /// and a code that they cannot have is wrong.
  std::variant<Admitted, Refusal> by_password(const Credentials& shown,
                                              const core::IpAddress& source,
                                              const MayCome& may_come, core::Time now);
  /// `secret` is good once: from then on the password is what opens, and nothing stands beside it.
  /// A password that will not do leaves the invitation as it was.
  std::variant<Admitted, Refusal, PasswordFlaw> by_invitation(std::string_view secret,
                                                              std::string_view password,
                                                              const core::IpAddress& source,
                                                              const MayCome& may_come,
                                                              core::Time now, const Record& record);

  /// By a link that the person has asked for, whose secret is good once: the password is what opens
  /// from then on, and the second factor, which is shown too, stays. A password that will not do,
  /// or a code that is wrong, leaves the link as it was; codes are counted of the login. `shown`
  /// has the password that shall be, and no login.
  std::variant<Admitted, Refusal, PasswordFlaw> by_reset(std::string_view secret,
                                                         const Credentials& shown,
                                                         const core::IpAddress& source,
                                                         const MayCome& may_come, core::Time now,
                                                         const Record& record);

  /// As an identity provider has it, which says how surely. Counted of nobody: see begin_unnamed().
  std::variant<Admitted, Refusal> by_identity(const Identity& identity, Level level,
                                              const MayCome& may_come, core::Time now);
  /// The same of whoever has an invitation (by its hash), which is good once: the identity is
  /// theirs from then on, and nothing stands beside it.
  std::variant<Admitted, Refusal> by_invited_identity(const core::Sha256& invitation,
                                                      const Identity& identity, Level level,
                                                      const MayCome& may_come, core::Time now,
                                                      const Record& record);
  /// The hash of an invitation that can be taken up from there.
  std::variant<core::Sha256, Refusal> find_invitation(std::string_view secret,
                                                      const core::IpAddress& source,
                                                      const MayCome& may_come, core::Time now);

  /// For a secret that names nobody: whether the site is listened to. It is a failure until it is
  /// settled.
  bool begin_unnamed(const core::IpAddress& source, core::Time now) {
    return check_.begin_at_site(source, now);
  }
  void settle_unnamed(const core::IpAddress& source) { check_.settle_at_site(source); }

 private:
  /// A turn to hash the password that a person chooses by a secret. That it will not do, or that no
  /// turn came, is no failure of the site.
  std::variant<PasswordHasher::Turn, Refusal, PasswordFlaw> enter_to_choose(
      const Person& person, std::string_view password, Beside beside,
      const core::IpAddress& source);
  std::variant<SecondFactor, Refusal> check_second_factor(const Person& person,
                                                          const Secrets& secrets,
                                                          const Credentials& shown, core::Time now);

  Stores& stores_;
  PasswordHasher& hasher_;
  PasswordCheck check_;
};

}  // namespace sekisho::access
