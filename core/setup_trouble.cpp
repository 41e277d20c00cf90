// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/setup_trouble.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace sekisho::core {
namespace {

constexpr mode_t kOthers = 07;
constexpr mode_t kGroup = 070;
constexpr mode_t kGroupReads = 040;
constexpr std::size_t kLongestAccount = 4096;

std::string text_of(int error) { return std::generic_category().message(error); }

std::string user_name() {
  std::array<char, kLongestAccount> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->pw_name : std::to_string(::geteuid());
}

std::string group_name() {
  std::array<char, kLongestAccount> buffer{};
  group entry{};
  group* found = nullptr;
  ::getgrgid_r(::getegid(), &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->gr_name : std::to_string(::getegid());
}

std::string through_the_group(const std::filesystem::path& file) {
  return "As root: chown root:" + group_name() + ' ' + file.string() + " && chmod 640 " +
         file.string() + '.';
}

std::string reading_remedy(const std::filesystem::path& file, int error) {
  if (error == ENOENT) return "Put the file there, or correct the setting.";
  if (error != EACCES) return "Look at the file and at the disk below it.";
  return through_the_group(file) + " Its directories must be open to " + user_name() +
         " as well: \"namei -l " + file.string() + "\" shows them.";
}

SetupTrouble unreadable(const ConfiguredPath& file, std::string_view what, int error) {
  return SetupTrouble({std::string(what) + " cannot be read", file.path.string(), file.setting,
                       text_of(error), reading_remedy(file.path, error)});
}

/// 0, or why the file cannot be opened; then its status is unknown.
int look_at(const std::filesystem::path& file, struct stat& status) {
  // O_NONBLOCK: a FIFO in this place must not hold the process.
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return errno;
  int error = ::fstat(descriptor, &status) == 0 ? 0 : errno;
  if (error == 0 && S_ISDIR(status.st_mode)) error = EISDIR;
  ::close(descriptor);
  return error;
}

/// Whether somebody may read or replace it who need not: everybody, or the group where the file is
/// this process' own. A file of somebody else, root's above all, comes to it through the group.
bool is_exposed(const struct stat& status) {
  if ((status.st_mode & kOthers) != 0) return true;
  const mode_t group = status.st_mode & kGroup;
  const bool is_own = status.st_uid == ::geteuid() && status.st_uid != 0;
  return group != 0 && (group != kGroupReads || is_own);
}

std::string octal(mode_t mode) {
  std::string digits = "0";
  for (int shift = 6; shift >= 0; shift -= 3) {
    digits += static_cast<char>('0' + ((mode >> shift) & 07));
  }
  return digits;
}

}  // namespace

SetupTrouble::SetupTrouble(const Parts& parts)
    : std::runtime_error(parts.what + ": " + parts.place + " (" + parts.setting +
                         "): " + parts.reason + ". " + parts.remedy) {}

std::optional<SetupTrouble> trouble_reading(const ConfiguredPath& file, std::string_view what) {
  struct stat status{};
  if (const int error = look_at(file.path, status)) return unreadable(file, what, error);
  return std::nullopt;
}

std::optional<SetupTrouble> trouble_reading_key(const ConfiguredPath& file, std::string_view what) {
  struct stat status{};
  if (const int error = look_at(file.path, status)) return unreadable(file, what, error);
  if (!is_exposed(status)) return std::nullopt;
  const bool is_own = status.st_uid == ::geteuid() && status.st_uid != 0;
  const std::string remedy =
      is_own ? "Run chmod 600 " + file.path.string() + '.' : through_the_group(file.path);
  return SetupTrouble({std::string(what) + " is not private", file.path.string(), file.setting,
                       "others can read or change it, its mode is " + octal(status.st_mode),
                       remedy + " Whoever had an account on this machine may have a copy: if that "
                                "is anybody else, replace key and certificate."});
}

std::optional<SetupTrouble> trouble_using(const ConfiguredPath& directory, std::string_view what) {
  std::error_code error;
  const auto status = std::filesystem::status(directory.path, error);
  int reason = 0;
  if (error && status.type() != std::filesystem::file_type::not_found) {
    reason = error.value();
  } else if (!std::filesystem::exists(status)) {
    reason = ENOENT;
  } else if (!std::filesystem::is_directory(status)) {
    reason = ENOTDIR;
  } else if (::faccessat(AT_FDCWD, directory.path.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) != 0) {
    reason = errno;
  }
  if (reason == 0) return std::nullopt;
  const std::string remedy = reason == ENOTDIR
                                 ? "Correct the setting, or move away what lies there."
                                 : directory_remedy(directory.path);
  return SetupTrouble({std::string(what) + " cannot be used", directory.path.string(),
                       directory.setting, text_of(reason), remedy});
}

SetupTrouble trouble_making(const ConfiguredPath& directory, std::string_view what, int error) {
  return SetupTrouble({std::string(what) + " cannot be made", directory.path.string(),
                       directory.setting, text_of(error), directory_remedy(directory.path)});
}

std::string own_account() { return user_name() + ':' + group_name(); }

std::string directory_remedy(const std::filesystem::path& directory) {
  return "As root: install -d -m 0700 -o " + user_name() + " -g " + group_name() + ' ' +
         directory.string() + '.';
}

}  // namespace sekisho::core
