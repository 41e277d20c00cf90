// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/bytes.h"
#include "core/stored_file.h"

namespace sekisho::http {

/// Bytes that stand in a file on disk.
struct FileRange {
  core::StoredFile file;
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
};

/// Less than that is cheaper to copy than to send from a file.
inline constexpr std::uint64_t kLeastFromFile_bytes = 16 * 1024;

/// The bytes of an answer, pulled by whoever sends them. One thread at a time, not always the same.
class Body {
 public:
  virtual ~Body() = default;
  /// Writes the next bytes into `out` (never empty) and says how many; 0 is the end. Blocks on
  /// disk and masking, never on the network. Throws when the rest must not or cannot be sent: the
  /// connection is then cut without a proper end.
  virtual std::size_t read(std::span<core::Byte> out) = 0;
  /// True where the next bytes are those of a file on disk, enough of them to be sent from there
  /// (kLeastFromFile_bytes). read() stops in front of such a place, and copies when it is called
  /// there.
  virtual bool is_at_file() const { return false; }
  /// Takes the next bytes, at most `most_bytes`, as a range of the file. Only where is_at_file().
  virtual FileRange take_file(std::uint64_t most_bytes);
  /// Leaves the next `bytes` out, of which there are as many. Throws what read() throws.
  virtual void skip(std::uint64_t bytes);
  /// False once what it gives is withdrawn: the answer must end. Cheap; any thread.
  virtual bool may_go_on() const = 0;
  /// Called once, after the last byte or when it was cut: writes the outcome on record.
  virtual void finished(bool complete, std::uint64_t bytes_sent) noexcept = 0;
  /// Called in its place where an answer is its header alone, and no byte of this was to leave.
  virtual void unsent() noexcept { finished(true, 0); }

 protected:
  Body() = default;
  Body(const Body&) = default;
  Body& operator=(const Body&) = default;
};

}  // namespace sekisho::http
