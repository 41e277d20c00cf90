// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::disclosure {

/// How one answer ended, the better first.
enum class Ending {
  header,  ///< none of it was to leave: what the header says is all that did
  complete,
  incomplete,   ///< all but what its answer said beforehand that it lacks
  aborted,      ///< by the client, or by the network between
  revoked,      ///< what was granted is not any more
  unavailable,  ///< an instance could not be given
  trouble,      ///< the archive or a database failed
};

}  // namespace sekisho::disclosure
