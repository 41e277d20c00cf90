// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/request_body.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

#include "http/characters.h"
#include "http/request_head.h"

namespace sekisho::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxSizeDigits = 15;
constexpr std::size_t kMaxLine = 1024;
constexpr std::size_t kMaxDropped = 16 * 1024;  // as much as a head may have

enum class Line { whole, unfinished, malformed };

/// Whether a line stands at the front of `arrived`, which is put into `line` without its end. Only
/// CR LF ends one: who takes another character for its end reads another body (RFC 9112 §2.2).
Line find_line(std::string_view arrived, std::string_view& line) {
  const auto end = std::ranges::find_if(arrived, [](char c) { return is_control(c) && c != '\t'; });
  line = arrived.substr(0, static_cast<std::size_t>(end - arrived.begin()));
  const std::string_view rest = arrived.substr(line.size());
  if (line.size() > kMaxLine) return Line::malformed;
  if (rest.starts_with(kLineEnd)) return Line::whole;
  return kLineEnd.starts_with(rest) ? Line::unfinished : Line::malformed;
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
}

bool skip(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

bool skip_token(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_token_character);
  const auto size = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(size);
  return size > 0;
}

/// quoted-string (RFC 9110 §5.6.4). The line has no control characters but tabs.
bool skip_quoted(std::string_view& text) {
  if (!skip(text, '"')) return false;
  while (!text.empty() && text.front() != '"') {
    if (skip(text, '\\') && text.empty()) return false;
    text.remove_prefix(1);
  }
  return skip(text, '"');
}

/// chunk-ext (RFC 9112 §7.1.1).
bool is_chunk_extension(std::string_view text) {
  while (!text.empty()) {
    skip_blanks(text);
    if (!skip(text, ';')) return false;
    skip_blanks(text);
    if (!skip_token(text)) return false;
    std::string_view behind = text;
    skip_blanks(behind);
    if (!skip(behind, '=')) continue;
    skip_blanks(behind);
    if (!skip_token(behind) && !skip_quoted(behind)) return false;
    text = behind;
  }
  return true;
}

/// field-line (RFC 9112 §5) of a field that may come behind a body.
bool is_trailer(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  return is_token(name) && !is_decisive(lowered(name));
}

}  // namespace

RequestBody::RequestBody(const Request& request, std::uint64_t limit, Spool::Place place)
    : is_chunked_(request.framing == BodyFraming::chunked),
      limit_(limit),
      place_(std::move(place)),
      expecting_(is_chunked_ ? Expecting::size_line : Expecting::data),
      rest_(is_chunked_ ? 0 : request.content_length) {}

RequestBody::~RequestBody() {
  if (file_ >= 0) ::close(file_);
}

RequestBody::State RequestBody::take(std::string& arrived) {
  State state = State::incomplete;
  std::size_t before = 0;
  do {
    before = arrived.size();
    state = take_some(arrived);
  } while (state == State::incomplete && arrived.size() < before);
  return state;
}

RequestBody::State RequestBody::take_some(std::string& arrived) {
  switch (expecting_) {
    case Expecting::size_line:
      return take_size_line(arrived);
    case Expecting::data:
      return take_data(arrived);
    case Expecting::end_of_chunk:
      return take_end_of_chunk(arrived);
    case Expecting::trailer:
      return take_trailer(arrived);
    case Expecting::nothing:
      return State::complete;
  }
  return State::malformed;
}

RequestBody::State RequestBody::take_size_line(std::string& arrived) {
  std::string_view line;
  switch (find_line(arrived, line)) {
    case Line::unfinished:
      return State::incomplete;
    case Line::malformed:
      return State::malformed;
    case Line::whole:
      break;
  }
  const auto digits = std::min(line.find_first_not_of("0123456789abcdefABCDEF"), line.size());
  const std::string_view extension = line.substr(digits);
  dropped_ += extension.size();
  if (digits == 0 || digits > kMaxSizeDigits || dropped_ > kMaxDropped ||
      !is_chunk_extension(extension)) {
    return State::malformed;
  }
  std::from_chars(line.data(), line.data() + digits, rest_, 16);
  arrived.erase(0, line.size() + kLineEnd.size());
  expecting_ = rest_ == 0 ? Expecting::trailer : Expecting::data;
  return State::incomplete;
}

RequestBody::State RequestBody::take_data(std::string& arrived) {
  if (rest_ > limit_ - received_) return State::too_large;
  const auto room = kPieceBytes - piece_.size();
  const auto count =
      static_cast<std::size_t>(std::min<std::uint64_t>({rest_, arrived.size(), room}));
  const core::ByteView taken = core::as_bytes(std::string_view(arrived).substr(0, count));
  piece_.insert(piece_.end(), taken.begin(), taken.end());
  arrived.erase(0, count);
  rest_ -= count;
  received_ += count;
  if (rest_ == 0) {
    expecting_ = is_chunked_ ? Expecting::end_of_chunk : Expecting::nothing;
    return is_chunked_ ? State::incomplete : State::complete;
  }
  return piece_.size() == kPieceBytes ? State::piece_full : State::incomplete;
}

RequestBody::State RequestBody::take_end_of_chunk(std::string& arrived) {
  if (arrived.size() < kLineEnd.size()) {
    return kLineEnd.starts_with(arrived) ? State::incomplete : State::malformed;
  }
  if (!arrived.starts_with(kLineEnd)) return State::malformed;
  arrived.erase(0, kLineEnd.size());
  expecting_ = Expecting::size_line;
  return State::incomplete;
}

/// An empty line ends the trailers, and the body with them.
RequestBody::State RequestBody::take_trailer(std::string& arrived) {
  std::string_view line;
  switch (find_line(arrived, line)) {
    case Line::unfinished:
      return State::incomplete;
    case Line::malformed:
      return State::malformed;
    case Line::whole:
      break;
  }
  const bool is_end = line.empty();
  dropped_ += line.size();
  if (!is_end && (dropped_ > kMaxDropped || !is_trailer(line))) return State::malformed;
  arrived.erase(0, line.size() + kLineEnd.size());
  if (is_end) expecting_ = Expecting::nothing;
  return is_end ? State::complete : State::incomplete;
}

bool RequestBody::make_room() { return is_chunked_ || rest_ <= kPieceBytes || place_.take(rest_); }

bool RequestBody::spill() {
  if (!place_.take(spilled_ + piece_.size())) return false;
  if (file_ < 0) file_ = place_.open_file();
  for (core::ByteView rest = piece_; !rest.empty();) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && (errno == ENOSPC || errno == EDQUOT)) return false;
    if (written < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(),
                              "a request's body cannot be put aside");
    }
    if (written > 0) rest = rest.subspan(static_cast<std::size_t>(written));
  }
  place_.wrote(piece_.size());
  spilled_ += piece_.size();
  piece_.clear();
  return true;
}

std::optional<core::StoredFile> RequestBody::finish() {
  if (file_ < 0) return core::StoredFile::in_memory(std::move(piece_));
  if (!spill()) return std::nullopt;
  return core::StoredFile::on_disk(std::exchange(file_, -1));
}

}  // namespace sekisho::http
