// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/csv_row.h"

#include <set>

#include "audit/entry/canonical_json.h"
#include "audit/moment.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

using core::CsvReader;

std::string number(const std::optional<std::uint64_t>& value) {
  return value ? std::to_string(*value) : std::string();
}

/// Several values in one cell, each once. No PatientID and no UID has a backslash in it.
std::string joined(const std::set<std::string>& values) {
  std::string all;
  for (const std::string& value : values) {
    if (value.empty()) continue;
    if (!all.empty()) all += '\\';
    all += value;
  }
  return all;
}

std::string places(const ExportRecord& record, std::string ObjectRef::* level) {
  std::set<std::string> values;
  for (const ObjectRef& object : record.text.objects) values.insert(object.*level);
  return joined(values);
}

std::string hashes(const ExportRecord& record, SubjectKind kind) {
  std::set<std::string> values;
  for (const Subject& subject : record.entry.subjects) {
    if (subject.kind == kind) values.insert(core::to_hex(subject.hash));
  }
  return joined(values);
}

std::string facts(const Entry& entry) {
  if (entry.facts.empty()) return {};
  std::string json;
  ObjectWriter object(json);
  for (const auto& [name, value] : entry.facts) object.text(name, value, kMaxJsonText);
  object.close();
  return json;
}

using Record = const ExportRecord&;
struct Column {
  std::string_view name;
  std::string (*value)(Record);
};
constexpr Column kColumns[] = {
    {"seq", [](Record r) { return std::to_string(r.entry.seq); }},
    {"time", [](Record r) { return to_entry_time(r.entry.time); }},
    {"event", [](Record r) { return r.entry.event; }},
    {"outcome", [](Record r) { return std::to_string(static_cast<int>(r.entry.outcome)); }},
    {"detail", [](Record r) { return r.entry.detail; }},
    {"actor", [](Record r) { return r.text.actor; }},
    {"recipient", [](Record r) { return r.text.recipient_id; }},
    {"recipient_name", [](Record r) { return r.text.recipient_name; }},
    {"authentication", [](Record r) { return r.entry.authentication; }},
    {"source", [](Record r) { return r.entry.source; }},
    {"user_agent", [](Record r) { return r.text.user_agent; }},
    {"share", [](Record r) { return r.entry.share; }},
    {"request", [](Record r) { return r.entry.request; }},
    {"intended_use", [](Record r) { return r.entry.intended_use; }},
    {"purpose", [](Record r) { return r.text.purpose; }},
    {"query", [](Record r) { return r.text.query; }},
    {"patients", [](Record r) { return places(r, &ObjectRef::patient_id); }},
    {"studies", [](Record r) { return places(r, &ObjectRef::study_uid); }},
    {"series", [](Record r) { return places(r, &ObjectRef::series_uid); }},
    {"named_instances", [](Record r) { return places(r, &ObjectRef::instance_uid); }},
    {"instances", [](Record r) { return number(r.entry.instances); }},
    {"bytes", [](Record r) { return number(r.entry.bytes); }},
    {"intent", [](Record r) { return number(r.entry.intent); }},
    {"part", [](Record r) { return std::to_string(r.entry.part); }},
    {"parts", [](Record r) { return std::to_string(r.entry.parts); }},
    {"facts", [](Record r) { return facts(r.entry); }},
    {"patient_hashes", [](Record r) { return hashes(r, SubjectKind::patient); }},
    {"study_hashes", [](Record r) { return hashes(r, SubjectKind::study); }},
    {"recipient_hash", [](Record r) { return hashes(r, SubjectKind::recipient); }},
    {"shredded", [](Record r) { return std::to_string(r.text.shredded); }},
    {"leaf", [](Record r) { return core::to_hex(r.leaf); }},
};

template <class Cell>
std::string row(CsvReader reader, Cell cell) {
  std::string line;
  for (const Column& column : kColumns) {
    if (&column != kColumns) line += ',';
    core::append_csv_cell(line, cell(column), reader);
  }
  return line + "\r\n";
}

}  // namespace

std::string csv_header(CsvReader reader) {
  const std::string names = row(reader, [](const Column& column) { return column.name; });
  return (reader == CsvReader::excel ? std::string(core::kByteOrderMark) : std::string()) + names;
}

std::string csv_row(const ExportRecord& record, CsvReader reader) {
  return row(reader, [&](const Column& column) { return column.value(record); });
}

}  // namespace sekisho::audit
