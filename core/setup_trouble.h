// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sekisho::core {

/// A file or directory, and what names it to those who set it up: a setting with its quotation
/// marks, or an option of a command.
struct ConfiguredPath {
  std::filesystem::path path;
  std::string setting;
};

/// Something that people set up cannot be used as it is. The text is a sentence that says what,
/// where, by which setting and why, and another one with the remedy. It is made of the
/// configuration, names of files and the system's words alone, so it may stand in anybody's log.
class SetupTrouble : public std::runtime_error {
 public:
  struct Parts {
    std::string what;     ///< "The data directory cannot be made"
    std::string place;    ///< a path, or an address and a port
    std::string setting;  ///< as in ConfiguredPath
    std::string reason;   ///< without a full stop
    std::string remedy;   ///< whole sentences
  };
  explicit SetupTrouble(const Parts& parts);
};

/// Why this process cannot read the file; `what` is "The TLS certificate".
std::optional<SetupTrouble> trouble_reading(const ConfiguredPath& file, std::string_view what);
/// The same for a private key, which nobody else may read either: the service's own, or one that it
/// reads through a group.
std::optional<SetupTrouble> trouble_reading_key(const ConfiguredPath& file, std::string_view what);
/// Why this process cannot work in the directory.
std::optional<SetupTrouble> trouble_using(const ConfiguredPath& directory, std::string_view what);
/// The directory cannot be made, for the reason in errno.
SetupTrouble trouble_making(const ConfiguredPath& directory, std::string_view what, int error);

/// User and group of this process as chown(1) takes them: "orthanc:orthanc".
std::string own_account();
/// The command that gives this process a directory of its own, whether it is there or not.
std::string directory_remedy(const std::filesystem::path& directory);

}  // namespace sekisho::core
