// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/parts_body.h"

#include <algorithm>
#include <utility>

namespace sekisho::dicomweb {
namespace {

/// Less than that is cheaper to copy.
constexpr std::uint64_t kLeastFromFile_bytes = 16 * 1024;

}  // namespace

PartsBody::PartsBody(disclosure::Disclosure disclosure, Parts parts)
    : DisclosedBody(std::move(disclosure)),
      parts_(std::move(parts)),
      instance_(this->disclosure().take(0)),
      is_in_content_(parts_.boundary.empty()),
      delimiter_(delimiter(0)) {}

/// Before a part, or behind the last (RFC 2046 §5.1.1).
std::string PartsBody::delimiter(std::size_t part) const {
  if (parts_.boundary.empty()) return {};
  std::string text = part == 0 ? "--" : "\r\n--";
  text += parts_.boundary;
  if (part == parts_.contents.size()) return text + "--\r\n";
  return text + "\r\nContent-Type: " + parts_.type + "\r\n\r\n";
}

std::uint64_t PartsBody::size_bytes() const {
  std::uint64_t size = delimiter(0).size() + delimiter(parts_.contents.size()).size();
  size += (parts_.contents.size() - 1) * delimiter(1).size();
  if (parts_.contents.size() == 1) size = delimiter(0).size() + delimiter(1).size();
  for (const PartContent& content : parts_.contents) size += content.size_bytes();
  return size;
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

bool PartsBody::is_at_file() const {
  if (!is_in_content_ || left() == 0) return false;
  const auto range = parts_.contents[part_].file_at(position_);
  return range && range->size_bytes >= kLeastFromFile_bytes;
}

FileRange PartsBody::take_file(std::uint64_t most_bytes) {
  FileRange range = parts_.contents[part_].file_at(position_).value();
  range.size_bytes = std::min(range.size_bytes, most_bytes);
  position_ += range.size_bytes;
  return range;
}

std::uint64_t PartsBody::frames_in(std::uint64_t bytes) const noexcept {
  if (parts_.frames_in_each == 0) return 0;
  const std::size_t count = parts_.contents.size();
  // The first delimiter lacks the line break that ends what stands before the others.
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < count; ++i) {
    constexpr std::uint64_t kFixedBytes = 2 + 2 + 14 + 4;  // "--", CRLF, "Content-Type: ", CRLF × 2
    if (!parts_.boundary.empty()) {
      end += (i == 0 ? 0 : 2) + kFixedBytes + parts_.boundary.size() + parts_.type.size();
    }
    end += parts_.contents[i].size_bytes();
    if (bytes < end) return i * parts_.frames_in_each;
  }
  return count * parts_.frames_in_each;
}

}  // namespace sekisho::dicomweb
