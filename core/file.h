// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "core/bytes.h"

namespace sekisho::core {

// The files that lie beside log and stores, which SQLite reaches by its own layer: what stands in
// for file.cpp and for that layer decides what a disk keeps. No link in the last place of a name is
// followed. Where something fails, errno says why.

/// An open file, or none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

Descriptor open_to_read(const std::filesystem::path& file);
Descriptor open_to_write(const std::filesystem::path& file);
/// Of one that was not there, to read and to write.
Descriptor open_new(const std::filesystem::path& file, mode_t mode);
Descriptor open_directory(const std::filesystem::path& directory);

/// What comes next, 0 bytes at the end; none where it cannot be read.
std::optional<std::size_t> read_some(int descriptor, std::span<Byte> into);
// False where that fails.
/// All of `content`.
bool write_whole(int descriptor, std::string_view content);
/// What was written is on the disk.
bool sync(int descriptor);
/// Keeps others who ask for it out, until the file is closed. False where one has it.
bool lock_alone(int descriptor);
/// So many bytes of the disk belong to the file.
bool take_room(int descriptor, std::uint64_t bytes);

bool make_directory(const std::filesystem::path& directory, mode_t mode);
bool rename_file(const std::filesystem::path& from, const std::filesystem::path& to);
/// A second name, which nothing has yet.
bool link_file(const std::filesystem::path& file, const std::filesystem::path& name);
bool remove_file(const std::filesystem::path& file);
/// What was made, renamed or removed in `directory` stays so.
bool sync_directory(const std::filesystem::path& directory);
/// That anybody may take; none where that cannot be found out.
std::optional<std::uint64_t> free_bytes(const std::filesystem::path& directory);

}  // namespace sekisho::core
