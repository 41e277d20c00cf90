// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/message.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "audit/missing_fact.h"
#include "audit/receipt_id.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

// PS3.16 CID 400 (events), CID 401 (types), CID 402 (roles), CID 404 (identifiers), CID 405
// (media).
constexpr Code kActivity{"110100", "DCM", "Application Activity"};
constexpr Code kLogUsed{"110101", "DCM", "Audit Log Used"};
constexpr Code kBegin{"110102", "DCM", "Begin Transferring DICOM Instances"};
constexpr Code kAccessed{"110103", "DCM", "DICOM Instances Accessed"};
constexpr Code kTransferred{"110104", "DCM", "DICOM Instances Transferred"};
constexpr Code kImport{"110107", "DCM", "Import"};
constexpr Code kQuery{"110112", "DCM", "Query"};
constexpr Code kAlert{"110113", "DCM", "Security Alert"};
constexpr Code kAuthentication{"110114", "DCM", "User Authentication"};
constexpr Code kCheckpoint{"checkpoint", "99SEKISHO", "Checkpoint of the access log"};

constexpr Code kStart{"110120", "DCM", "Application Start"};
constexpr Code kStop{"110121", "DCM", "Application Stop"};
constexpr Code kLogin{"110122", "DCM", "Login"};
constexpr Code kLogout{"110123", "DCM", "Logout"};
constexpr Code kConfiguration{"110129", "DCM", "Security Configuration"};
constexpr Code kRestricted{"110132", "DCM", "Use of Restricted Function"};
constexpr Code kRecordingStopped{"110133", "DCM", "Audit Recording Stopped"};
constexpr Code kRecording{"110134", "DCM", "Audit Recording Started"};
constexpr Code kRoles{"110136", "DCM", "Security Roles Changed"};
constexpr Code kAttributes{"110137", "DCM", "User Security Attributes Changed"};

constexpr Code kApplication{"110150", "DCM", "Application"};
constexpr Code kDestination{"110152", "DCM", "Destination Role ID"};
constexpr Code kSource{"110153", "DCM", "Source Role ID"};
constexpr Code kSourceMedium{"110155", "DCM", "Source Media"};
constexpr Code kUriMedium{"110037", "DCM", "URI"};

constexpr Code kStudyUid{"110180", "DCM", "Study Instance UID"};
constexpr Code kSopClass{"110181", "DCM", "SOP Class UID"};
constexpr Code kPatientNumber{"2", "RFC-3881", "Patient Number"};
constexpr Code kUserIdentifier{"11", "RFC-3881", "User Identifier"};
constexpr Code kUri{"12", "RFC-3881", "URI"};
constexpr Code kPatientHash{"patient-hash", "99SEKISHO", "Keyed hash of the Patient ID"};
constexpr Code kStudyHash{"study-hash", "99SEKISHO", "Keyed hash of the Study Instance UID"};
constexpr Code kUserHash{"recipient-hash", "99SEKISHO", "Keyed hash of the recipient's ID"};
constexpr Code kClockStep{"clock-step", "99SEKISHO", "Clock Was Set"};
constexpr Code kWitnessTrouble{"witness-trouble", "99SEKISHO", "Access Log Not Witnessed"};
constexpr Code kWitnessRestored{"witness-restored", "99SEKISHO", "Access Log Witnessed Again"};
constexpr Code kDirectoryExported{"directory-exported", "99SEKISHO", "Directory Exported"};
constexpr Code kScan{"malware-scan", "99SEKISHO", "Object Scanned for Malware"};
constexpr Code kRelease{"quarantine-decision", "99SEKISHO", "Decision on an Object in Quarantine"};
constexpr Code kPlace{"log-entry", "99SEKISHO", "Place in the access log"};

/// Who did it.
enum class Actor { recipient, staff, service };
/// Between whom data moved.
enum class Flow { none, outward, inward, search };

