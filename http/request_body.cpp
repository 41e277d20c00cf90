// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/request_body.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

namespace sekisho::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxSizeDigits = 15;

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
      return take_line_end(arrived, Expecting::size_line);
    case Expecting::end_of_body:
      return take_line_end(arrived, Expecting::nothing);
    case Expecting::nothing:
      return State::complete;
  }
  return State::malformed;
}

RequestBody::State RequestBody::take_size_line(std::string& arrived) {
  const auto end = arrived.find(kLineEnd);
  if (end == std::string::npos) {
    const auto digits = arrived.find_first_not_of("0123456789abcdefABCDEF");
    const bool may_become_one = arrived.size() <= kMaxSizeDigits + 1 &&
                                (digits == std::string::npos || arrived.substr(digits) == "\r");
    return may_become_one ? State::incomplete : State::malformed;
  }
  const char* last = arrived.data() + end;
  const auto [rest, error] = std::from_chars(arrived.data(), last, rest_, 16);
  if (end == 0 || end > kMaxSizeDigits || error != std::errc{} || rest != last) {
    return State::malformed;
  }
  arrived.erase(0, end + kLineEnd.size());
  expecting_ = rest_ == 0 ? Expecting::end_of_body : Expecting::data;
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

RequestBody::State RequestBody::take_line_end(std::string& arrived, Expecting then) {
  if (arrived.size() < kLineEnd.size()) {
    return kLineEnd.starts_with(arrived) ? State::incomplete : State::malformed;
  }
  if (!arrived.starts_with(kLineEnd)) return State::malformed;
  arrived.erase(0, kLineEnd.size());
  expecting_ = then;
  return then == Expecting::nothing ? State::complete : State::incomplete;
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
