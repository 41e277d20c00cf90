// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

#include "audit/proof/note.h"
#include "core/file.h"
#include "core/secret.h"

namespace sekisho::audit {

/// A file created by us alone, on disk when this returns. Throws AuditError if it exists.
void create_file(const std::filesystem::path& file, std::string_view content);

/// The keys of a log, each one line of text. Throw AuditError if the file is missing, is no such
/// key or can be read by others than its owner.
NoteSigner read_signing_key(const std::filesystem::path& file);
/// 64 lower-case hexadecimal digits.
core::Secret read_secret_key(const std::filesystem::path& file);

/// Holds a file for this process alone, while it lives. Throws AuditError if another holds it.
class FileLock {
 public:
  explicit FileLock(const std::filesystem::path& file);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  const core::Descriptor locked_;
};

}  // namespace sekisho::audit
