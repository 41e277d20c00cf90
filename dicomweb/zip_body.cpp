// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/zip_body.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "dicomweb/masked_file.h"
#include "dicomweb/wished_syntax.h"

namespace sekisho::dicomweb {
namespace {

// APPNOTE.TXT §4.3.7, §4.3.9, §4.3.12, §4.3.14 to §4.3.16.
constexpr std::uint32_t kLocalHeader = 0x04034B50;
constexpr std::uint32_t kDescriptor = 0x08074B50;
constexpr std::uint32_t kDirectoryHeader = 0x02014B50;
constexpr std::uint32_t kLargeEnd = 0x06064B50;
constexpr std::uint32_t kLargeEndLocator = 0x07064B50;
constexpr std::uint32_t kEnd = 0x06054B50;

constexpr std::uint16_t kVersion = 20;            // §4.4.3: folders, DEFLATE
constexpr std::uint16_t kLargeVersion = 45;       // ZIP64
constexpr std::uint16_t kFlags = 0x0008;          // §4.4.4: sizes and checksum come behind
constexpr std::uint16_t kDeflate = 8;             // §4.4.5
constexpr std::uint32_t kFirstDay = 0x0021'0000;  // §4.4.6: 1980-01-01 00:00
constexpr std::uint16_t kLargeField = 0x0001;     // §4.5.3
constexpr std::uint32_t kElsewhere = 0xFFFF'FFFF;
constexpr std::uint16_t kElsewhere16 = 0xFFFF;

constexpr std::size_t kBlockBytes = 65535;  // RFC 1951 §3.2.4
constexpr std::uint64_t kBlockHeaderBytes = 5;

void append_little(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}
void append16(std::string& out, std::uint16_t value) { append_little(out, value, 2); }
void append32(std::string& out, std::uint32_t value) { append_little(out, value, 4); }
void append64(std::string& out, std::uint64_t value) { append_little(out, value, 8); }

std::uint32_t at_most_elsewhere(std::uint64_t value) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, kElsewhere));
}

std::uint64_t packed(std::uint64_t size) {
  return size + kBlockHeaderBytes * ((size + kBlockBytes - 1) / kBlockBytes);
}

}  // namespace

bool ZipBody::Entry::is_large() const { return packed_size >= kElsewhere; }

ZipBody::ZipBody(disclosure::Disclosure disclosure, SyntaxWishes wishes)
    : DisclosedBody(std::move(disclosure)), wishes_(std::move(wishes)) {}

std::size_t ZipBody::fill(std::span<core::Byte> out) {
  std::size_t written = 0;
  while (written < out.size()) {
    const auto room = out.subspan(written);
    const std::size_t count = text_position_ < text_.size() ? take_text(room)
                              : block_left_ > 0             ? take_content(room)
                                                            : 0;
    written += count;
    produced_ += count;
    if (count == 0 && !advance()) break;
  }
  return written;
}

std::size_t ZipBody::take_text(std::span<core::Byte> out) {
  const std::size_t count = std::min(out.size(), text_.size() - text_position_);
  const auto from = core::as_bytes(text_).subspan(text_position_, count);
  std::copy(from.begin(), from.end(), out.begin());
  text_position_ += count;
  return count;
}

std::size_t ZipBody::take_content(std::span<core::Byte> out) {
  const auto part = out.first(std::min(out.size(), block_left_));
  read_file(*file_, position_, part);
  Entry& entry = entries_.back();
  entry.checksum = static_cast<std::uint32_t>(crc32_z(entry.checksum, part.data(), part.size()));
  position_ += part.size();
  block_left_ -= part.size();
  return part.size();
}

bool ZipBody::advance() {
  text_.clear();
  text_position_ = 0;
  if (file_ && position_ < entries_.back().size) {
    begin_block();
  } else if (file_) {
    end_entry();
  } else if (entries_.size() < disclosure().size()) {
    begin_entry();
  } else if (!closed_) {
    append_directory();
    closed_ = true;
  } else {
    return false;
  }
  return true;
}

/// A series begins where the shown one is another: they come one behind the other.
std::string ZipBody::next_name() {
  const std::size_t index = entries_.size();
  const bool is_first =
      index == 0 || disclosure().shown(index).series != disclosure().shown(index - 1).series;
  series_ += is_first ? 1 : 0;
  in_series_ = is_first ? 1 : in_series_ + 1;
  std::array<char, 64> name{};
  std::snprintf(name.data(), name.size(), "SE%06zu/IM%06zu.dcm", series_, in_series_);
  return name.data();
}

