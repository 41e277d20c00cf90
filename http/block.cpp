// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/block.h"

#include <algorithm>

namespace sekisho::http {

Block Block::of_text(std::string_view text) {
  Block block;
  block.bytes = std::make_unique_for_overwrite<core::Byte[]>(text.size());
  block.capacity = block.end = text.size();
  std::ranges::copy(core::as_bytes(text), block.bytes.get());
  return block;
}

std::size_t Block::advance(std::size_t count) {
  const std::size_t from = std::clamp(begin, body_begin, body_end);
  begin += count;
  return std::clamp(begin, body_begin, body_end) - from;
}

void Block::advance_file(std::size_t count) {
  file->offset += count;
  file->size_bytes -= count;
  if (file->size_bytes == 0) file.reset();
}

Block BlockPool::take() {
  Block block;
  block.capacity = block_bytes_;
  {
    const core::MutexLock lock(mutex_);
    if (!free_.empty()) {
      block.bytes = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (!block.bytes) block.bytes = std::make_unique_for_overwrite<core::Byte[]>(block_bytes_);
  return block;
}

void BlockPool::give(Block block) {
  if (block.capacity != block_bytes_ || !block.bytes) return;
  const core::MutexLock lock(mutex_);
  if (free_.size() < kept_) free_.push_back(std::move(block.bytes));
}

}  // namespace sekisho::http
