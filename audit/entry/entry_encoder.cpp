// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cassert>
#include <list>
#include <map>
#include <utility>

#include "audit/entry/canonical_json.h"
#include "audit/entry/entry.h"
#include "audit/entry/entry_text.h"
#include "audit/missing_fact.h"
#include "core/digest.h"
#include "core/encoding.h"
#include "core/random.h"

namespace sekisho::audit {
namespace {

/// What a further part of an event has but its objects: who did it, to whom, from where, why
/// (PS3.15 §A.5.3: each message names them, and each part becomes one). What is counted or told
/// once, of all parts, is in the first.
Event further_part(const Event& event) {
  Event part;
  part.code = event.code;
  part.outcome = event.outcome;
  part.authentication = event.authentication;
  part.source = event.source;
  part.share_id = event.share_id;
  part.request_id = event.request_id;
  part.intended_use = event.intended_use;
  part.detail = event.detail;
  part.recipient_id = event.recipient_id;
  part.recipient_name = event.recipient_name;
  part.organisation = event.organisation;
  part.purpose = event.purpose;
  part.query = event.query;
  part.actor = event.actor;
  const auto missing = event.facts.find(kMissingFact);
  if (missing != event.facts.end()) part.facts.insert(*missing);
  return part;
}

/// Whether the facts of an event are of the log and its keys alone, and prove something to whoever
/// holds the leaf. All others may tell of a share, a credential or a patient's study.
bool has_public_facts(EventCode code) {
  switch (code) {
    case EventCode::log_open:
    case EventCode::log_prune:
    case EventCode::log_recover:
    case EventCode::key_rotate:
    case EventCode::clock_step:
    case EventCode::witness_trouble:
    case EventCode::witness_restored:
    case EventCode::log_restored:
      return true;
    default:
      return false;
  }
}

/// Why somebody was refused, and whether the share that they asked for exists, is told to staff
/// alone: outside every denial looks the same, its receipt too.
bool has_public_reason(EventCode code) { return code != EventCode::denial; }

void write_facts_of(ObjectWriter& object, std::string& out, const Event& part) {
  const std::string facts = write_facts(part.facts);
  if (facts == "{}") return;
  object.name("facts");
  out += facts;
}

/// What `studies` say of the objects of `part`, as far as it takes no more than `room` bytes.
void add_words(Event& part, const std::vector<StudyWords>& studies, std::size_t room) {
  for (const StudyWords& words : studies) {
    const auto is_meant = [&](const ObjectRef& object) {
      return object.patient_id == words.patient_id && object.study_uid == words.study_uid;
    };
    const std::size_t size = words_size(words);
    if (size > room || std::ranges::none_of(part.objects, is_meant)) continue;
    part.studies.push_back(words);
    room -= size;
  }
}

std::string_view clock_name(ClockState state) {
  return state == ClockState::synchronised ? "synchronised" : "unsynchronised";
}

/// The kinds in the order of their names, which is the order of RFC 8785.
constexpr SubjectKind kHashedKinds[] = {SubjectKind::instance, SubjectKind::patient,
                                        SubjectKind::recipient, SubjectKind::series,
                                        SubjectKind::study};

/// `subjects` is sorted.
void write_hashes(std::string& out, const std::vector<Subject>& subjects) {
  ObjectWriter hashes(out);
  for (SubjectKind kind : kHashedKinds) {
    bool first = true;
    for (const Subject& subject : subjects) {
      if (subject.kind != kind) continue;
      if (first) {
        hashes.name(subject_name(kind));
        out += '[';
      } else {
        out += ',';
      }
      first = false;
      out += '"' + core::to_hex(subject.hash) + '"';
    }
    if (!first) out += ']';
  }
  hashes.close();
}

/// Whose text it is, by what is hashed to a Subject. Refers to an event.
using Owner = std::pair<SubjectKind, std::string_view>;

/// What is about nobody outside is under the general key.
Owner owner_of(SubjectKind kind, std::string_view value) {
  return value.empty() ? Owner{SubjectKind::general, {}} : Owner{kind, value};
}

/// Each person's data under that person's key.
std::map<Owner, BoxText> box_texts(const Event& part) {
  std::map<Owner, BoxText> texts;
  if (!part.actor.empty()) texts[owner_of(SubjectKind::general, {})].actor = part.actor;
  if (!part.recipient_id.empty() || !part.recipient_name.empty() || !part.organisation.empty() ||
      !part.user_agent.empty()) {
    BoxText& text = texts[owner_of(SubjectKind::recipient, part.recipient_id)];
    text.name = part.recipient_name;
    text.organisation = part.organisation;
    text.recipient = part.recipient_id;
    text.user_agent = part.user_agent;
    // With the text about each patient whom it may name; where nobody was found, it is of who
    // asked.
    if (part.objects.empty()) text.query = part.query;
  }
  std::string_view patient;
  BoxText* text = nullptr;
  for (const ObjectRef& object : part.objects) {
    if (text == nullptr || patient != object.patient_id) {
      patient = object.patient_id;
      text = &texts[owner_of(SubjectKind::patient, patient)];
      text->patient = patient;
      text->purpose = part.purpose;
      text->query = part.query;
    }
    if (has_uid(object)) text->objects.push_back(&object);
  }
  for (const StudyWords& words : part.studies) {
    BoxText& about = texts[owner_of(SubjectKind::patient, words.patient_id)];
    if (about.patient_name.empty()) about.patient_name = words.patient_name;
    about.studies.push_back(&words);
  }
  return texts;
}

std::size_t size_without_objects(const Event& part) {
  std::size_t size = frame_size(part);
  for (const auto& [owner, text] : box_texts(part)) size += box_size(text);
  return size;
}

/// As many as its objects need.
std::vector<Event> split(const Event& event) {
  std::vector<ObjectRef> objects = event.objects;
  std::sort(objects.begin(), objects.end(), by_place);
  objects.erase(std::unique(objects.begin(), objects.end(), same_place), objects.end());
  std::erase_if(objects, [](const ObjectRef& object) { return same_place(object, {}); });

  std::vector<Event> parts{event};
  parts.back().objects.clear();
  parts.back().studies.clear();
  std::vector<std::size_t> sizes{size_without_objects(parts.back())};
  for (ObjectRef& object : objects) {
    const auto& before = parts.back().objects;
    std::size_t added = object_size(object, before.empty() ? nullptr : &before.back(), event);
    if (sizes.back() + added > kMaxAsideBytes) {
      parts.push_back(further_part(event));
      sizes.push_back(size_without_objects(parts.back()));
      added = object_size(object, nullptr, event);
    }
    sizes.back() += added;
    parts.back().objects.push_back(std::move(object));
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    add_words(parts[i], event.studies, kMaxAsideBytes - std::min(sizes[i], kMaxAsideBytes));
  }
  return parts;
}

}  // namespace

std::string Draft::leaf(std::uint64_t seq, const Moment& moment) const {
  const std::string_view all = text;
  std::string json;
  json.reserve(kMaxEntryBytes);
  json += all.substr(0, clock_at);
  json += R"(,"clock":")";
  json += clock_name(moment.state);
  json += '"';
  json += all.substr(clock_at, seq_at - clock_at);
  json += R"(,"seq":)";
  json += std::to_string(seq);
  json += all.substr(seq_at, time_at - seq_at);
  json += R"(,"time":")";
  json += to_entry_time(moment.time);
  json += R"(","uptime":)";
  json += std::to_string(moment.since_boot.count());
  json += all.substr(time_at);
  assert(json.size() <= kMaxEntryBytes);
  return json;
}

