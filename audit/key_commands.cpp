// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/key_commands.h"

#include <ostream>

#include "audit/command_options.h"
#include "audit/place.h"
#include "audit/rotate_key.h"

namespace sekisho::audit {

ExitCode rotate_signing_key(std::span<const std::string_view> arguments, std::ostream& out) {
  static constexpr std::string_view kValued[] = {"--data"};
  const Options options(arguments, kValued, {});
  const NoteVerifier key = rotate_key(AuditPlace::in(options.get("--data")));
  out << "The key is rotated. Give this line to everybody who has the old one, witnesses first:\n"
      << key.line() << '\n';
  return ExitCode::sound;
}

}  // namespace sekisho::audit
