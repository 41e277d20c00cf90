// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/client_data.h"

#include "core/json_body.h"

namespace sekisho::access {
namespace {

bool is_text(const Json::Value& value, std::string_view text) {
  return value.isString() && value.asString() == text;
}

}  // namespace

std::variant<ClientData, Refusal> read_client_data(std::string_view json, Ceremony ceremony,
                                                   const RelyingParty& party) {
  const auto parsed = core::parse_json_object(json);
  const auto* said = std::get_if<Json::Value>(&parsed);
  if (said == nullptr || !(*said)["challenge"].isString()) return Refusal::wrong_passkey;
  // §7.1 steps 7, 9 to 11, §7.2 steps 11, 13 to 15.
  const char* type = ceremony == Ceremony::create ? "webauthn.create" : "webauthn.get";
  const Json::Value cross_origin = said->get("crossOrigin", false);
  const bool is_ours = is_text((*said)["type"], type) && is_text((*said)["origin"], party.origin) &&
                       cross_origin.isBool() && !cross_origin.asBool() &&
                       !said->isMember("topOrigin");
  if (!is_ours) return Refusal::foreign_passkey;
  return ClientData{(*said)["challenge"].asString(), core::sha256(core::as_bytes(json))};
}

}  // namespace sekisho::access
