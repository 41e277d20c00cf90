// SPDX-License-Identifier: GPL-3.0-or-later
#include "witness/state_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

#include "audit/proof/cosignature.h"
#include "core/create.h"
#include "core/key_file.h"
#include "core/replace_file.h"
#include "core/whole_file.h"

namespace sekisho::witness {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kLargestState = std::size_t{16} << 20;
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOwnerDirectory = 0700;
constexpr mode_t kOthers = 077;

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view what) {
  throw StateError(file.filename().string() + ": " + std::string(what));
}

/// Beside the state, for the state itself is replaced. It holds nothing and is never removed: two
/// processes could else lock two files of one name.
int lock_beside(const std::filesystem::path& file) {
  std::filesystem::path lock = file;
  lock += ".lock";
  const int descriptor =
      ::open(lock.c_str(), O_CREAT | O_RDONLY | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly);
  if (descriptor < 0) fail(lock, std::generic_category().message(errno));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  fail(file, "another process has this state open");
}

}  // namespace

void create_state(const std::filesystem::path& file, std::string_view name) {
  if (!audit::is_key_name(name)) fail(file, "a name has no spaces and no plus signs");
  const core::Secret seed = core::Secret::random(kKeyBytes);
  const std::string line = audit::Cosigner::private_line(name, seed.view());
  const core::ByteView bytes = core::as_bytes(line);
  const State state{core::Secret(core::Bytes(bytes.begin(), bytes.end())), {}};
  const core::Secret text = state.text();
  try {
    core::create_directories(file.parent_path(), kOwnerDirectory);
  } catch (const std::system_error& error) {
    throw StateError(file.parent_path().string() + ": " + error.code().message());
  }
  if (const auto problem = core::create_key_file(file, core::as_text(text.view()))) {
    throw StateError(problem->text);
  }
}

State read_state(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & kOthers) != 0) {
    fail(file, "others than its owner can read it; it holds the key: run chmod 600");
  }
  std::optional<core::Secret> text;
  try {
    text = core::read_whole_file(file, kLargestState);
  } catch (const std::system_error& error) {
    fail(file, error.code().message());
  }
  if (!text) fail(file, "does not exist; `sekisho-witness init` makes one");
  auto state = State::parse(core::as_text(text->view()));
  if (!state) fail(file, "is not the state of a witness");
  return *std::move(state);
}

StateFile::StateFile(std::filesystem::path file)
    : file_(std::move(file)), lock_(lock_beside(file_)) {}

StateFile::~StateFile() { ::close(lock_); }

void StateFile::replace(const State& state) const {
  core::replace_private_file(file_, core::as_text(state.text().view()));
}

}  // namespace sekisho::witness
