// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <variant>

#include "access/person.h"
#include "staff/call.h"

namespace sekisho::staff {

/// A person of the recipient, else 404.
std::variant<access::Person, Reply> person_of(const Call& call, const sharing::Recipient& recipient,
                                              std::string_view id);

/// A person and whose they are.
struct Belonging {
  sharing::Recipient recipient;
  access::Person person;
};
/// Those that the path names, else 404.
std::variant<Belonging, Reply> person_of(const Call& call);

/// A person as staff see them, without sessions.
Json::Value to_json(const access::Person& person, const sharing::Recipient& recipient);
/// What staff do to a person.
audit::Event person_event(const Call& call, audit::EventCode code, const Belonging& found);

// People of a recipient who sign in (docs/access.md). Every change is on record before it is made
// (audit::AuditError: nothing was changed). Who is told to do what is done already answers as if it
// had done it, and puts nothing on record.

Reply list_people(const Call& call);
/// A person who cannot sign in until an invitation was taken up.
Reply create_person(const Call& call);
/// With the sessions that are not over.
Reply show_person(const Call& call);
/// Puts a name and a mail address in the place of what was there.
Reply change_person(const Call& call);
/// 201 with the secret of an invitation, shown once; what was chosen before opens until that is
/// taken up, and then nothing of it does.
Reply invite_person(const Call& call);
Reply disable_person(const Call& call);
Reply enable_person(const Call& call);
Reply end_person_sessions(const Call& call);

}  // namespace sekisho::staff
