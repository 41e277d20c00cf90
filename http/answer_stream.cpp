// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/answer_stream.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace sekisho::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kLastChunk = "\r\n0\r\n\r\n";  // and the end of the one before
constexpr std::size_t kChunkLine = 12;             // eight hexadecimal digits between line ends
constexpr std::uint64_t kMostFileBytes = 1 << 20;  // in one block: then the share is asked about

core::Byte* copy(std::string_view text, core::Byte* to) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

}  // namespace

// Delegates, so that the destructor puts an outcome on record when this fails half-way.
AnswerStream::AnswerStream(Response response, const Request& request, Persistence persistence,
                           core::Time now)
    : AnswerStream(std::move(response)) {
  persistence_ = persistence;
  if (has_body() && !response_.size_bytes) {
    framing_ = request.version == Version::http_1_1 ? Framing::chunked : Framing::until_close;
    if (framing_ == Framing::until_close) persistence_ = Persistence::close;
  } else if (response_.status == 204 || response_.status == 304) {
    framing_ = Framing::none;  // RFC 9110 §8.6
  }
  const std::uint64_t length =
      has_body() ? response_.size_bytes.value_or(0) : response_.text.size();
  head_ = response_head(response_, request.id, {framing_, length}, persistence_, now);
  if (request.method == Method::head || framing_ == Framing::none) {
    over_ = is_header_ = true;
    response_.text.clear();
  }
}

AnswerStream::~AnswerStream() { finish(End::cut, 0); }

/// The answer whose body is a text or is not sent at all.
Block AnswerStream::only_block() {
  Block block;
  block.capacity = block.end = block.body_end = head_.size() + response_.text.size();
  block.body_begin = head_.size();
  block.bytes = std::make_unique_for_overwrite<core::Byte[]>(block.capacity);
  copy(response_.text, copy(head_, block.bytes.get()));
  response_.text = {};
  return block;
}

/// Pulls until `out` is full, a file has come or the body is over; asks before each pull.
std::size_t AnswerStream::fill(Block& block, std::span<core::Byte> out, Files files) {
  Body& body = *response_.body;
  std::size_t filled = 0;
  while (filled < out.size() && !block.file && !over_ && !cut_) {
    if (!body.may_go_on()) {
      cut_ = true;
      break;
    }
    std::uint64_t most = kMostFileBytes;
    if (framing_ == Framing::length) most = std::min(most, *response_.size_bytes - produced_);
    std::uint64_t count = 0;
    if (files == Files::named && most > 0 && body.is_at_file()) {
      block.file = body.take_file(most);
      count = block.file->size_bytes;
    } else {
      const std::span<core::Byte> room = out.subspan(filled);
      const auto room_bytes = static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), most));
      count = room_bytes == 0 ? 0 : body.read(room.first(room_bytes));
      filled += count;
    }
    produced_ += count;
    if (framing_ == Framing::length) {
      over_ = produced_ == *response_.size_bytes;
      cut_ = count == 0 && !over_;
    } else {
      over_ = count == 0;
    }
  }
  return filled;
}

Block AnswerStream::next(BlockPool& pool, Files files) {
  if (!has_body() || over_) return only_block();

  Block block = pool.take();
  const bool chunked = framing_ == Framing::chunked;
  const bool is_first = !head_.empty();
  const std::size_t before = head_.size() + (chunked ? kChunkLine : 0);
  const std::size_t after = chunked ? kLastChunk.size() : 0;
  const std::size_t filled =
      fill(block, {block.bytes.get() + before, block.capacity - before - after}, files);
  if (cut_) {
    block.kind = Block::Kind::cut;
    return block;
  }
  block.kind = over_ ? Block::Kind::last : Block::Kind::more;
  block.begin = block.body_begin = before;
  block.body_end = before + filled;
  core::Byte* end = block.bytes.get() + block.body_end;
  const std::uint64_t body_bytes = filled + (block.file ? block.file->size_bytes : 0);
  if (chunked && (body_bytes > 0 || over_)) {
    std::array<char, kChunkLine + 1> line{};
    const int size = std::snprintf(line.data(), line.size(), "%s%" PRIx64 "\r\n",
                                   is_first ? "" : kLineEnd.data(), body_bytes);
    block.begin -= static_cast<std::size_t>(size);
    copy({line.data(), static_cast<std::size_t>(size)}, block.bytes.get() + block.begin);
    if (over_) end = copy(body_bytes > 0 ? kLastChunk : kLineEnd, end);
  }
  block.end = static_cast<std::size_t>(end - block.bytes.get());
  block.begin -= head_.size();
  copy(head_, block.bytes.get() + block.begin);
  head_.clear();
  return block;
}

void AnswerStream::finish(End end, std::uint64_t body_bytes_sent) noexcept {
  if (finished_ || !has_body()) return;
  finished_ = true;
  if (is_header_ && end == End::complete) return response_.body->unsent();
  response_.body->finished(end == End::complete, body_bytes_sent);
}

}  // namespace sekisho::http
