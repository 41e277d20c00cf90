// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>

#include "core/stored_file.h"

namespace sekisho::tests {

/// A file on disk with this content, without a name.
inline core::StoredFile file_on_disk(core::ByteView content) {
  const int descriptor = ::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0 ||
      ::write(descriptor, content.data(), content.size()) != std::ssize(content)) {
    throw std::runtime_error("a temporary file cannot be written");
  }
  return core::StoredFile::on_disk(descriptor);
}

}  // namespace sekisho::tests
