// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/call.h"
#include "http/response.h"

namespace sekisho::gateway {

/// Of the JSON that pages send.
inline constexpr std::uint64_t kLargestForm_bytes = 4096;

/// The texts of a JSON object that a page has sent, each of at most 2,048 bytes: the longest is
/// what an authenticator says of a passkey with a name of 1,023 bytes.
class Form {
 public:
  /// `nullopt` for a body that is none, and for one with another key than `known` or another value
  /// than a text.
  static std::optional<Form> read(const http::Request& request,
                                  std::initializer_list<const char*> known);
  bool has(const char* key) const { return json_.isMember(key); }
  /// Empty where it is not there.
  std::string text(const char* key) const { return json_.get(key, "").asString(); }

 private:
  explicit Form(Json::Value json) : json_(std::move(json)) {}
  Json::Value json_;
};

http::Response json_response(int status, const Json::Value& json);

/// 400 for a password that will not do: which rule it breaks, and nothing of it.
http::Response flawed_password(std::string_view flaw);

}  // namespace sekisho::gateway
