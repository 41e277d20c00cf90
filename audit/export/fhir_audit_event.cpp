// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/fhir_audit_event.h"

#include <algorithm>
#include <iterator>

#include "audit/entry/canonical_json.h"
#include "audit/moment.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

constexpr std::string_view kLifecycle = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
constexpr std::string_view kSourceType =
    "http://terminology.hl7.org/CodeSystem/security-source-type";
constexpr std::string_view kEntityType = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
constexpr std::string_view kEntityRole = "http://terminology.hl7.org/CodeSystem/object-role";
constexpr std::string_view kBalpEntityType =
    "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";

/// The URI that FHIR has for a coding system of DICOM's audit messages.
struct CodeSystem {
  std::string_view name;
  std::string_view uri;
};
constexpr CodeSystem kSystems[] = {{"DCM", "http://dicom.nema.org/resources/ontology/DCM"},
                                   {"99SEKISHO", "urn:sekisho:audit"}};

/// What an event is in the life of a record (ISO 21089), where BALP looks for it.
struct LifecycleEvent {
  std::string_view event;
  std::string_view code;
};
constexpr LifecycleEvent kLifecycleEvents[] = {{"110102", "disclose"},
                                               {"110103", "access"},
                                               {"110104", "disclose"},
                                               {"110107", "receive"},
                                               {"110112", "access"}};

std::string_view system_uri(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kSystems), std::end(kSystems),
                   [&](const CodeSystem& known) { return known.name == name; });
  return found == std::end(kSystems) ? std::string_view{} : found->uri;
}

/// A FHIR string has no control characters but tab, newline and carriage return.
std::string fhir_string(std::string_view value) {
  std::string text;
  for (char c : value) {
    const bool is_control =
        static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    if (is_control) {
      text += "\xEF\xBF\xBD";
    } else {
      text += c;
    }
  }
  return text;
}

void write_text(ObjectWriter& object, std::string_view name, std::string_view value) {
  object.text(name, fhir_string(value), kMaxJsonText);
}

void write_coding(std::string& out, std::string_view system, std::string_view code,
                  std::string_view display) {
  ObjectWriter coding(out);
  coding.text("system", system, kMaxJsonText);
  coding.text("code", code, kMaxJsonText);
  coding.text("display", display, kMaxJsonText);
  coding.close();
}

void write_coding(std::string& out, const Code& code) {
  write_coding(out, system_uri(code.system), code.value, code.meaning);
}

/// Writes a JSON array of what `each` appends, comma by comma.
class ListWriter {
 public:
  explicit ListWriter(std::string& out) : out_(out) { out_ += '['; }
  /// Where the next item goes.
  std::string& next() {
    if (!first_) out_ += ',';
    first_ = false;
    return out_;
  }
  void close() { out_ += ']'; }

 private:
  std::string& out_;
  bool first_ = true;
};

void write_subtypes(ObjectWriter& event, std::string& out, const Message& message) {
  const auto* const lifecycle = std::find_if(
      std::begin(kLifecycleEvents), std::end(kLifecycleEvents),
      [&](const LifecycleEvent& known) { return known.event == message.event->value; });
  const bool has_lifecycle = lifecycle != std::end(kLifecycleEvents);
  if (message.type == nullptr && !has_lifecycle) return;
  event.name("subtype");
  ListWriter subtypes(out);
  if (message.type != nullptr) write_coding(subtypes.next(), *message.type);
  if (has_lifecycle) write_coding(subtypes.next(), kLifecycle, lifecycle->code, "");
  subtypes.close();
}

void write_network(ObjectWriter& agent, std::string& out, const Participant& participant) {
  const bool is_machine = !participant.machine.empty();
  const std::string& address = is_machine ? participant.machine : participant.address;
  if (address.empty()) return;
  agent.name("network");
  ObjectWriter network(out);
  write_text(network, "address", address);
  network.text("type", is_machine ? "1" : "2", kMaxJsonText);
  network.close();
}

void write_agent(std::string& out, const Participant& participant) {
  ObjectWriter agent(out);
  if (participant.role != nullptr) {
    agent.name("type");
    ObjectWriter type(out);
    type.name("coding");
    ListWriter codings(out);
    write_coding(codings.next(), *participant.role);
    codings.close();
    type.close();
  }
  agent.name("who");
  ObjectWriter who(out);
  who.name("identifier");
  ObjectWriter identifier(out);
  write_text(identifier, "value", participant.user_id);
  identifier.close();
  write_text(who, "display", participant.user_name);
  who.close();
  agent.name("requestor");
  out += participant.part == Participant::Part::requestor ? "true" : "false";
  if (participant.medium != nullptr) {
    agent.name("media");
    write_coding(out, *participant.medium);
  }
  write_network(agent, out, participant);
  agent.close();
}

