// SPDX-License-Identifier: GPL-3.0-or-later
// TakeBack where what comes back lies in quarantine first (docs/returns.md).
#include <chrono>

#include "dicomweb/events.h"
#include "dicomweb/take_back.h"
#include "disclosure/objects.h"
#include "returns/events.h"

namespace sekisho::dicomweb {

using core::dicom::CheckedFile;

TakeBack::Fate TakeBack::keep(const Accepted& object, const CheckedFile& sent) {
  if (returns_ == nullptr) return store(object);
  // is_free() has found it to be this recipient's.
  const bool is_stored = !ports_.store.find_instances(object.key.instance).empty();
  return is_stored ? find_stored(object) : quarantine(object, sent);
}

/// What the archive has already is on record as such, and nothing is done.
TakeBack::Fate TakeBack::find_stored(const Accepted& object) {
  audit::Event event = event_of(call_, audit::EventCode::return_begin, object.share->share);
  event.objects.push_back(disclosure::to_object_ref(object.key));
  event.studies = {object.study->words};
  event.intent = ports_.log.append(event).seq();
  event.code = audit::EventCode::return_end;
  event.detail = "already-there";
  ports_.log.append_later(event);
  return Stored{};
}

TakeBack::Fate TakeBack::quarantine(const Accepted& object, const CheckedFile& sent) {
  returns::Upload upload;
  upload.share = object.share->share->id;
  upload.sender =
      returns::sender_of(event_of(call_, audit::EventCode::return_receive, object.share->share));
  upload.sop_class = sent.sop_class_uid();
  upload.key = object.key;
  upload.shown_study = object.share->view->names().shown(object.key.series.study.study);
  upload.readers_series = object.readers.series;
  upload.readers_instance = object.readers.instance;
  upload.words = object.study->words;
  const auto refused = [this](FailureReason reason) {
    ++refused_[reason];
    return reason;
  };
  switch (returns_->receive(upload, object.part10.view(), [&] { return is_live(*object.share); })) {
    case returns::Taken::in:
      return settle(upload, object);
    case returns::Taken::infected:
      return refused(FailureReason::refused_by_scanner);
    case returns::Taken::other:
      return refused(FailureReason::duplicate_instance);
    case returns::Taken::full:
      return refused(FailureReason::out_of_resources);
    case returns::Taken::ended:
      break;
  }
  return refused(FailureReason::not_authorized);
}

/// It is safe; as far as that takes no time, it goes on at once, so that the answer can say more.
TakeBack::Fate TakeBack::settle(const returns::Upload& upload, const Accepted& object) {
  constexpr std::chrono::seconds kPatience{10};
  given_back_through(*object.share).add_waiting(upload.returned());
  const auto now = core::SteadyClock::now();
  if (!patient_until_) patient_until_ = now + kPatience;
  auto state = upload.state;
  try {
    const auto end = *patient_until_;
    const core::Demand demand(call_.request.stop, [end] { return core::SteadyClock::now() < end; });
    if (now < end && !returns_->is_in_trouble()) {
      state = returns_->settle(upload.id, object.part10.view(), demand);
    }
  } catch (const core::DemandOver&) {
    demand_.ask();  // who has gone gets no answer; the others are told that it waits
  } catch (const core::MemoryShortage&) {
    // It goes on when there is some again.
  }
  switch (state) {
    case returns::State::stored:
      given_back_through(*object.share).add(upload.returned());
      return Stored{};
    case returns::State::apart:
      return FailureReason::refused_by_scanner;
    case returns::State::rejected:
      return FailureReason::duplicate_instance;
    case returns::State::received:
    case returns::State::held:
    case returns::State::released:
      break;
  }
  return Waits{};
}

}  // namespace sekisho::dicomweb
