// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/mutex.h"
#include "http/body.h"

namespace sekisho::http {

/// A piece of an answer on its way to the socket: one contiguous run of bytes, of which some are
/// body and the rest is framing around it, and behind it perhaps a range of a file, all of it body.
/// A movable value.
struct Block {
  enum class Kind {
    more,  ///< others follow
    last,  ///< the answer is over
    cut,   ///< nothing to send: the answer must end here without a proper end
  };
  Kind kind = Kind::last;
  std::unique_ptr<core::Byte[]> bytes;
  std::size_t capacity = 0;
  std::size_t begin = 0;  ///< the next byte to send
  std::size_t end = 0;
  std::size_t body_begin = 0;
  std::size_t body_end = 0;

  /// Framing alone.
  static Block of_text(std::string_view text);

  std::optional<FileRange> file;  ///< what is left of it; its turn is after rest()

  bool is_sent() const { return begin == end && !file; }
  core::ByteView rest() const { return {bytes.get() + begin, end - begin}; }
  /// Marks `count` of rest() as sent; the answer is how many of them were body.
  std::size_t advance(std::size_t count);
  /// Marks `count` bytes of the file as sent.
  void advance_file(std::size_t count);
};

/// Blocks for streaming, used again while they are warm in the cache. Any thread.
class BlockPool {
 public:
  /// Blocks of `block_bytes`; keeps at most `kept` that are not in use.
  BlockPool(std::size_t block_bytes, std::size_t kept) : block_bytes_(block_bytes), kept_(kept) {}
  Block take();
  void give(Block block);
  std::size_t block_bytes() const { return block_bytes_; }

 private:
  const std::size_t block_bytes_;
  const std::size_t kept_;
  core::Mutex mutex_;
  std::vector<std::unique_ptr<core::Byte[]>> free_;  // guarded by mutex_
};

}  // namespace sekisho::http
