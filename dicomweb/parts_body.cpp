// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/parts_body.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "dicomweb/multipart.h"

namespace sekisho::dicomweb {

PartsBody::PartsBody(disclosure::Disclosure disclosure, Parts parts)
    : DisclosedBody(std::move(disclosure)),
      parts_(std::move(parts)),
      instance_(this->disclosure().take(0)),
      is_in_content_(parts_.boundary.empty()),
      delimiter_(delimiter(0)) {
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < parts_.contents.size(); ++i) {
    end += delimiter(i).size() + parts_.contents[i].size_bytes();
    part_ends_.push_back(end);
  }
}

/// Before a part, or behind the last.
std::string PartsBody::delimiter(std::size_t part) const {
  if (parts_.boundary.empty()) return {};
  if (part == parts_.contents.size()) return last_delimiter(parts_.boundary);
  return part_head(parts_.boundary, part == 0 ? Place::first : Place::later, parts_.type);
}

std::uint64_t PartsBody::size_bytes() const {
  return part_ends_.back() + delimiter(parts_.contents.size()).size();
}

std::uint64_t PartsBody::left() const {
  const std::uint64_t size =
      is_in_content_ ? parts_.contents[part_].size_bytes() : delimiter_.size();
  return size - position_;
}

/// On to what follows, which may be empty. False after the last delimiter.
bool PartsBody::advance() {
  if (part_ == parts_.contents.size()) return false;
  position_ = 0;
  is_in_content_ = !is_in_content_;
  if (!is_in_content_) delimiter_ = delimiter(++part_);
  return true;
}

std::size_t PartsBody::fill(std::span<core::Byte> out) {
  std::size_t written = 0;
  while (written < out.size()) {
    const std::uint64_t left = this->left();
    if (left == 0) {
      if (!advance()) break;
      if (written > 0 && is_at_file()) break;
      continue;
    }
    const auto part = out.subspan(written, std::min<std::uint64_t>(left, out.size() - written));
    if (is_in_content_) {
      parts_.contents[part_].read(position_, part);
    } else {
      std::ranges::copy(core::as_bytes(delimiter_).subspan(position_, part.size()), part.begin());
    }
    position_ += part.size();
    written += part.size();
  }
  return written;
}

void PartsBody::pass_over(std::uint64_t bytes) {
  while (bytes > 0) {
    const std::uint64_t left = this->left();
    if (left == 0 && !advance()) throw std::runtime_error("values are shorter than was said");
    const std::uint64_t count = std::min(left, bytes);
    position_ += count;
    bytes -= count;
  }
}

bool PartsBody::is_at_file() const {
  if (!is_in_content_ || left() == 0) return false;
  const auto range = parts_.contents[part_].file_at(position_);
  return range && range->size_bytes >= http::kLeastFromFile_bytes;
}

FileRange PartsBody::take_file(std::uint64_t most_bytes) {
  FileRange range = parts_.contents[part_].file_at(position_).value();
  range.size_bytes = std::min(range.size_bytes, most_bytes);
  position_ += range.size_bytes;
  return range;
}

std::uint64_t PartsBody::frames_in(std::uint64_t bytes) const noexcept {
  const auto sent = std::ranges::upper_bound(part_ends_, bytes) - part_ends_.begin();
  return static_cast<std::uint64_t>(sent) * parts_.frames_in_each;
}

}  // namespace sekisho::dicomweb
