// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/event.h"
#include "core/dicom_store.h"
#include "core/id.h"
#include "core/time.h"
#include "core/uid.h"
#include "sharing/share_store.h"

namespace sekisho::returns {

struct UploadKind;
using UploadId = core::Id<UploadKind>;

/// Where an object in quarantine stands.
enum class State {
  received,  ///< waits to be looked at
  held,      ///< waits for staff
  released,  ///< is about to be stored
  stored,    ///< the archive has it
  apart,     ///< infected or not to be scanned: never released
  rejected,  ///< by staff, or by the archive, which has something else by its UIDs
};
std::string_view name(State state);  ///< "received", "held", …
std::optional<State> parse_state(std::string_view name);
/// Whether nothing becomes of it any more but its deletion.
constexpr bool is_final(State state) {
  return state == State::stored || state == State::apart || state == State::rejected;
}

/// What a scanner said.
enum class Verdict {
  clean,
  infected,
  unscannable,  ///< larger than the scanner takes, or beyond its limits
};
std::string_view name(Verdict verdict);  ///< "clean", …
std::optional<Verdict> parse_verdict(std::string_view name);

/// A verdict, and when it was given.
struct Scan {
  Verdict verdict = Verdict::clean;
  std::string signature;  ///< of what was found, as the scanner calls it; ASCII
  core::Time scanned_at;
};

/// Who gave it back, as the access log has it.
struct Sender {
  std::string authentication;
  std::string source;
  std::string request_id;
  std::string recipient_id;
  std::string recipient_name;
  std::string organisation;
  std::string user_agent;
  std::string actor;   ///< who of the recipient's people
  std::string person;  ///< their id; empty: none
  std::string intended_use;
};

/// What staff, a rule or the archive have decided.
struct Decision {
  std::string by;      ///< a name; "rule" and "archive" in the field of a rule and the archive
  std::string reason;  ///< of a rejection
  core::Time decided_at;
};

/// An object that a recipient made, as the archive shall have it, on its way there. A value; what
/// it is about the patient is sealed wherever it is kept.
struct Upload {
  UploadId id;
  sharing::ShareId share;
  Sender sender;
  std::string sop_class;
  core::InstanceKey key;       ///< in the archive
  core::Uid shown_study;       ///< as its recipient knows it
  core::Uid readers_series;    ///< likewise
  core::Uid readers_instance;  ///< likewise
  audit::StudyWords words;     ///< of the study that it joins
  std::uint64_t size_bytes = 0;
  core::Time received_at;
  std::string receipt;  ///< of return.receive
  State state = State::received;
  std::optional<Scan> scan;
  std::optional<Decision> decision;
  int failures = 0;                      ///< how often it could not be looked at or stored
  std::optional<core::Time> ended_at;    ///< when it became stored, apart or rejected
  std::optional<core::Time> deleted_at;  ///< since then only this is left of it

  sharing::ReturnedObject returned() const {
    return {readers_series, readers_instance, key.series.series, key.instance,
            sharing::ReturnedObject::Stage::received};
  }
};

}  // namespace sekisho::returns
