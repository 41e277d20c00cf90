// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/secret.h"

namespace sekisho::core {

/// Why a key file cannot be used: its name without the directory, a colon and the reason, for staff
/// and operators.
struct KeyFileProblem {
  std::string text;
};

/// A file of mode 0600 made here and now, on disk with its name when this gives `nullopt`. It is
/// there whole or not at all, whenever the process ends. A file that exists is a problem and left
/// as it is. One creator of a file at a time: the content goes to `file` with ".new" behind its
/// name first.
std::optional<KeyFileProblem> create_key_file(const std::filesystem::path& file,
                                              std::string_view content);

/// The one line of a key file. One that is missing, is a symbolic link or can be read by others
/// than its owner is a problem.
std::variant<Secret, KeyFileProblem> read_key_line(const std::filesystem::path& file);
/// The same for a key of 256 bits: 64 hexadecimal digits.
std::variant<Secret, KeyFileProblem> read_key_file(const std::filesystem::path& file);
/// The same of a file that is made, with a random key, where there is none.
std::variant<Secret, KeyFileProblem> settle_key_file(const std::filesystem::path& file);
/// What read_key_file() reads.
std::string key_line(const Secret& key);

/// Puts `file` in the place of `old`, for good when this gives `nullopt`; at every moment there is
/// one of the two in that place. Then overwrites what `old` held: no promise about what the file
/// system keeps elsewhere.
std::optional<KeyFileProblem> replace_key_file(const std::filesystem::path& file,
                                               const std::filesystem::path& old);

}  // namespace sekisho::core