/// How an event is reported: one row for each, as PS3.15 §A.5.3 prescribes for its EventID.
struct Form {
  EventCode event;
  const Code* id;
  const Code* type;
  char action;
  Actor actor;
  Flow flow;
};
constexpr Form kForms[] = {
    {EventCode::log_open, &kAlert, &kRecording, 'E', Actor::service, Flow::none},
    {EventCode::service_start, &kActivity, &kStart, 'E', Actor::service, Flow::none},
    {EventCode::service_stop, &kActivity, &kStop, 'E', Actor::service, Flow::none},
    {EventCode::transfer_begin, &kBegin, nullptr, 'E', Actor::recipient, Flow::outward},
    {EventCode::transfer_end, &kTransferred, nullptr, 'R', Actor::recipient, Flow::outward},
    {EventCode::query, &kQuery, nullptr, 'E', Actor::recipient, Flow::search},
    {EventCode::denial, &kAlert, &kRestricted, 'E', Actor::recipient, Flow::none},
    {EventCode::recipient_create, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::recipient_disable, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::recipient_network, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::token_create, &kAlert, &kAttributes, 'E', Actor::staff, Flow::none},
    {EventCode::token_revoke, &kAlert, &kAttributes, 'E', Actor::staff, Flow::none},
    {EventCode::certificate_add, &kAlert, &kAttributes, 'E', Actor::staff, Flow::none},
    {EventCode::certificate_remove, &kAlert, &kAttributes, 'E', Actor::staff, Flow::none},
    {EventCode::share_create, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::share_revoke, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::series_approve, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::return_begin, &kImport, nullptr, 'C', Actor::recipient, Flow::inward},
    {EventCode::return_end, &kImport, nullptr, 'C', Actor::recipient, Flow::inward},
    {EventCode::share_preview, &kAccessed, nullptr, 'R', Actor::staff, Flow::none},
    {EventCode::share_forget_key, &kAlert, &kConfiguration, 'E', Actor::staff, Flow::none},
    {EventCode::mask_key_rotate, &kAlert, &kConfiguration, 'E', Actor::staff, Flow::none},
    {EventCode::log_read, &kLogUsed, nullptr, 'R', Actor::staff, Flow::none},
    {EventCode::clock_step, &kAlert, &kClockStep, 'E', Actor::service, Flow::none},
    {EventCode::anchor_trouble, &kAlert, &kRecordingStopped, 'E', Actor::service, Flow::none},
    {EventCode::anchor_restored, &kAlert, &kRecording, 'E', Actor::service, Flow::none},
    {EventCode::witness_trouble, &kAlert, &kWitnessTrouble, 'E', Actor::service, Flow::none},
    {EventCode::witness_restored, &kAlert, &kWitnessRestored, 'E', Actor::service, Flow::none},
    {EventCode::share_expire, &kAlert, &kRoles, 'E', Actor::service, Flow::none},
    {EventCode::hold_set, &kAlert, &kConfiguration, 'E', Actor::staff, Flow::none},
    {EventCode::hold_end, &kAlert, &kConfiguration, 'E', Actor::staff, Flow::none},
    {EventCode::text_shred, &kAlert, &kConfiguration, 'E', Actor::staff, Flow::none},
    {EventCode::log_prune, &kAlert, &kRecording, 'E', Actor::staff, Flow::none},
    {EventCode::key_rotate, &kAlert, &kAttributes, 'E', Actor::service, Flow::none},
    {EventCode::log_recover, &kAlert, &kRecording, 'E', Actor::service, Flow::none},
    {EventCode::recipient_change, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::recipient_enable, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::recipient_network_remove, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::share_extend, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::series_withdraw, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::log_full, &kAlert, &kRecordingStopped, 'E', Actor::service, Flow::none},
    {EventCode::log_restored, &kAlert, &kRecording, 'E', Actor::service, Flow::none},
    {EventCode::person_create, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::person_invite, &kAlert, &kAttributes, 'E', Actor::staff, Flow::none},
    {EventCode::person_disable, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::person_enable, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::session_revoke, &kAlert, &kAttributes, 'E', Actor::staff, Flow::none},
    {EventCode::session_begin, &kAuthentication, &kLogin, 'E', Actor::recipient, Flow::none},
    {EventCode::session_end, &kAuthentication, &kLogout, 'E', Actor::recipient, Flow::none},
    {EventCode::credential_change, &kAlert, &kAttributes, 'E', Actor::recipient, Flow::none},
    {EventCode::share_approve, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::consent_create, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::consent_withdraw, &kAlert, &kRoles, 'E', Actor::staff, Flow::none},
    {EventCode::recipient_export, &kAlert, &kDirectoryExported, 'R', Actor::staff, Flow::none},
    {EventCode::return_receive, &kImport, nullptr, 'C', Actor::recipient, Flow::inward},
    {EventCode::return_scan, &kAlert, &kScan, 'E', Actor::service, Flow::none},
    {EventCode::return_release, &kAlert, &kRelease, 'E', Actor::service, Flow::none},
    {EventCode::return_reject, &kAlert, &kRelease, 'E', Actor::staff, Flow::none},
    {EventCode::return_delete, &kAlert, &kRelease, 'E', Actor::service, Flow::none},
    {EventCode::return_show, &kAccessed, nullptr, 'R', Actor::staff, Flow::none},
};
constexpr Form kUnknownEvent{EventCode::denial, &kAlert, nullptr, 'E', Actor::staff, Flow::none};

constexpr bool has_a_row_for_each_event() {
  for (std::size_t i = 0; i < std::size(kForms); ++i) {
    if (kForms[i].event != static_cast<EventCode>(i)) return false;
  }
  return std::size(kForms) == kEventCodes;
}
static_assert(has_a_row_for_each_event());

