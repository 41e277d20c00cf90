// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sharing/recipient_store.h"
#include "staff/call.h"

namespace sekisho::staff {

/// A credential and whose it is.
template <class Thing>
struct Held {
  sharing::Recipient recipient;
  Thing thing;
};

/// Of the recipient that the path names, the one of its `things` that has this id; else 404.
template <class Thing>
std::variant<Held<Thing>, Reply> held(
    const Call& call, const std::string& id,
    std::vector<Thing> (sharing::RecipientStore::*things)(const sharing::RecipientId&) const,
    std::string_view absent) {
  auto found = recipient_of(call);
  if (auto* refusal = std::get_if<Reply>(&found)) return std::move(*refusal);
  auto& recipient = std::get<sharing::Recipient>(found);
  for (Thing& thing : (call.ports.recipients.*things)(recipient.id)) {
    if (thing.id.text() == id) return Held<Thing>{std::move(recipient), std::move(thing)};
  }
  return refused(404, absent);
}

}  // namespace sekisho::staff
