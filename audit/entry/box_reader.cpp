// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry/canonical_json.h"
#include "audit/entry/entry_text.h"

namespace sekisho::audit {
namespace {

/// Takes the name of the next field, the comma before it included, if it is this one.
class FieldReader {
 public:
  explicit FieldReader(CanonicalReader& in) : in_(in) { in_.expect("{"); }
  /// `quoted` is the name between its quotes.
  bool take(std::string_view quoted) {
    const std::string name = (first_ ? "" : ",") + std::string(quoted) + ":";
    if (!in_.take(name)) return false;
    first_ = false;
    return true;
  }
  void text(std::string_view quoted, std::string& value) {
    if (!take(quoted)) return;
    value = in_.decoded_text();
    if (value.empty()) in_.fail();
  }
  void close() { in_.expect("}"); }

 private:
  CanonicalReader& in_;
  bool first_ = true;
};

std::vector<std::string> read_instances(CanonicalReader& in) {
  std::vector<std::string> instances;
  in.expect("[");
  do {
    instances.push_back(in.decoded_text());
  } while (in.take(","));
  in.expect("]");
  return instances;
}

void read_heading(CanonicalReader& in, OpenedBox& box) {
  FieldReader heading(in);
  std::vector<std::string> instances;
  ObjectRef object;
  StudyWords words;
  heading.text(R"("date")", words.date);
  heading.text(R"("description")", words.description);
  if (heading.take(R"("instances")")) instances = read_instances(in);
  heading.text(R"("modalities")", words.modalities);
  heading.text(R"("series")", object.series_uid);
  heading.text(R"("study")", object.study_uid);
  heading.close();
  if (!words.date.empty() || !words.description.empty() || !words.modalities.empty()) {
    words.study_uid = object.study_uid;
    box.studies.push_back(std::move(words));
  }
  if (instances.empty()) instances.emplace_back();
  for (std::string& instance : instances) {
    box.objects.push_back(object);
    box.objects.back().instance_uid = std::move(instance);
  }
}

}  // namespace

std::optional<OpenedBox> read_box_text(std::string_view json) {
  CanonicalReader in(json);
  OpenedBox box;
  FieldReader fields(in);
  fields.text(R"("actor")", box.actor);
  fields.text(R"("name")", box.name);
  if (fields.take(R"("objects")")) {
    in.expect("[");
    do {
      read_heading(in, box);
    } while (in.take(","));
    in.expect("]");
  }
  fields.text(R"("organisation")", box.organisation);
  fields.text(R"("patient")", box.patient);
  fields.text(R"("patient_name")", box.patient_name);
  fields.text(R"("purpose")", box.purpose);
  fields.text(R"("query")", box.query);
  fields.text(R"("recipient")", box.recipient);
  fields.text(R"("user_agent")", box.user_agent);
  fields.close();
  if (in.failed() || !in.at_end()) return std::nullopt;
  for (ObjectRef& object : box.objects) object.patient_id = box.patient;
  for (StudyWords& words : box.studies) words.patient_id = box.patient;
  return box;
}

}  // namespace sekisho::audit
