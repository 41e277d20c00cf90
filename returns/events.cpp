// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/events.h"

namespace sekisho::returns {

Sender sender_of(const audit::Event& event) {
  Sender sender;
  sender.authentication = event.authentication;
  sender.source = event.source;
  sender.request_id = event.request_id;
  sender.recipient_id = event.recipient_id;
  sender.recipient_name = event.recipient_name;
  sender.organisation = event.organisation;
  sender.user_agent = event.user_agent;
  sender.actor = event.actor;
  sender.intended_use = event.intended_use;
  if (const auto person = event.facts.find("person"); person != event.facts.end()) {
    sender.person = person->second;
  }
  return sender;
}

void tell_of(const Upload& upload, audit::Event& event) {
  const core::SeriesKey& series = upload.key.series;
  event.share_id = upload.share.text();
  event.intended_use = upload.sender.intended_use;
  event.recipient_id = upload.sender.recipient_id;
  event.recipient_name = upload.sender.recipient_name;
  event.organisation = upload.sender.organisation;
  event.objects = {{series.study.patient_id, series.study.study.str(), series.series.str(),
                    upload.key.instance.str()}};
  event.studies = {upload.words};
  event.facts["upload"] = upload.id.text();
}

audit::Event recipients_event(const Upload& upload, audit::EventCode code) {
  audit::Event event;
  event.code = code;
  tell_of(upload, event);
  event.authentication = upload.sender.authentication;
  event.source = upload.sender.source;
  event.request_id = upload.sender.request_id;
  event.user_agent = upload.sender.user_agent;
  event.actor = upload.sender.actor;
  if (!upload.sender.person.empty()) event.facts["person"] = upload.sender.person;
  return event;
}

audit::Event own_event(const Upload& upload, audit::EventCode code) {
  audit::Event event;
  event.code = code;
  event.authentication = "none";
  tell_of(upload, event);
  return event;
}

}  // namespace sekisho::returns
