// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/export/export_record.h"
#include "core/time.h"

namespace sekisho::audit {

/// A coded value of PS3.15 §A.5.2. Its texts are constants of the program.
struct Code {
  std::string_view value;
  std::string_view system;  ///< "DCM", "RFC-3881", or "99SEKISHO" for what is ours alone
  std::string_view meaning;
};

/// PS3.15 table A.5.2-1, ActiveParticipant.
struct Participant {
  enum class Part { requestor, other };
  Part part = Part::other;
  std::string user_id;
  std::string user_name;
  const Code* role = nullptr;
  const Code* medium = nullptr;
  std::string machine;  ///< a name; or
  std::string address;  ///< an IP address
};

struct Detail {
  std::string type;
  std::string value;
};

/// PS3.15 table A.5.2-1, ParticipantObjectIdentification.
struct MessageObject {
  enum class Kind { patient, study, user, query, log, entry };
  Kind kind = Kind::entry;
  const Code* id_type = nullptr;
  std::string id;
  std::string name;
  std::vector<std::string> instances;  ///< of a study: UIDs, where single ones were named
  std::vector<Detail> details;
};

/// What an audit message says, whatever it is written in. A value.
struct Message {
  const Code* event = nullptr;
  const Code* type = nullptr;
  char action = 'E';  ///< C, R, U, D or E
  core::Time time;
  Outcome outcome = Outcome::success;
  std::string outcome_description;
  std::string intended_use;
  std::string request;
  std::vector<Participant> participants;
  std::string source;           ///< the log's origin
  std::string enterprise_site;  ///< may be empty
  std::vector<MessageObject> objects;
};

/// Who reports.
struct MessageSource {
  std::string origin;
  std::string enterprise_site;  ///< may be empty
};

/// The message about an entry. An event that is not in the catalogue, because a later version wrote
/// it, is reported as a security alert.
Message make_message(const ExportRecord& record, const MessageSource& source);

/// The message that carries a signed head to whoever may need it one day as evidence.
Message make_checkpoint_message(std::string_view checkpoint, core::Time now,
                                const MessageSource& source);

}  // namespace sekisho::audit
