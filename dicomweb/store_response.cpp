// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/store_response.h"

#include "dicomweb/dicom_json.h"

namespace sekisho::dicomweb {
namespace {

void append_attribute(std::string& out, std::string_view tag, std::string_view vr,
                      std::string_view json_value) {
  if (!out.empty() && out.back() == '}') out += ',';
  out.append("\"").append(tag).append(R"(":{"vr":")").append(vr).append("\"");
  if (!json_value.empty()) out.append(R"(,"Value":[)").append(json_value).append("]");
  out += '}';
}

std::string_view uid_or_nothing(std::string_view text) {
  const auto uid = core::Uid::parse(text);
  return uid && uid->is_standard() ? text : std::string_view();
}

std::string json_string(std::string_view text) {
  std::string json;
  if (!text.empty()) append_json_string(json, text);
  return json;
}

std::string reference(std::string_view sop_class, std::string_view instance) {
  std::string attributes;
  append_attribute(attributes, "00081150", "UI", json_string(sop_class));
  append_attribute(attributes, "00081155", "UI", json_string(instance));
  return attributes;
}

void append_item(std::string& items, const std::string& attributes) {
  items.append(items.empty() ? "{" : ",{").append(attributes).append("}");
}

}  // namespace

void StoreResponse::stored(std::string_view sop_class, const core::Uid& study,
                           const core::Uid& series, const core::Uid& instance) {
  std::string attributes = reference(sop_class, instance.text());
  append_attribute(attributes, "00081190", "UR",
                   json_string(root_url_ + "/studies/" + study.str() + "/series/" + series.str() +
                               "/instances/" + instance.str()));
  append_item(stored_, attributes);
  has_several_studies_ |= !study_.empty() && study_ != study;
  study_ = study;
}

void StoreResponse::failed(std::string_view sop_class, std::string_view instance,
                           FailureReason reason) {
  std::string attributes = reference(uid_or_nothing(sop_class), uid_or_nothing(instance));
  append_attribute(attributes, "00081197", "US", std::to_string(static_cast<unsigned>(reason)));
  append_item(failed_, attributes);
}

Reply StoreResponse::reply() const {
  std::string attributes;
  const bool has_url = !study_.empty() && !has_several_studies_;
  append_attribute(attributes, "00081190", "UR",
                   has_url ? json_string(root_url_ + "/studies/" + study_.str()) : std::string());
  if (!failed_.empty()) append_attribute(attributes, "00081198", "SQ", failed_);
  if (!stored_.empty()) append_attribute(attributes, "00081199", "SQ", stored_);
  const int status = failed_.empty() ? 200 : stored_.empty() ? 409 : 202;
  return Reply::stored(status, "{" + attributes + "}");
}

}  // namespace sekisho::dicomweb