/// What the subjects of some entries hash to, each hashed once. What it is asked about outlives it.
class EntryEncoder::Names {
 public:
  explicit Names(const IndexKey& index) : index_(index) {}
  const Subject& of(SubjectKind kind, std::string_view value) {
    const auto [known, is_new] = known_.try_emplace({kind, value});
    if (is_new) known->second = index_.subject(kind, value);
    return known->second;
  }
  std::vector<Subject> all_of(const Event& part);

 private:
  const IndexKey& index_;
  std::map<Owner, Subject> known_;
};

EntryEncoder::EntryEncoder(IndexKey index, KeyRing& keys, std::string boot_id)
    : index_(std::move(index)), keys_(keys), boot_id_(std::move(boot_id)) {}

std::vector<Draft> EntryEncoder::encode(std::span<const Event> events) const {
  std::vector<Draft> drafts;
  drafts.reserve(events.size());
  std::list<std::vector<Event>> all_parts;  // names refer to them
  Names names(index_);
  for (const Event& event : events) {
    const std::vector<Event>& parts = all_parts.emplace_back(split(event));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      drafts.push_back(encode_part(parts[i], i + 1, parts.size(), names));
    }
  }
  return drafts;
}

std::vector<Subject> EntryEncoder::Names::all_of(const Event& part) {
  std::vector<Subject> subjects;
  const auto add = [&](SubjectKind kind, const std::string& value) {
    if (!value.empty()) subjects.push_back(of(kind, value));
  };
  add(SubjectKind::recipient, part.recipient_id);
  const ObjectRef nothing;
  const ObjectRef* before = &nothing;
  for (const ObjectRef& object : part.objects) {
    if (object.patient_id != before->patient_id) add(SubjectKind::patient, object.patient_id);
    if (object.study_uid != before->study_uid) add(SubjectKind::study, object.study_uid);
    if (object.series_uid != before->series_uid) add(SubjectKind::series, object.series_uid);
    add(SubjectKind::instance, object.instance_uid);
    before = &object;
  }
  std::sort(subjects.begin(), subjects.end());
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  return subjects;
}

