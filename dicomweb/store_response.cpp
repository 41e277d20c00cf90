// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/store_response.h"

#include <utility>

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

bool is_uid(std::string_view text) {
  const auto uid = core::Uid::parse(text);
  return uid && uid->is_standard();
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

/// PS3.18 Table I.2-1: what was taken is in the Referenced SOP Sequence; a Warning Reason (PS3.4
/// §B.2.3 leaves the others of Bxxx to us) and no Retrieve URL say that it cannot be had yet.
void StoreResponse::waits(std::string_view sop_class, const core::Uid& instance) {
  constexpr unsigned kInQuarantine = 0xBF00;
  std::string attributes = reference(sop_class, instance.text());
  append_attribute(attributes, "00081190", "UR", "");
  append_attribute(attributes, "00081196", "US", std::to_string(kInQuarantine));
  append_item(stored_, attributes);
  has_waiting_ = true;
}

void StoreResponse::failed(std::string_view sop_class, std::string_view instance,
                           FailureReason reason) {
  // Both UIDs are of type 1 in an item of the Failed SOP Sequence (PS3.18 Table I.2-1): what has
  // not both is a failure that belongs to no SOP Instance, of which only the reason is told.
  const bool is_instance = is_uid(sop_class) && is_uid(instance);
  std::string attributes = is_instance ? reference(sop_class, instance) : std::string();
  append_attribute(attributes, "00081197", "US", std::to_string(static_cast<unsigned>(reason)));
  append_item(is_instance ? failed_ : other_failures_, attributes);
}

Reply StoreResponse::reply(std::string told_at) const {
  std::string attributes;
  const bool has_url = !study_.empty() && !has_several_studies_;
  append_attribute(attributes, "00081190", "UR",
                   has_url ? json_string(root_url_ + "/studies/" + study_.str()) : std::string());
  if (!failed_.empty()) append_attribute(attributes, "00081198", "SQ", failed_);
  if (!stored_.empty()) append_attribute(attributes, "00081199", "SQ", stored_);
  if (!other_failures_.empty()) append_attribute(attributes, "0008119A", "SQ", other_failures_);
  const bool all_stored = failed_.empty() && other_failures_.empty();
  const int status = all_stored && !has_waiting_ ? 200 : stored_.empty() ? 409 : 202;
  return Reply::stored(status, "{" + attributes + "}",
                       has_waiting_ ? std::move(told_at) : std::string());
}

}  // namespace sekisho::dicomweb
