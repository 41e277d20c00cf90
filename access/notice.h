// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::access {

/// What somebody is told by mail of what happened to their account.
enum class Notice {
  password_was_right,  ///< their right password came without the right code
  credential_changed   ///< they, or somebody as them, changed what they sign in with
};

}  // namespace sekisho::access
