// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/sealed_facts.h"

#include <json/value.h>

#include <variant>

#include "core/database_error.h"
#include "core/json_body.h"

namespace sekisho::returns {
namespace {

/// Each text that is sealed, and its name.
template <class Upload, class Take>
void for_each_text(Upload& upload, Take take) {
  take("patient_id", upload.key.series.study.patient_id);
  take("words_patient_id", upload.words.patient_id);
  take("words_study_uid", upload.words.study_uid);
  take("patient_name", upload.words.patient_name);
  take("date", upload.words.date);
  take("modalities", upload.words.modalities);
  take("description", upload.words.description);
  take("authentication", upload.sender.authentication);
  take("source", upload.sender.source);
  take("recipient_name", upload.sender.recipient_name);
  take("organisation", upload.sender.organisation);
  take("user_agent", upload.sender.user_agent);
  take("actor", upload.sender.actor);
  take("person", upload.sender.person);
  take("intended_use", upload.sender.intended_use);
}

template <class Upload, class Take>
void for_each_uid(Upload& upload, Take take) {
  take("study", upload.key.series.study.study);
  take("series", upload.key.series.series);
  take("instance", upload.key.instance);
  take("shown_study", upload.shown_study);
  take("readers_series", upload.readers_series);
  take("readers_instance", upload.readers_instance);
}

}  // namespace

std::string facts_of(const Upload& upload) {
  Json::Value json;
  for_each_text(upload, [&](const char* name, const std::string& text) { json[name] = text; });
  for_each_uid(upload, [&](const char* name, const core::Uid& uid) { json[name] = uid.str(); });
  return core::to_text(json);
}

void read_facts(std::string_view json, Upload& upload) {
  const auto parsed = core::parse_json_object(json);
  const auto* object = std::get_if<Json::Value>(&parsed);
  const auto text_of = [&](const char* name) {
    const Json::Value* value =
        object == nullptr ? nullptr : object->find(name, name + std::string_view(name).size());
    if (value == nullptr || !value->isString()) {
      throw core::DatabaseError("returns.db holds an upload that cannot be read");
    }
    return value->asString();
  };
  for_each_text(upload, [&](const char* name, std::string& text) { text = text_of(name); });
  for_each_uid(upload, [&](const char* name, core::Uid& uid) {
    const auto read = core::Uid::parse(text_of(name));
    if (!read) throw core::DatabaseError("returns.db holds a UID that cannot be read");
    uid = *read;
  });
}

}  // namespace sekisho::returns
