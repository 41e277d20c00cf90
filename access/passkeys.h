// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "access/accounts.h"
#include "access/challenges.h"
#include "access/open_stores.h"
#include "access/passkey.h"
#include "access/password_check.h"
#include "access/relying_party.h"
#include "access/session.h"
#include "access/sign_in.h"

namespace sekisho::access {

/// What a page hands on of a new passkey; the first two in base64url, as browsers write it.
struct NewPasskey {
  std::string client_data;
  std::string authenticator_data;
  std::string name;  ///< what its owner calls it, as is_label() has it
};

/// What a page hands on of one that has signed, in base64url.
struct SignedPasskey {
  std::string credential;
  std::string client_data;
  std::string authenticator_data;
  std::string signature;
  std::string user_handle;
};

/// Passkeys (W3C Web Authentication Level 3): enrolled by somebody who has signed in, and signed in
/// with. A passkey whose user was verified is two factors: something that is had, and something
/// that is known or is a part of the body. Each answer to a challenge is a failure of its site
/// until it has succeeded. Any thread; waits and throws as SignIn does.
class Passkeys {
 public:
  /// All outlive this.
  Passkeys(Stores& stores, PasswordHasher& hasher, Challenges& challenges,
           const RelyingParty& party)
      : stores_(stores), challenges_(challenges), party_(party), check_(stores, hasher) {}

  /// The challenge for an enrolment in this session and no other. Ends nothing.
  std::variant<std::string, Refusal> offer(const Person& person, const SessionId& session,
                                           std::string_view password, const core::IpAddress& source,
                                           core::Time now);
  std::variant<Passkey, Refusal> enrol(const Person& person, const SessionId& session,
                                       const NewPasskey& shown, const core::IpAddress& source,
                                       core::Time now, const Record& record);
  /// False if the person has no such passkey.
  bool remove(const Person& person, std::string_view id, const Record& record);

  /// Tells nothing of anybody: an authenticator knows by itself whom it can sign for.
  std::string challenge(core::Time now) const;
  std::variant<Admitted, Refusal> sign_in(const SignedPasskey& shown, const core::IpAddress& source,
                                          const MayCome& may_come, core::Time now);

  /// What authenticators know the person by: no name of anybody (§14.6.1).
  static core::Bytes user_handle(const PersonId& person);

 private:
  std::variant<Admitted, Refusal> check(const SignedPasskey& shown, const MayCome& may_come,
                                        core::Time now);

  Stores& stores_;
  Challenges& challenges_;
  const RelyingParty& party_;
  PasswordCheck check_;
};

}  // namespace sekisho::access
