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

struct Phrase {
  int status;
  std::string_view text;
};
constexpr Phrase kPhrases[] = {
    {200, "OK"},
    {204, "No Content"},
    {206, "Partial Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {404, "Not Found"},
    {406, "Not Acceptable"},
    {413, "Content Too Large"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

/// What every answer says (ours wins over the handler's).
constexpr std::pair<std::string_view, std::string_view> kAlways[] = {
    {"Cache-Control", "no-store"},  // nothing stays on a lost tablet
    {"X-Content-Type-Options", "nosniff"},
};

std::string_view phrase(int status) {
  const auto* found = std::find_if(std::begin(kPhrases), std::end(kPhrases),
                                   [&](const Phrase& row) { return row.status == status; });
  return found == std::end(kPhrases) ? "" : found->text;
}

bool equal_names(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

bool is_ours(std::string_view name) {
  constexpr std::string_view kFraming[] = {"Connection", "Content-Length", "Date",
                                           "Sekisho-Request", "Transfer-Encoding"};
  return std::any_of(std::begin(kAlways), std::end(kAlways),
                     [&](const auto& row) { return equal_names(row.first, name); }) ||
         std::any_of(std::begin(kFraming), std::end(kFraming),
                     [&](std::string_view row) { return equal_names(row, name); });
}

void add_field(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append(kLineEnd);
}

/// IMF-fixdate (RFC 9110 §5.6.7), in English whatever the locale is.
std::string http_date(core::Time time) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::array<char, 64> text{};
  const int size = std::snprintf(
      text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
      kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
      kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

core::Byte* copy(std::string_view text, core::Byte* to) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

}  // namespace

AnswerStream::AnswerStream(Response response, const Request& request, Persistence persistence,
                           core::Time now)
    : response_(std::move(response)), persistence_(persistence) {
  if (has_body() && !response_.size_bytes) {
    framing_ = request.version == Version::http_1_1 ? Framing::chunked : Framing::until_close;
    if (framing_ == Framing::until_close) persistence_ = Persistence::close;
  } else if (response_.status == 204 || response_.status == 304) {
    framing_ = Framing::none;  // RFC 9110 §8.6
  }
  head_ = head(request, now);
  if (request.method == Method::head || framing_ == Framing::none) {
    over_ = true;
    response_.text.clear();
  }
}

AnswerStream::~AnswerStream() { finish(End::cut, 0); }

std::string AnswerStream::head(const Request& request, core::Time now) const {
  std::string head = "HTTP/1.1 " + std::to_string(response_.status) + " ";
  head.append(phrase(response_.status)).append(kLineEnd);
  for (const auto& [name, value] : response_.headers) {
    if (!is_ours(name)) add_field(head, name, value);
  }
  for (const auto& [name, value] : kAlways) add_field(head, name, value);
  add_field(head, "Sekisho-Request", request.id);
  add_field(head, "Date", http_date(now));
  if (framing_ == Framing::length) {
    const std::uint64_t size = has_body() ? *response_.size_bytes : response_.text.size();
    add_field(head, "Content-Length", std::to_string(size));
  } else if (framing_ == Framing::chunked) {
    add_field(head, "Transfer-Encoding", "chunked");
  }
  add_field(head, "Connection", persistence_ == Persistence::close ? "close" : "keep-alive");
  head.append(kLineEnd);
  return head;
}

/// The answer whose body is a text or is not sent at all.
Block AnswerStream::only_block() {
  Block block;
  block.capacity = block.end = block.body_end = head_.size() + response_.text.size();
  block.body_begin = head_.size();
  block.bytes = std::make_unique_for_overwrite<core::Byte[]>(block.capacity);
  copy(response_.text, copy(head_, block.bytes.get()));
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
  response_.body->finished(end == End::complete, body_bytes_sent);
}

}  // namespace sekisho::http
