// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/key_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "audit/place.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kMaxKeyFileBytes = 1024;
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOthers = 077;

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// Names the file without its directory: the text reaches staff and operators.
[[noreturn]] void fail(const std::filesystem::path& file, std::string_view what) {
  throw AuditError(file.filename().string() + ": " + std::string(what));
}

std::string last_error() { return std::generic_category().message(errno); }

/// A name in a directory is durable only once the directory is.
void sync_directory_of(const std::filesystem::path& file) {
  const std::filesystem::path directory = file.has_parent_path() ? file.parent_path() : ".";
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) fail(file, last_error());
}

core::Secret read_line(const std::filesystem::path& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat status {};
  if (opened.get() < 0 || ::fstat(opened.get(), &status) != 0) fail(file, last_error());
  if ((status.st_mode & kOthers) != 0) {
    fail(file, "others than its owner can read it; run chmod 600 and find out who did");
  }
  core::Bytes content(kMaxKeyFileBytes);
  const ssize_t size = ::read(opened.get(), content.data(), content.size());
  if (size <= 0 || content[static_cast<std::size_t>(size) - 1] != '\n') {
    fail(file, "is not one line of text");
  }
  const core::Secret whole(std::move(content));
  const core::ByteView line = whole.view().first(static_cast<std::size_t>(size) - 1);
  return core::Secret(core::Bytes(line.begin(), line.end()));
}

}  // namespace

void create_file(const std::filesystem::path& file, std::string_view content) {
  const Descriptor opened(
      ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly));
  if (opened.get() < 0) fail(file, last_error());
  const ssize_t written = ::write(opened.get(), content.data(), content.size());
  if (written != static_cast<ssize_t>(content.size()) || ::fsync(opened.get()) != 0) {
    fail(file, "cannot be written");
  }
  sync_directory_of(file);
}

NoteSigner read_signing_key(const std::filesystem::path& file) {
  const core::Secret line = read_line(file);
  auto signer = NoteSigner::parse(core::as_text(line.view()));
  if (!signer) fail(file, "is not a signing key");
  return *std::move(signer);
}

core::Secret read_secret_key(const std::filesystem::path& file) {
  const core::Secret line = read_line(file);
  auto key = core::from_hex(core::as_text(line.view()));
  if (!key || key->size() != kKeyBytes) fail(file, "is not a key of 64 hexadecimal digits");
  return core::Secret(*std::move(key));
}

FileLock::FileLock(const std::filesystem::path& file)
    : descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {
  if (descriptor_ < 0) fail(file, last_error());
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor_);
    fail(file, "another process has this log open");
  }
}

FileLock::~FileLock() { ::close(descriptor_); }

}  // namespace sekisho::audit
