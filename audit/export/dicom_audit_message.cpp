// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/dicom_audit_message.h"

#include "audit/export/xml.h"
#include "audit/moment.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

/// AuditSourceTypeCode 4, PS3.15 §A.5.1.2.1: application server process.
constexpr std::string_view kSourceType = "4";
// NetworkAccessPointTypeCode, PS3.15 table A.5.2-1.
constexpr std::string_view kMachineName = "1";
constexpr std::string_view kIpAddress = "2";

void write_code(XmlElement element, const Code& code) {
  element.attribute("csd-code", code.value)
      .attribute("codeSystemName", code.system)
      .attribute("originalText", code.meaning);
}

void write_event(XmlElement event, const Message& message) {
  event.attribute("EventActionCode", std::string_view(&message.action, 1))
      .attribute("EventDateTime", to_entry_time(message.time))
      .attribute("EventOutcomeIndicator", std::to_string(static_cast<int>(message.outcome)));
  write_code(event.child("EventID"), *message.event);
  if (message.type != nullptr) write_code(event.child("EventTypeCode"), *message.type);
  if (!message.outcome_description.empty()) {
    event.child("EventOutcomeDescription").text(message.outcome_description);
  }
}

void write_participant(XmlElement element, const Participant& participant) {
  element.attribute("UserID", participant.user_id);
  if (!participant.user_name.empty()) element.attribute("UserName", participant.user_name);
  const bool requests = participant.part == Participant::Part::requestor;
  element.attribute("UserIsRequestor", requests ? "true" : "false");
  if (!participant.machine.empty()) {
    element.attribute("NetworkAccessPointID", participant.machine)
        .attribute("NetworkAccessPointTypeCode", kMachineName);
  } else if (!participant.address.empty()) {
    element.attribute("NetworkAccessPointID", participant.address)
        .attribute("NetworkAccessPointTypeCode", kIpAddress);
  }
  if (participant.role != nullptr) write_code(element.child("RoleIDCode"), *participant.role);
  if (participant.medium != nullptr) {
    XmlElement medium = element.child("MediaIdentifier");
    write_code(medium.child("MediaType"), *participant.medium);
  }
}

/// ParticipantObjectTypeCode and ParticipantObjectTypeCodeRole for each Kind, in its order.
struct Kinds {
  std::string_view type;
  std::string_view role;
};
constexpr Kinds kKinds[] = {{"1", "1"},    // a person, the patient
                            {"2", "3"},    // a system object, a report: so §A.5.3 for studies
                            {"1", "11"},   // a person, a security user entity
                            {"2", "3"},    // a SOP class that was queried: the same
                            {"2", "13"},   // a security resource
                            {"2", "13"}};  // the same: one entry of it

std::string in_base64(std::string_view value) { return core::to_base64(core::as_bytes(value)); }

void write_object(XmlElement element, const MessageObject& object) {
  const Kinds& kinds = kKinds[static_cast<std::size_t>(object.kind)];
  element.attribute("ParticipantObjectID", object.id)
      .attribute("ParticipantObjectTypeCode", kinds.type)
      .attribute("ParticipantObjectTypeCodeRole", kinds.role);
  write_code(element.child("ParticipantObjectIDTypeCode"), *object.id_type);
  // One of the two must be there; a name that is not on record is empty.
  if (object.kind == MessageObject::Kind::query) {
    element.child("ParticipantObjectQuery").text(in_base64(object.name));
  } else {
    element.child("ParticipantObjectName").text(object.name);
  }
  for (const Detail& detail : object.details) {
    element.child("ParticipantObjectDetail")
        .attribute("type", detail.type)
        .attribute("value", in_base64(detail.value));
  }
  if (object.instances.empty()) return;
  XmlElement description = element.child("ParticipantObjectDescription");
  XmlElement sop_class = description.child("SOPClass");
  sop_class.attribute("NumberOfInstances", std::to_string(object.instances.size()));
  for (const std::string& instance : object.instances) {
    sop_class.child("Instance").attribute("UID", instance);
  }
}

void write_source(XmlElement source, const Message& message) {
  if (!message.enterprise_site.empty()) {
    source.attribute("AuditEnterpriseSiteID", message.enterprise_site);
  }
  source.attribute("AuditSourceID", message.source);
  source.child("AuditSourceTypeCode").attribute("csd-code", kSourceType);
}

}  // namespace

std::string to_dicom_xml(const Message& message) {
  std::string xml;
  {
    XmlElement root(xml, "AuditMessage");
    write_event(root.child("EventIdentification"), message);
    for (const Participant& participant : message.participants) {
      write_participant(root.child("ActiveParticipant"), participant);
    }
    write_source(root.child("AuditSourceIdentification"), message);
    for (const MessageObject& object : message.objects) {
      write_object(root.child("ParticipantObjectIdentification"), object);
    }
  }
  return xml;
}

}  // namespace sekisho::audit
