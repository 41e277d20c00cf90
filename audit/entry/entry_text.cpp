// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry/entry_text.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "audit/entry/canonical_json.h"
#include "audit/entry/seal.h"

namespace sekisho::audit {
namespace {

/// An aside with everything in it at its longest, but no text, no fact, no object and no box.
constexpr std::string_view kLargestFrame =
    R"({"bytes":9007199254740991,"detail":"","facts":{},)"
    R"("hashes":{"instance":[],"patient":[],"recipient":["00000000000000000000000000000000"],)"
    R"("series":[],"study":[]},"instances":9007199254740991,"part":9007199254740991,)"
    R"("parts":9007199254740991,"purpose":"","salt":"00000000000000000000000000000000","sealed":[],"share":"",)"
    R"("source":""})";

constexpr std::string_view kBoxFrame = R"({"box":"","key":"00000000000000000000000000000000"},)";
constexpr std::string_view kHash = R"("00000000000000000000000000000000",)";

constexpr std::size_t base64_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

/// How many bytes a text takes between its quotes.
std::size_t written_size(std::string_view value, std::size_t limit_bytes) {
  std::string written;
  append_text(written, value, limit_bytes);
  return written.size() - std::string_view(R"("")").size();
}

auto group(const ObjectRef& object) {
  return std::tie(object.patient_id, object.study_uid, object.series_uid);
}

auto place(const ObjectRef& object) {
  return std::tuple_cat(group(object), std::tie(object.instance_uid));
}

/// Of the study of `object`, where that is the first of it. Null where there are none.
const StudyWords* words_at(const BoxText& text, const ObjectRef& object, const ObjectRef* before) {
  if (before != nullptr && before->study_uid == object.study_uid) return nullptr;
  const auto found = std::ranges::find(text.studies, object.study_uid, &StudyWords::study_uid);
  return found == text.studies.end() ? nullptr : *found;
}

/// Instances of one series under one heading; a whole series or study is a heading of its own. The
/// first heading of a study has the words about it.
void write_objects(std::string& out, const BoxText& text) {
  const auto& objects = text.objects;
  const ObjectRef* before = nullptr;
  out += '[';
  for (auto next = objects.begin(); next != objects.end();) {
    if (out.back() != '[') out += ',';
    const ObjectRef& first = **next;
    const StudyWords* const words = words_at(text, first, std::exchange(before, &first));
    ObjectWriter heading(out);
    if (words != nullptr) {
      heading.text("date", words->date, limit::kDate);
      heading.text("description", words->description, limit::kDescription);
    }
    if (first.instance_uid.empty()) {
      ++next;
    } else {
      heading.name("instances");
      out += '[';
      for (; next != objects.end() && group(first) == group(**next); ++next) {
        if (out.back() != '[') out += ',';
        append_text(out, (*next)->instance_uid, limit::kUid);
      }
      out += ']';
    }
    if (words != nullptr) heading.text("modalities", words->modalities, limit::kModalities);
    heading.text("series", first.series_uid, limit::kUid);
    heading.text("study", first.study_uid, limit::kUid);
    heading.close();
  }
  out += ']';
}

std::string write_object(const std::map<std::string, std::string>& texts, std::size_t limit_bytes) {
  std::string json;
  ObjectWriter object(json);
  for (const auto& [name, value] : texts) object.text(name, value, limit_bytes);
  object.close();
  return json;
}

}  // namespace

std::string write_box_text(const BoxText& text) {
  std::string json;
  ObjectWriter object(json);
  object.text("actor", text.actor, limit::kActor);
  object.text("name", text.name, limit::kName);
  if (!text.objects.empty()) {
    object.name("objects");
    write_objects(json, text);
  }
  object.text("organisation", text.organisation, limit::kOrganisation);
  object.text("patient", text.patient, limit::kPatient);
  object.text("patient_name", text.patient_name, limit::kPatientName);
  object.text("purpose", text.purpose, limit::kPurpose);
  object.text("query", text.query, limit::kQuery);
  object.text("recipient", text.recipient, limit::kRecipient);
  object.text("user_agent", text.user_agent, limit::kUserAgent);
  object.close();
  return json;
}

std::string write_facts(const std::map<std::string, std::string>& facts) {
  std::size_t names_size = 2;
  for (const auto& [name, value] : facts) {
    const bool named = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || c == '_';
    });
    if (!named) throw std::invalid_argument("a fact of an audit event has no proper name");
    names_size += name.size() + std::string_view(R"("":"",)").size();
  }
  std::string whole = write_object(facts, limit::kFact);
  if (whole.size() <= limit::kAllFacts) return whole;
  if (names_size + facts.size() * limit::kLeastFact > limit::kAllFacts) {
    throw std::invalid_argument("an audit event has too many facts");
  }
  return write_object(facts, (limit::kAllFacts - names_size) / facts.size());
}

bool by_place(const ObjectRef& a, const ObjectRef& b) { return place(a) < place(b); }

bool same_place(const ObjectRef& a, const ObjectRef& b) { return place(a) == place(b); }

bool has_uid(const ObjectRef& object) {
  return !object.study_uid.empty() || !object.series_uid.empty() || !object.instance_uid.empty();
}

std::size_t frame_size(const Event& event) {
  return kLargestFrame.size() + written_size(event.detail, limit::kDetail) +
         written_size(event.intended_use, limit::kIntendedUse) +
         written_size(event.share_id, limit::kShare) + written_size(event.source, limit::kSource) +
         write_facts(event.facts).size();
}

std::size_t box_size(const BoxText& text) {
  return kBoxFrame.size() + base64_size(kBoxOverheadBytes + write_box_text(text).size());
}

std::size_t object_size(const ObjectRef& object, const ObjectRef* before, const Event& event) {
  const bool new_patient = before == nullptr || before->patient_id != object.patient_id;
  const bool new_heading = new_patient || group(*before) != group(object) ||
                           before->instance_uid.empty() || object.instance_uid.empty();
  std::size_t hashes = 1;
  std::size_t text =
      written_size(object.instance_uid, limit::kUid) + std::string_view(R"("",)").size();
  std::size_t frame = 0;
  if (new_heading) {
    constexpr std::string_view kHeading = R"({"instances":[],"series":"","study":""},)";
    hashes += 2;
    text += kHeading.size() + written_size(object.series_uid, limit::kUid) +
            written_size(object.study_uid, limit::kUid);
  }
  if (new_patient) {
    constexpr std::string_view kPatient = R"({"objects":[],"patient":"","purpose":"","query":""})";
    hashes += 1;
    text += kPatient.size() + written_size(object.patient_id, limit::kPatient) +
            written_size(event.purpose, limit::kPurpose) + written_size(event.query, limit::kQuery);
    frame = kBoxFrame.size() + base64_size(kBoxOverheadBytes);
  }
  return hashes * kHash.size() + frame + base64_size(text);
}

std::size_t words_size(const StudyWords& words) {
  constexpr std::string_view kNames =
      R"("date":"","description":"","modalities":"","patient_name":"",)";
  return base64_size(kNames.size() + written_size(words.date, limit::kDate) +
                     written_size(words.description, limit::kDescription) +
                     written_size(words.modalities, limit::kModalities) +
                     written_size(words.patient_name, limit::kPatientName));
}

}  // namespace sekisho::audit