void write_source(ObjectWriter& event, std::string& out, const Message& message) {
  event.name("source");
  ObjectWriter source(out);
  write_text(source, "site", message.enterprise_site);
  source.name("observer");
  ObjectWriter observer(out);
  observer.name("identifier");
  ObjectWriter identifier(out);
  write_text(identifier, "value", message.source);
  identifier.close();
  observer.text("display", "Sekisho", kMaxJsonText);
  observer.close();
  source.name("type");
  ListWriter types(out);
  write_coding(types.next(), kSourceType, "4", "Application Server");
  types.close();
  source.close();
}

/// How each kind of object stands among the entities of BALP, in the order of MessageObject::Kind.
struct EntityShape {
  std::string_view resource;  ///< of `what`; empty: none that FHIR has
  std::string_view type;
  std::string_view role;
};
constexpr EntityShape kShapes[] = {{"Patient", "1", "1"},
                                   {"ImagingStudy", "2", "4"},  // a domain resource
                                   {"", "1", "11"},             // a security user entity
                                   {"", "2", "24"},             // a query
                                   {"", "2", "13"},             // a security resource
                                   {"", "2", "13"}};

void write_what(ObjectWriter& entity, std::string& out, const MessageObject& object,
                std::string_view resource) {
  entity.name("what");
  ObjectWriter what(out);
  what.text("type", resource, kMaxJsonText);
  what.name("identifier");
  ObjectWriter identifier(out);
  if (object.id_type->system == "DCM") {  // a UID: FHIR R4 §10.4.5, ImagingStudy.identifier
    identifier.text("system", "urn:dicom:uid", kMaxJsonText);
    write_text(identifier, "value", "urn:oid:" + object.id);
  } else {
    identifier.name("type");
    ObjectWriter type(out);
    type.text("text", object.id_type->meaning, kMaxJsonText);
    type.close();
    write_text(identifier, "value", object.id);
  }
  identifier.close();
  what.close();
}

void write_details(ObjectWriter& entity, std::string& out, const MessageObject& object) {
  if (object.details.empty() && object.instances.empty()) return;
  entity.name("detail");
  ListWriter details(out);
  const auto write = [&](std::string_view type, std::string_view value) {
    ObjectWriter detail(details.next());
    detail.text("type", type, kMaxJsonText);
    write_text(detail, "valueString", value);
    detail.close();
  };
  for (const Detail& detail : object.details) write(detail.type, detail.value);
  for (const std::string& instance : object.instances) write("SOPInstanceUID", instance);
  details.close();
}

void write_entity(std::string& out, const MessageObject& object) {
  const EntityShape& shape = kShapes[static_cast<std::size_t>(object.kind)];
  const bool is_query = object.kind == MessageObject::Kind::query;
  ObjectWriter entity(out);
  if (!is_query) write_what(entity, out, object, shape.resource);
  entity.name("type");
  write_coding(out, kEntityType, shape.type, "");
  entity.name("role");
  write_coding(out, kEntityRole, shape.role, "");
  if (is_query) {
    entity.text("query", core::to_base64(core::as_bytes(object.name)), kMaxJsonText);
  } else {
    write_text(entity, "name", object.name);
  }
  write_details(entity, out, object);
  entity.close();
}

/// BALP's "transaction" entity: what ties this to other records of the same request.
void write_transaction(std::string& out, const std::string& request) {
  ObjectWriter entity(out);
  entity.name("what");
  ObjectWriter what(out);
  what.name("identifier");
  ObjectWriter identifier(out);
  write_text(identifier, "value", request);
  identifier.close();
  what.close();
  entity.name("type");
  write_coding(out, kBalpEntityType, "XrequestId", "");
  entity.close();
}

void write_purpose(ObjectWriter& event, std::string& out, const Message& message) {
  if (message.intended_use.empty()) return;
  event.name("purposeOfEvent");
  ListWriter purposes(out);
  ObjectWriter purpose(purposes.next());
  write_text(purpose, "text", message.intended_use);
  purpose.close();
  purposes.close();
}

}  // namespace

std::string to_fhir_json(const Message& message) {
  std::string out;
  ObjectWriter event(out);
  event.text("resourceType", "AuditEvent", kMaxJsonText);
  event.name("type");
  write_coding(out, *message.event);
  write_subtypes(event, out, message);
  event.text("action", std::string_view(&message.action, 1), kMaxJsonText);
  event.text("recorded", to_entry_time(message.time), kMaxJsonText);
  event.text("outcome", std::to_string(static_cast<int>(message.outcome)), kMaxJsonText);
  write_text(event, "outcomeDesc", message.outcome_description);
  write_purpose(event, out, message);
  event.name("agent");
  ListWriter agents(out);
  for (const Participant& participant : message.participants) {
    write_agent(agents.next(), participant);
  }
  agents.close();
  write_source(event, out, message);
  event.name("entity");
  ListWriter entities(out);
  for (const MessageObject& object : message.objects) write_entity(entities.next(), object);
  if (!message.request.empty()) write_transaction(entities.next(), message.request);
  entities.close();
  event.close();
  return out;
}

}  // namespace sekisho::audit