void ZipBody::begin_entry() {
  Entry entry;
  entry.name = next_name();
  file_ = disclosure().take(entries_.size());
  write_as_wished(*file_, wishes_, disclosure().demand());
  position_ = 0;
  entry.offset = produced_;
  entry.size = file_->size_bytes();
  entry.packed_size = packed(entry.size);
  // Unknown numbers are 0, and those of ZIP64 say that the descriptor has the long form (§4.3.9.2).
  const bool is_large = entry.is_large();
  append32(text_, kLocalHeader);
  append16(text_, is_large ? kLargeVersion : kVersion);
  append16(text_, kFlags);
  append16(text_, kDeflate);
  append32(text_, kFirstDay);
  append32(text_, 0);
  append32(text_, is_large ? kElsewhere : 0);
  append32(text_, is_large ? kElsewhere : 0);
  append16(text_, static_cast<std::uint16_t>(entry.name.size()));
  append16(text_, is_large ? 20 : 0);
  text_ += entry.name;
  if (is_large) {
    append16(text_, kLargeField);
    append16(text_, 16);
    append64(text_, 0);
    append64(text_, 0);
  }
  entries_.push_back(std::move(entry));
}

void ZipBody::begin_block() {
  const std::uint64_t left = entries_.back().size - position_;
  block_left_ = static_cast<std::size_t>(std::min<std::uint64_t>(left, kBlockBytes));
  text_ += left <= kBlockBytes ? '\1' : '\0';
  append16(text_, static_cast<std::uint16_t>(block_left_));
  append16(text_, static_cast<std::uint16_t>(~block_left_));
}

void ZipBody::end_entry() {
  const Entry& entry = entries_.back();
  const int bytes = entry.is_large() ? 8 : 4;
  append32(text_, kDescriptor);
  append32(text_, entry.checksum);
  append_little(text_, entry.packed_size, bytes);
  append_little(text_, entry.size, bytes);
  entry_ends_.push_back(produced_ + text_.size());
  file_.reset();
}

void ZipBody::append_directory() {
  const std::uint64_t begin = produced_;
  for (const Entry& entry : entries_) {
    const bool is_far = entry.is_large() || entry.offset >= kElsewhere;
    append32(text_, kDirectoryHeader);
    append16(text_, is_far ? kLargeVersion : kVersion);
    append16(text_, is_far ? kLargeVersion : kVersion);
    append16(text_, kFlags);
    append16(text_, kDeflate);
    append32(text_, kFirstDay);
    append32(text_, entry.checksum);
    append32(text_, is_far ? kElsewhere : at_most_elsewhere(entry.packed_size));
    append32(text_, is_far ? kElsewhere : at_most_elsewhere(entry.size));
    append16(text_, static_cast<std::uint16_t>(entry.name.size()));
    append16(text_, is_far ? 28 : 0);
    append16(text_, 0);  // no comment
    append16(text_, 0);  // the only disk
    append16(text_, 0);  // attributes
    append32(text_, 0);
    append32(text_, is_far ? kElsewhere : at_most_elsewhere(entry.offset));
    text_ += entry.name;
    if (!is_far) continue;
    append16(text_, kLargeField);
    append16(text_, 24);
    append64(text_, entry.size);
    append64(text_, entry.packed_size);
    append64(text_, entry.offset);
  }
  const std::uint64_t size = text_.size();
  const std::uint64_t count = entries_.size();
  if (count >= kElsewhere16 || begin >= kElsewhere || size >= kElsewhere) {
    append32(text_, kLargeEnd);
    append64(text_, 44);  // of what follows
    append16(text_, kLargeVersion);
    append16(text_, kLargeVersion);
    append32(text_, 0);
    append32(text_, 0);
    append64(text_, count);
    append64(text_, count);
    append64(text_, size);
    append64(text_, begin);
    append32(text_, kLargeEndLocator);
    append32(text_, 0);
    append64(text_, begin + size);
    append32(text_, 1);
  }
  const auto few = static_cast<std::uint16_t>(std::min<std::uint64_t>(count, kElsewhere16));
  append32(text_, kEnd);
  append32(text_, 0);
  append16(text_, few);
  append16(text_, few);
  append32(text_, at_most_elsewhere(size));
  append32(text_, at_most_elsewhere(begin));
  append16(text_, 0);
}

std::uint64_t ZipBody::instances_in(std::uint64_t bytes) const noexcept {
  const auto sent = std::upper_bound(entry_ends_.begin(), entry_ends_.end(), bytes);
  return static_cast<std::uint64_t>(sent - entry_ends_.begin());
}

}  // namespace sekisho::dicomweb