const Form& form_of(const Entry& entry) {
  const auto code = event_code(entry.event);
  return code ? kForms[static_cast<std::size_t>(*code)] : kUnknownEvent;
}

/// Staff are refused too, and release what no rule does.
Actor actor_of(const Form& form, const Entry& entry) {
  const bool may_be_staffs =
      form.event == EventCode::denial || form.event == EventCode::return_release;
  return may_be_staffs && entry.authentication == "staff" ? Actor::staff : form.actor;
}

std::string first_hash(const Entry& entry, SubjectKind kind) {
  for (const Subject& subject : entry.subjects) {
    if (subject.kind == kind) return core::to_hex(subject.hash);
  }
  return {};
}

Participant service_of(const Form& form, Actor actor, const MessageSource& source) {
  Participant service;
  service.part = actor == Actor::service ? Participant::Part::requestor : Participant::Part::other;
  service.user_id = source.origin;
  service.user_name = "Sekisho";
  service.machine = source.origin.substr(0, source.origin.find('/'));
  const bool answers = form.flow == Flow::search || form.flow == Flow::inward;
  service.role = form.flow == Flow::outward ? &kSource : answers ? &kDestination : &kApplication;
  return service;
}

Participant recipient_of(const Form& form, const ExportRecord& record) {
  Participant recipient;
  recipient.part = Participant::Part::requestor;
  recipient.user_id = record.text.recipient_id;
  recipient.user_name = record.text.recipient_name;
  if (!record.text.actor.empty()) {
    // Of a recipient with several people the one who has signed in.
    recipient.user_name = record.text.actor + " (" + record.text.recipient_name + ')';
  }
  if (recipient.user_id.empty()) {
    recipient.user_id = first_hash(record.entry, SubjectKind::recipient);
  }
  if (recipient.user_id.empty()) recipient.user_id = "unknown";
  recipient.address = record.entry.source;
  if (form.flow == Flow::outward) recipient.role = &kDestination;
  if (form.flow == Flow::search) recipient.role = &kSource;
  if (form.flow == Flow::inward) {
    recipient.role = &kSourceMedium;  // §A.5.3.5 knows no other source
    recipient.medium = &kUriMedium;
  }
  return recipient;
}

Participant staff_of(const ExportRecord& record) {
  Participant staff;
  staff.part = Participant::Part::requestor;
  staff.user_id = record.text.actor.empty() ? "staff" : record.text.actor;
  staff.address = record.entry.source;
  return staff;
}

/// Patients and studies by their identifiers, with what was named of each study.
void add_named(Message& message, const ExportRecord& record) {
  const EntryText& text = record.text;
  const bool lacks_instances = record.entry.facts.contains(kMissingFact);
  std::map<std::string, MessageObject> patients;
  std::map<std::string, MessageObject> studies;
  const auto object = [](auto& known, const std::string& id, MessageObject::Kind kind,
                         const Code& type) -> MessageObject& {
    MessageObject& found = known[id];
    found.kind = kind;
    found.id_type = &type;
    found.id = id;
    return found;
  };
  for (const ObjectRef& ref : text.objects) {
    using Kind = MessageObject::Kind;
    if (!ref.patient_id.empty()) object(patients, ref.patient_id, Kind::patient, kPatientNumber);
    if (ref.study_uid.empty()) continue;
    MessageObject& study = object(studies, ref.study_uid, Kind::study, kStudyUid);
    if (lacks_instances && !ref.instance_uid.empty()) {
      // Not among those that §A.5.3 has listed: these did not leave.
      study.details.push_back({"NotSentSOPInstanceUID", ref.instance_uid});
      continue;
    }
    if (!ref.instance_uid.empty()) study.instances.push_back(ref.instance_uid);
    const auto is_series = [&](const Detail& known) { return known.value == ref.series_uid; };
    if (!ref.series_uid.empty() && std::ranges::none_of(study.details, is_series)) {
      study.details.push_back({"SeriesInstanceUID", ref.series_uid});
    }
  }
  for (auto* const found : {&studies, &patients}) {
    for (auto& [id, named] : *found) message.objects.push_back(std::move(named));
  }
}

/// The same by hashes: where identifiers are not told, and where keys were shredded.
void add_hashed(Message& message, const Entry& entry) {
  for (const Subject& subject : entry.subjects) {
    const bool is_patient = subject.kind == SubjectKind::patient;
    if (!is_patient && subject.kind != SubjectKind::study) continue;
    MessageObject object;
    object.kind = is_patient ? MessageObject::Kind::patient : MessageObject::Kind::study;
    object.id_type = is_patient ? &kPatientHash : &kStudyHash;
    object.id = core::to_hex(subject.hash);
    message.objects.push_back(std::move(object));
  }
}

