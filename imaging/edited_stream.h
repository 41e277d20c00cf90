// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/bytes.h"

namespace sekisho::imaging {

/// What is left of a stream of bytes: parts of it, and bytes that were made anew between them. What
/// was clean is one part. A movable value; one thread.
class EditedStream {
 public:
  struct Part {
    std::uint64_t begin = 0;  ///< in the stream
    std::uint64_t end = 0;
    core::Bytes made;  ///< instead of a part of the stream, where begin == end
    std::uint64_t size() const { return begin == end ? made.size() : end - begin; }
  };

  /// The bytes from `begin` to before `end` stay.
  void keep(std::uint64_t begin, std::uint64_t end) {
    if (begin == end) return;
    if (!parts_.empty() && parts_.back().end == begin && parts_.back().made.empty()) {
      parts_.back().end = end;
    } else {
      parts_.push_back({begin, end, {}});
    }
    size_ += end - begin;
  }
  /// Bytes that the stream does not have at this place.
  void put(core::ByteView bytes) {
    if (bytes.empty()) return;
    if (parts_.empty() || parts_.back().made.empty()) parts_.push_back({});
    auto& made = parts_.back().made;
    made.insert(made.end(), bytes.begin(), bytes.end());
    size_ += bytes.size();
  }

  const std::vector<Part>& parts() const { return parts_; }
  std::uint64_t size() const { return size_; }

  /// All of it; `stream` is what it was made of.
  core::Bytes bytes(core::ByteView stream) const {
    core::Bytes all;
    all.reserve(size_);
    for (const Part& part : parts_) {
      const core::ByteView from = part.begin == part.end
                                      ? core::ByteView(part.made)
                                      : stream.subspan(part.begin, part.end - part.begin);
      all.insert(all.end(), from.begin(), from.end());
    }
    return all;
  }

 private:
  std::vector<Part> parts_;
  std::uint64_t size_ = 0;
};

}  // namespace sekisho::imaging
