// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/export_record.h"

#include <algorithm>

#include "audit/keys/key_files.h"
#include "audit/proof/merkle.h"

namespace sekisho::audit {
namespace {

/// With more, a message would outgrow the 64 KB that a syslog server may be told to take.
constexpr std::uint64_t kPartsToldAgain = 2;

/// Subjects that a message about an outcome names; its intent names the others.
bool is_told_again(SubjectKind kind) {
  return kind == SubjectKind::patient || kind == SubjectKind::study ||
         kind == SubjectKind::recipient;
}

void fill(std::string& known, const std::string& found) {
  if (known.empty()) known = found;
}

bool lacks_actor(const Entry& entry) { return entry.version == 1 && entry.part > 1; }

/// Who it was, from where and why, as another entry of the same act says.
void fill_actor(Entry& entry, const Entry& other) {
  fill(entry.authentication, other.authentication);
  fill(entry.source, other.source);
  fill(entry.share, other.share);
  fill(entry.request, other.request);
  fill(entry.intended_use, other.intended_use);
}

}  // namespace

ExportReader::ExportReader(const AuditPlace& place, Identifiers identifiers)
    : log_(place.database) {
  if (identifiers == Identifiers::opened) {
    texts_.emplace(place.database, WrappingKey(read_secret_key(place.wrapping_key)));
  }
}

std::vector<ExportRecord> ExportReader::records(std::uint64_t from, std::uint64_t end,
                                                std::size_t limit) {
  std::vector<ExportRecord> records;
  for (ReadEntry& read : log_.entries(from, end, limit)) {
    records.push_back(record(std::move(read)));
  }
  return records;
}

void ExportReader::join(Entry& entry) {
  if (!lacks_actor(entry)) return;
  const auto first = log_.entry(entry.seq - (entry.part - 1));
  if (!first) return;
  fill_actor(entry, first->entry);
  const auto recipient =
      std::ranges::find(first->entry.subjects, SubjectKind::recipient, &Subject::kind);
  if (recipient == first->entry.subjects.end() ||
      std::ranges::find(entry.subjects, *recipient) != entry.subjects.end()) {
    return;
  }
  entry.subjects.push_back(*recipient);
}

/// Boxes alone: whoever the first part names.
void ExportReader::join_text(ExportRecord& record) {
  if (!lacks_actor(record.entry)) return;
  const auto first = log_.entry(record.entry.seq - (record.entry.part - 1));
  if (!first) return;
  const EntryText text = texts_->open(first->entry);
  fill(record.text.actor, text.actor);
  fill(record.text.recipient_id, text.recipient_id);
  fill(record.text.recipient_name, text.recipient_name);
  fill(record.text.organisation, text.organisation);
  fill(record.text.user_agent, text.user_agent);
}

ExportRecord ExportReader::record(ReadEntry read) {
  ExportRecord record;
  record.leaf = leaf_hash(core::as_bytes(read.raw.leaf));
  record.entry = std::move(read.entry);
  join(record.entry);
  if (texts_) {
    record.text = texts_->open(record.entry);
    join_text(record);
  }
  if (record.entry.intent) add_intent(record);
  return record;
}

/// An intent that was pruned is not there: the outcome then tells what it tells itself.
void ExportReader::add_intent(ExportRecord& record) {
  const std::uint64_t first = *record.entry.intent;
  const auto intent = log_.entry(first);
  if (!intent) return;
  fill_actor(record.entry, intent->entry);
  add_places(record, intent->entry);
  const std::uint64_t told = std::min(intent->entry.parts, kPartsToldAgain);
  record.parts_left_out = intent->entry.parts - told;
  for (std::uint64_t part = 1; part < told; ++part) {
    if (const auto further = log_.entry(first + part)) add_places(record, further->entry);
  }
}

void ExportReader::add_places(ExportRecord& record, const Entry& part) {
  auto& subjects = record.entry.subjects;
  for (const Subject& subject : part.subjects) {
    if (is_told_again(subject.kind) &&
        std::find(subjects.begin(), subjects.end(), subject) == subjects.end()) {
      subjects.push_back(subject);
    }
  }
  if (!texts_) return;
  const EntryText text = texts_->open(part);
  fill(record.text.recipient_id, text.recipient_id);
  fill(record.text.recipient_name, text.recipient_name);
  fill(record.text.user_agent, text.user_agent);
  record.text.shredded += text.shredded;
  auto& objects = record.text.objects;
  for (const ObjectRef& object : text.objects) {
    ObjectRef study{object.patient_id, object.study_uid, "", ""};
    const auto same = [&](const ObjectRef& known) { return same_place(known, study); };
    if (std::none_of(objects.begin(), objects.end(), same)) objects.push_back(std::move(study));
  }
}

}  // namespace sekisho::audit
