// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string_view>

namespace sekisho::core {

/// An open file, or none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&&) = delete;
  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

/// All of `content`. False, with errno, where that fails.
bool write_whole(int descriptor, std::string_view content);

// What root makes in somebody's directory belongs to them: the service can go on with it when an
// administrator has done its maintenance. Everybody else makes files of their own. `mode` is less
// the umask.

/// A file that was not there, open for writing; none, with errno, where it is or cannot be made.
Descriptor create_file(const std::filesystem::path& file, mode_t mode);
/// A directory that was not there. Throws std::system_error.
void create_directory(const std::filesystem::path& directory, mode_t mode);
/// It and those above, where they are not there. Throws std::system_error.
void create_directories(const std::filesystem::path& directory, mode_t mode);

/// Whether something has that name, be it a link that leads nowhere.
bool is_there(const std::filesystem::path& file);
/// The directory that has the name of `file`.
std::filesystem::path directory_of(const std::filesystem::path& file);
/// What was made, renamed or removed in `directory` stays so. False, with errno, where that fails.
bool sync_directory(const std::filesystem::path& directory);

}  // namespace sekisho::core
