// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::audit {

/// What happened. The text of each (event_name) is what stands in the log for ever: add, never
/// rename. docs/formats/audit.md has the catalogue.
enum class EventCode {
  log_open,        ///< the first entry of every log: written by initialise() alone
  service_start,   ///< DICOM 110100 / 110120
  service_stop,    ///< 110100 / 110121
  transfer_begin,  ///< 110102: patient data is about to leave
  transfer_end,    ///< 110104: what did leave
  query,           ///< 110112: a search or a metadata answer is about to leave
  denial,          ///< 110113-like: somebody was refused
  recipient_create,
  recipient_disable,
  recipient_network,  ///< it may come from one network more
  token_create,
  token_revoke,
  certificate_add,
  certificate_remove,
  share_create,
  share_revoke,
  series_approve,    ///< staff looked at a series and release its images to a share
  return_begin,      ///< 110107: an object that a recipient made is about to be stored
  return_end,        ///< 110107: what became of it
  share_preview,     ///< staff looked at what a share would show, before and after masking
  share_forget_key,  ///< the key of a share's pseudonyms is about to be destroyed
  mask_key_rotate,   ///< the key that wraps these is about to be replaced
  log_read,          ///< 110101: staff are about to read entries of this log
  clock_step,        ///< the machine's clock was set
  anchor_trouble,    ///< the anchor cannot be written: the last entry before the log stops
  anchor_restored,
  witness_trouble,  ///< unwitnessed too long, or a witness knows another history
  witness_restored,
  share_expire,  ///< a share has come to its end
  hold_set,      ///< legal hold: what the log has about somebody stays
  hold_end,
  text_shred,        ///< the key of the text about somebody is destroyed
  log_prune,         ///< entries of which the time is over are removed
  key_rotate,        ///< from here on another key signs the heads: written by rotate_key() alone
  log_recover,       ///< 110113, 110134: this log takes the place of a lost one: by recover() alone
  recipient_change,  ///< any of its texts
  recipient_enable,  ///< what it has is no longer suspended
  recipient_network_remove,  ///< it may come from one network less
  share_extend,              ///< the end of a share is moved away
  series_withdraw,           ///< staff take back what they approved
  log_full,                  ///< the disk is full: what recipients want is not taken any more
  log_restored,              ///< there is room again
  person_create,             ///< somebody may be invited to sign in for a recipient
  person_invite,             ///< an invitation to choose a password is about to be made
  person_disable,
  person_enable,
  session_revoke,     ///< staff end sessions of a person
  session_begin,      ///< 110114: somebody signs in, opens a link, or goes on
  session_end,        ///< 110114: somebody ends sessions of their own
  credential_change,  ///< a person changes what they sign in with
  share_approve,      ///< somebody else than who made a share lets it open
  consent_create,     ///< a patient has consented, the hospital says
  consent_withdraw,   ///< no more: what leaned on it ends
  recipient_export,   ///< the directory is about to leave as a file
  return_receive,     ///< 110107: an object that a recipient made is about to be in quarantine
  return_scan,        ///< a scanner has looked at it
  return_release,     ///< it may go into the archive
  return_reject,      ///< staff refuse it
  return_delete,      ///< what was refused or put apart is about to be destroyed
  return_show,        ///< 110103: staff are about to see what it says
};
inline constexpr std::size_t kEventCodes = static_cast<std::size_t>(EventCode::return_show) + 1;
/// "transfer.begin" and so on.
std::string_view event_name(EventCode code);
/// `nullopt` for a name that is not in the catalogue: a later version's.
std::optional<EventCode> event_code(std::string_view name);

/// PS3.15 §A.5.2 EventOutcomeIndicator.
enum class Outcome { success = 0, minor_failure = 4, serious_failure = 8, major_failure = 12 };

/// What was touched, by original identifiers. They reach the disk only as keyed hashes and inside
/// the encrypted part. Fields left empty are not recorded.
struct ObjectRef {
  std::string patient_id;
  std::string study_uid;
  std::string series_uid;
  std::string instance_uid;
};

/// How people speak of a study, and of whose it is: on record beside the identifiers, so that a
/// report needs no archive. Values as in DICOM, in UTF-8; what is not known is empty.
struct StudyWords {
  std::string patient_id{};
  std::string study_uid{};     ///< empty where only the patient is meant
  std::string patient_name{};  ///< PN: "Yamada^Hanako=山田^花子=やまだ^はなこ"
  std::string date{};          ///< DA
  std::string modalities{};    ///< CS, separated by backslashes
  std::string description{};   ///< LO
};

/// One thing to put on record. A value; a text that is too long is cut, with the cut marked. Any
/// number of objects is recorded: what does not fit into one entry of 4 KB goes into further ones
/// of the same transaction.
struct Event {
  EventCode code = EventCode::denial;
  Outcome outcome = Outcome::success;
  // In clear: in the leaf, or beside it what may tell of somebody.
  std::string authentication;  ///< "token", "certificate", "link", "password", "staff", "none", …
  std::string source;          ///< address
  std::string share_id;
  std::string request_id;
  std::string intended_use;  ///< of a share: "reference", "reading"
  std::string detail;  ///< a constant of the program: a denial's name, a door's name; never a value
  std::optional<std::uint64_t> intent;     ///< transfer_end: the seq of its transfer_begin
  std::optional<std::uint64_t> instances;  ///< transfer_end, query: how many were in the answer
  std::optional<std::uint64_t> bytes;      ///< transfer_end: of body that was handed to the socket
  /// What this kind of event alone has (catalogue): names of a-z and _, at most 1 KB together.
  /// Never a value of a patient.
  std::map<std::string, std::string> facts;
  // Keyed hashes in clear and text encrypted.
  std::vector<ObjectRef> objects;
  std::string recipient_id;
  // Text encrypted.
  std::string recipient_name;
  std::string organisation;  ///< of the recipient
  /// Of studies among `objects`: told as far as there is room in the entries that these need.
  std::vector<StudyWords> studies;
  std::string purpose;  ///< why, in words that staff typed: with the text about each patient
  std::string query;    ///< what was asked, as it was asked (PS3.15 §A.5.3.10): likewise
  std::string actor;    ///< who of the staff, where Orthanc tells; who of the recipient's people
  std::string user_agent;
};

}  // namespace sekisho::audit
