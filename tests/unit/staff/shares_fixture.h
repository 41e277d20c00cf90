// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "api_fixture.h"

namespace sekisho::staff {

/// With one recipient, of whom the shares are.
class StaffShares : public StaffApiTest {
 protected:
  /// The least body with more or other keys.
  Json::Value body_with(const std::string& key, const std::string& json) {
    Json::Value body = share_body(recipient);
    body[key] = std::get<Json::Value>(parse_json_object(R"({"v":)" + json + "}"))["v"];
    return body;
  }
  Answer create(const std::string& key, const std::string& json) {
    return post_json("/shares", body_with(key, json));
  }
  sharing::Share stored(const Answer& answer) {
    return *shares.find(*sharing::ShareId::parse(answer.json["ID"].asString()));
  }
  std::string recipient = new_recipient();
};

}  // namespace sekisho::staff
