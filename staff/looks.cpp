// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/looks.h"

#include <optional>

namespace sekisho::staff {
namespace {

using disclosure::Look;
using disclosure::LookFor;
using disclosure::LookId;
using disclosure::LookProgress;
using disclosure::LookSubject;

Json::Value to_json(const LookProgress& look) {
  Json::Value json;
  json["ID"] = look.id.text();
  json["Kind"] = std::string(name(look.subject.purpose));
  json["Recipient"] = look.subject.recipient.text();
  if (!look.subject.share.empty()) json["Share"] = look.subject.share.text();
  if (look.subject.purpose != LookFor::view) json["Actor"] = look.subject.actor;
  json["StartedAt"] = core::to_rfc3339(look.started_at);
  json["Done"] = Json::UInt64{look.done};
  if (look.total) json["Total"] = Json::UInt64{*look.total};
  return json;
}

/// That the first id of the path names.
std::optional<LookProgress> look_of(const Call& call) {
  const auto id = LookId::parse(call.ids.front());
  return id ? call.ports.looks.find(*id) : std::nullopt;
}

Reply no_such_look() {
  return refused(404, "No such look is under way.", {"It is over, or has not begun."});
}

}  // namespace

Reply list_looks(const Call& call) {
  Json::Value json;
  json["Looks"] = Json::arrayValue;
  for (const LookProgress& look : call.ports.looks.under_way()) {
    json["Looks"].append(to_json(look));
  }
  return answered(200, json);
}

Reply show_look(const Call& call) {
  const auto look = look_of(call);
  return look ? answered(200, to_json(*look)) : no_such_look();
}

Reply give_up_look(const Call& call) {
  const auto look = look_of(call);
  if (!look) return no_such_look();
  if (look->subject.purpose == LookFor::view) {
    return refused(409, "A recipient waits for this look.",
                   {"It ends when the share is revoked, or when the recipient goes away."});
  }
  call.ports.looks.give_up(look->id);
  return answered(200, to_json(*look));
}

std::variant<Look, Reply> begin_look(const Call& call, LookFor purpose,
                                     const sharing::RecipientId& recipient) {
  const LookSubject subject{purpose, recipient, {}, call.actor};
  if (call.look_name.empty()) return call.ports.looks.begin(subject, call.demand);
  const auto id = LookId::parse(call.look_name);
  if (!id) {
    return refused(400,
                   "\"Sekisho-Look\" must be 32 hexadecimal digits, random and in lower case.");
  }
  if (auto look = call.ports.looks.begin_as(*id, subject, call.demand)) return *std::move(look);
  return refused(409, "A look of this name is under way.",
                 {"GET /looks/{look} tells how far it is. The same call again, once it is over, "
                  "need not look at anything again."});
}

Reply given_up() {
  return refused(409, "The look was given up.",
                 {"Nothing was changed. What was found by then is kept: the same call goes on from "
                  "there."});
}

}  // namespace sekisho::staff