Draft EntryEncoder::encode_part(const Event& part, std::uint64_t number, std::uint64_t of,
                                Names& names) const {
  Draft draft;
  draft.subjects = names.all_of(part);
  draft.keys = write_aside(draft.aside, part, number, of, draft.subjects, names);
  assert(draft.aside.size() <= kMaxAsideBytes);

  ObjectWriter leaf(draft.text);
  leaf.text("aside", core::to_hex(core::sha256(core::as_bytes(draft.aside))), kMaxEntryBytes);
  leaf.text("authentication", part.authentication, limit::kAuthentication);
  leaf.text("boot", boot_id_, boot_id_.size());
  draft.clock_at = draft.text.size();
  const bool has_reason = has_public_reason(part.code);
  if (has_reason) leaf.text("detail", part.detail, limit::kDetail);
  leaf.text("event", event_name(part.code), kMaxEntryBytes);
  if (has_public_facts(part.code)) write_facts_of(leaf, draft.text, part);
  leaf.number("intent", part.intent);
  leaf.number("outcome", static_cast<std::uint64_t>(part.outcome));
  if (has_reason) leaf.text("purpose", part.intended_use, limit::kIntendedUse);
  leaf.text("request", part.request_id, limit::kRequest);
  draft.seq_at = draft.text.size();
  if (has_reason) leaf.text("share", part.share_id, limit::kShare);
  draft.time_at = draft.text.size();
  leaf.number("version", kEntryVersion);
  leaf.close();
  return draft;
}

/// Whatever may tell of a patient, an object or a recipient, or how much there was of it. Its salt
/// keeps the leaf's hash of it, and so the leaf's own, which others see in proofs, from being
/// guessed, and makes the boxes those of this entry.
std::vector<std::shared_ptr<TextKey>> EntryEncoder::write_aside(
    std::string& out, const Event& part, std::uint64_t number, std::uint64_t of,
    const std::vector<Subject>& subjects, Names& names) const {
  std::vector<std::shared_ptr<TextKey>> keys;
  Bits128 salt{};
  core::fill_nonce(salt);
  ObjectWriter aside(out);
  aside.number("bytes", part.bytes);
  const bool has_reason = has_public_reason(part.code);
  if (!has_reason) aside.text("detail", part.detail, limit::kDetail);
  if (!has_public_facts(part.code)) write_facts_of(aside, out, part);
  if (!subjects.empty()) {
    aside.name("hashes");
    write_hashes(out, subjects);
  }
  aside.number("instances", part.instances);
  if (of > 1) {
    aside.number("part", number);
    aside.number("parts", of);
  }
  if (!has_reason) aside.text("purpose", part.intended_use, limit::kIntendedUse);
  aside.text("salt", core::to_hex(salt), kMaxAsideBytes);
  std::map<Subject, BoxText> texts;  // in the order of the grammar
  for (auto& [owner, text] : box_texts(part)) {
    texts.emplace(names.of(owner.first, owner.second), std::move(text));
  }
  if (!texts.empty()) {
    aside.name("sealed");
    keys = write_boxes(out, texts, salt);
  }
  if (!has_reason) aside.text("share", part.share_id, limit::kShare);
  aside.text("source", part.source, limit::kSource);
  aside.close();
  return keys;
}

std::vector<std::shared_ptr<TextKey>> EntryEncoder::write_boxes(
    std::string& out, const std::map<Subject, BoxText>& texts, const Bits128& salt) const {
  std::vector<std::shared_ptr<TextKey>> used;
  out += '[';
  for (const auto& [owner, text] : texts) {
    used.push_back(keys_.key_for(owner));
    const TextKey& key = *used.back();
    if (used.size() > 1) out += ',';
    ObjectWriter box(out);
    box.text("box", core::to_base64(seal(key.key.view(), salt, write_box_text(text))),
             kMaxAsideBytes);
    box.text("key", core::to_hex(key.id), kMaxAsideBytes);
    box.close();
  }
  out += ']';
  return used;
}

}  // namespace sekisho::audit