/// Of whom an act of staff was: §A.5.3.11 calls it the alert's subject.
void add_user(Message& message, const ExportRecord& record) {
  MessageObject object;
  object.kind = MessageObject::Kind::user;
  object.id_type = &kUserIdentifier;
  object.id = record.text.recipient_id;
  object.name = record.text.recipient_name;
  if (object.id.empty()) {
    object.id_type = &kUserHash;
    object.id = first_hash(record.entry, SubjectKind::recipient);
  }
  if (!object.id.empty()) message.objects.push_back(std::move(object));
}

/// §A.5.3.10. What was asked is empty where it is not told, was shredded, or is not on record as in
/// entries of version 1.
MessageObject query_object(const ExportRecord& record) {
  MessageObject object;
  object.kind = MessageObject::Kind::query;
  object.id_type = &kSopClass;
  // Study Root Query/Retrieve Information Model – FIND, of which a search of PS3.18 is the like.
  object.id = "1.2.840.10008.5.1.4.1.2.2.1";
  object.name = record.text.query;
  return object;
}

/// §A.5.3.2.
MessageObject log_object(const MessageSource& source) {
  MessageObject object;
  object.kind = MessageObject::Kind::log;
  object.id_type = &kUri;
  object.id = source.origin;
  object.name = "Security Audit Log";
  return object;
}

/// What no other field of a message holds, and the leaf that ties the message to the log's tree.
MessageObject entry_object(const ExportRecord& record, const MessageSource& source) {
  const Entry& entry = record.entry;
  MessageObject object;
  object.kind = MessageObject::Kind::entry;
  object.id_type = &kPlace;
  object.id = ReceiptId{source.origin, entry.seq}.text();
  object.name = entry.event;
  const auto text = [&](std::string_view type, const std::string& value) {
    if (!value.empty()) object.details.push_back({std::string(type), value});
  };
  const auto number = [&](std::string_view type, const std::optional<std::uint64_t>& value) {
    if (value) text(type, std::to_string(*value));
  };
  text("leaf", core::to_hex(record.leaf));
  text("authentication", entry.authentication);
  number("bytes", entry.bytes);
  text("detail", entry.detail);
  number("instances", entry.instances);
  number("intent", entry.intent);
  if (entry.parts > 1) {
    number("part", entry.part);
    number("parts", entry.parts);
  }
  if (record.parts_left_out > 0) text("parts_left_out", std::to_string(record.parts_left_out));
  text("intended_use", entry.intended_use);
  text("purpose", record.text.purpose);
  text("request", entry.request);
  text("share", entry.share);
  text("user_agent", record.text.user_agent);
  for (const auto& [name, value] : entry.facts) object.details.push_back({"fact." + name, value});
  return object;
}

Message message_from(const MessageSource& source) {
  Message message;
  message.source = source.origin;
  message.enterprise_site = source.enterprise_site;
  return message;
}

}  // namespace

Message make_message(const ExportRecord& record, const MessageSource& source) {
  const Entry& entry = record.entry;
  const Form& form = form_of(entry);
  Message message = message_from(source);
  message.event = form.id;
  message.type = form.type;
  message.action = form.action;
  message.time = entry.time;
  message.outcome = entry.outcome;
  if (entry.outcome != Outcome::success) {
    const bool is_partial_query =
        entry.event == event_name(EventCode::query) && entry.facts.contains(kMissingFact);
    message.outcome_description = is_partial_query ? "incomplete" : entry.detail;
  }
  message.intended_use = entry.intended_use;
  message.request = entry.request;
  const Actor actor = actor_of(form, entry);
  message.participants.push_back(service_of(form, actor, source));
  if (actor == Actor::recipient) message.participants.push_back(recipient_of(form, record));
  if (actor == Actor::staff) message.participants.push_back(staff_of(record));
  add_named(message, record);
  if (record.text.objects.empty() || record.text.shredded > 0) add_hashed(message, entry);
  if (form.actor == Actor::staff) add_user(message, record);
  if (form.flow == Flow::search) message.objects.push_back(query_object(record));
  if (form.id == &kLogUsed) message.objects.push_back(log_object(source));
  message.objects.push_back(entry_object(record, source));
  return message;
}

Message make_checkpoint_message(std::string_view checkpoint, core::Time now,
                                const MessageSource& source) {
  Message message = message_from(source);
  message.event = &kCheckpoint;
  message.time = now;
  message.participants.push_back(service_of(kForms[0], kForms[0].actor, source));
  MessageObject object = log_object(source);
  object.details.push_back({"checkpoint", std::string(checkpoint)});
  message.objects.push_back(std::move(object));
  return message;
}

}  // namespace sekisho::audit
