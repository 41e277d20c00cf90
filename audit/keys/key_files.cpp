// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/keys/key_files.h"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>
#include <variant>

#include "audit/error.h"
#include "core/key_file.h"

namespace sekisho::audit {
namespace {

/// Names the file without its directory: the text reaches staff and operators.
[[noreturn]] void fail(const std::filesystem::path& file, std::string_view what) {
  throw AuditError(file.filename().string() + ": " + std::string(what));
}

std::string last_error() { return std::generic_category().message(errno); }

/// Whether the name is still that of the open file: a lock on one that a rotation put out of use
/// would keep nobody out.
bool is_in_place(int descriptor, const std::filesystem::path& file) {
  struct stat opened{};
  struct stat named{};
  return ::fstat(descriptor, &opened) == 0 && ::lstat(file.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/// What core found, as the audit's trouble.
core::Secret usable(std::variant<core::Secret, core::KeyFileProblem> found) {
  if (const auto* problem = std::get_if<core::KeyFileProblem>(&found)) {
    throw AuditError(problem->text);
  }
  return std::get<core::Secret>(std::move(found));
}

}  // namespace

void create_file(const std::filesystem::path& file, std::string_view content) {
  if (const auto problem = core::create_key_file(file, content)) throw AuditError(problem->text);
}

NoteSigner read_signing_key(const std::filesystem::path& file) {
  const core::Secret line = usable(core::read_key_line(file));
  auto signer = NoteSigner::parse(core::as_text(line.view()));
  if (!signer) fail(file, "is not a signing key");
  return *std::move(signer);
}

core::Secret read_secret_key(const std::filesystem::path& file) {
  return usable(core::read_key_file(file));
}

FileLock::FileLock(const std::filesystem::path& file) : locked_(core::open_to_read(file)) {
  if (!locked_.is_open()) fail(file, last_error());
  if (!core::lock_alone(locked_.get())) fail(file, "another process has this log open");
  if (!is_in_place(locked_.get(), file)) fail(file, "was replaced at this moment; try again");
}

}  // namespace sekisho::audit
