// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/forms.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/json_body.h"

namespace sekisho::gateway {
namespace {

constexpr std::size_t kLongestText_bytes = 2048;

std::string text_of(const http::Request& request) {
  if (!request.body || request.body->size_bytes() > kLargestForm_bytes) return {};
  core::Bytes bytes(static_cast<std::size_t>(request.body->size_bytes()));
  request.body->read(0, bytes);
  return std::string(core::as_text(bytes));
}

}  // namespace

std::optional<Form> Form::read(const http::Request& request,
                               std::initializer_list<const char*> known) {
  auto parsed = core::parse_json_object(text_of(request));
  auto* json = std::get_if<Json::Value>(&parsed);
  if (json == nullptr) return std::nullopt;
  for (const std::string& key : json->getMemberNames()) {
    const Json::Value& value = (*json)[key];
    const bool is_known = std::ranges::any_of(known, [&](const char* each) { return key == each; });
    if (!is_known || !value.isString() || value.asString().size() > kLongestText_bytes) {
      return std::nullopt;
    }
  }
  return Form(std::move(*json));
}

http::Response json_response(int status, const Json::Value& json) {
  return http::text_response(status, "application/json", core::to_text(json));
}

http::Response flawed_password(std::string_view flaw) {
  Json::Value json;
  json["Error"] = "The new password will not do.";
  json["Flaw"] = std::string(flaw);
  return json_response(400, json);
}

}  // namespace sekisho::gateway
