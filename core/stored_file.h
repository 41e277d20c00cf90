// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "core/byte_maker.h"
#include "core/bytes.h"
#include "core/digest.h"

namespace sekisho::core {

/// One immutable file, open for reading: bytes in memory, an open descriptor, or bytes that are
/// made when they are read. A cheap value (copies share what it is); any thread may call any
/// method. A deleted file stays readable while it is held.
class StoredFile {
 public:
  static StoredFile in_memory(Bytes content);
  /// Bytes that belong to somebody else, `owner` keeping them alive.
  static StoredFile borrowed(ByteView content, std::shared_ptr<const void> owner);
  /// Takes `descriptor` over and closes it with the last copy. Its size is taken now.
  static StoredFile on_disk(int descriptor);
  /// The first `size` bytes of what `maker`, which is not null, makes of the file whose identity()
  /// is `of`. view() is empty, and there is no descriptor.
  static StoredFile made(std::shared_ptr<const ByteMaker> maker, std::uint64_t size,
                         const Sha256& of);

  /// A part of this one, which must have it, as a file.
  StoredFile range(std::uint64_t offset, std::uint64_t size) const;

  std::uint64_t size_bytes() const { return size_bytes_; }
  /// Fills `out` with the bytes from `offset` on. Throws StoreError where the file ends before or
  /// the disk fails.
  void read(std::uint64_t offset, std::span<Byte> out) const;
  /// The whole file where it is in memory, else empty: spares a copy, decides nothing.
  ByteView view() const { return memory_; }
  /// What it takes of memory, whoever shares it.
  std::uint64_t memory_bytes() const { return maker_ ? maker_->memory_bytes() : memory_.size(); }
  /// Of the file where it is on disk and whole, open as long as this is; else -1. For sendfile(2).
  int descriptor() const { return is_whole_ ? descriptor_ : -1; }
  /// What tells it from every other file, and from itself before it was written anew: of bytes in
  /// memory what they are, of those on disk which file they are in and when that had last changed
  /// as it was opened, of those that are made what they are made of.
  Sha256 identity() const;

 private:
  StoredFile() = default;
  std::shared_ptr<const void> owner_;
  ByteView memory_;
  std::shared_ptr<const ByteMaker> maker_;  ///< null where the bytes are there
  Sha256 made_of_{};
  int descriptor_ = -1;
  std::array<std::uint64_t, 4> origin_{};  ///< on disk: device, inode, time of its last change
  std::uint64_t begin_ = 0;                ///< in the file that is open, or in what is made
  bool is_whole_ = true;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace sekisho::core
