// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/key_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "core/create.h"
#include "core/encoding.h"

namespace sekisho::core {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kMaxKeyFileBytes = 1024;
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOthers = 077;

KeyFileProblem problem(const std::filesystem::path& file, std::string_view what) {
  return {file.filename().string() + ": " + std::string(what)};
}

KeyFileProblem last_problem(const std::filesystem::path& file) {
  return problem(file, std::generic_category().message(errno));
}

/// A name in a directory is durable only once the directory is.
std::optional<KeyFileProblem> sync_directory_of(const std::filesystem::path& file) {
  return sync_directory(directory_of(file)) ? std::nullopt : std::optional(last_problem(file));
}

bool write_and_sync(int descriptor, std::string_view content) {
  return write_whole(descriptor, content) && sync(descriptor);
}

}  // namespace

std::optional<KeyFileProblem> create_key_file(const std::filesystem::path& file,
                                              std::string_view content) {
  const std::string unfinished = file.string() + ".new";
  remove_file(unfinished);  // of a process that was killed
  const Descriptor opened = create_file(unfinished, kOwnerOnly);
  if (!opened.is_open()) return last_problem(file);
  std::optional<KeyFileProblem> failure;
  if (!write_and_sync(opened.get(), content)) {
    failure = problem(file, "cannot be written");
  } else if (!link_file(unfinished, file)) {
    failure = last_problem(file);
  }
  remove_file(unfinished);
  return failure ? failure : sync_directory_of(file);
}

std::variant<Secret, KeyFileProblem> read_key_line(const std::filesystem::path& file) {
  const Descriptor opened = open_to_read(file);
  struct stat status{};
  if (opened.get() < 0 || ::fstat(opened.get(), &status) != 0) return last_problem(file);
  if ((status.st_mode & kOthers) != 0) {
    return problem(file, "others than its owner can read it; run chmod 600 and find out who did");
  }
  Bytes content(kMaxKeyFileBytes);
  const std::size_t size = read_some(opened.get(), content).value_or(0);
  if (size == 0 || content[size - 1] != '\n') {
    return problem(file, "is not one line of text");
  }
  const Secret whole(std::move(content));
  const ByteView line = whole.view().first(size - 1);
  return Secret(Bytes(line.begin(), line.end()));
}

std::variant<Secret, KeyFileProblem> read_key_file(const std::filesystem::path& file) {
  auto line = read_key_line(file);
  if (auto* unusable = std::get_if<KeyFileProblem>(&line)) return std::move(*unusable);
  auto key = from_hex(as_text(std::get<Secret>(line).view()));
  if (!key || key->size() != kKeyBytes) {
    return problem(file, "is not a key of 64 hexadecimal digits");
  }
  return Secret(*std::move(key));
}

std::variant<Secret, KeyFileProblem> settle_key_file(const std::filesystem::path& file) {
  if (!std::filesystem::exists(std::filesystem::symlink_status(file))) {
    if (auto unmade = create_key_file(file, key_line(Secret::random(kKeyBytes)))) {
      return *std::move(unmade);
    }
  }
  return read_key_file(file);
}

std::string key_line(const Secret& key) { return to_hex(key.view()) + '\n'; }

std::optional<KeyFileProblem> replace_key_file(const std::filesystem::path& file,
                                               const std::filesystem::path& old) {
  const Descriptor opened = open_to_write(old);
  struct stat status{};
  if (opened.get() >= 0 && ::fstat(opened.get(), &status) != 0) return last_problem(old);
  if (!rename_file(file, old)) return last_problem(file);
  if (auto unsynced = sync_directory_of(old)) return unsynced;
  if (opened.get() < 0) return std::nullopt;
  const std::string zeros(static_cast<std::size_t>(status.st_size), '\0');
  const bool overwritten = write_and_sync(opened.get(), zeros);
  if (!overwritten) return problem(old, "what it held cannot be overwritten");
  return std::nullopt;
}

}  // namespace sekisho::core
