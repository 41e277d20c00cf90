// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace sekisho::audit {

/// How far the entries of a log have been delivered to somebody: a file of one line, replaced as a
/// whole. One thread at a time.
class PositionFile {
 public:
  /// `origin` is the log's: the position of another log counts as none.
  PositionFile(std::filesystem::path file, std::string origin);

  /// The seq of the first entry that is not delivered; 0 where there is no file or it is another
  /// log's. Throws AuditError for a file that cannot be read or is no position.
  std::uint64_t load() const;
  /// On return it is on disk. Throws AuditError; then the old position still stands.
  void store(std::uint64_t next) const;

 private:
  std::optional<std::string> read() const;

  const std::filesystem::path file_;
  const std::string origin_;
};

}  // namespace sekisho::audit
