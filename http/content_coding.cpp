// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/content_coding.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/byte_buffer.h"
#include "http/characters.h"
#include "http/request.h"

namespace sekisho::http {
namespace {

constexpr std::uint64_t kLeastBytes = 1400;  // what fits into one packet travels as fast as it is
constexpr int kLevel = 4;                    // a clinic's line is slower than a core, not by much
constexpr int kGzipWindow = 15 + 16;         // zlib's way to say gzip
constexpr std::size_t kChunkBytes = 64 * 1024;

/// Cuts off and returns what stands before `separator`.
std::string_view take_piece(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view piece = trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return piece;
}

/// RFC 9110 §12.4.2. What cannot be read is no wish.
double quality_of(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = take_piece(parameters, ';');
    if (!equal_ignoring_case(take_piece(parameter, '='), "q")) continue;
    double quality = 0;
    const auto value = trimmed(parameter);
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), quality);
    return error == std::errc() && end == value.data() + value.size() ? quality : 0;
  }
  return 1;
}

/// Types that are text, in an answer or in its parts.
bool is_text(std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  return type.ends_with("json") || type.ends_with("xml") || type == "text/html" ||
         (type == "multipart/related" && content_type.find("+xml") != std::string_view::npos);
}

bool is_worth_it(const Response& response) {
  if (response.status != 200 && response.status != 206) return false;
  if (response.range || !is_text(response.content_type)) return false;
  if (response.body) return !response.size_bytes || *response.size_bytes > kLeastBytes;
  return response.text.size() > kLeastBytes;
}

/// One thread.
class Gzip {
 public:
  Gzip() {
    constexpr int kMemory = 8;  // zlib's own
    if (deflateInit2(&stream_, kLevel, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Gzip() { deflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  /// Takes what it can of `in` from its front and says how much of `out` it has written. With
  /// `last` nothing follows `in`.
  enum class More { follows, last };
  std::size_t run(core::ByteView& in, std::span<core::Byte> out, More more) {
    stream_.next_in = const_cast<Bytef*>(in.data());
    stream_.avail_in = static_cast<uInt>(std::min<std::size_t>(in.size(), kMostAtOnce));
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size(), kMostAtOnce));
    const uInt room = stream_.avail_out;
    const uInt given = stream_.avail_in;
    const bool is_last = more == More::last && given == in.size();
    const int result = deflate(&stream_, is_last ? Z_FINISH : Z_NO_FLUSH);
    if (result == Z_STREAM_ERROR) throw std::logic_error("a stream is compressed out of order");
    is_over_ = result == Z_STREAM_END;
    in = in.subspan(given - stream_.avail_in);
    return room - stream_.avail_out;
  }
  bool is_over() const { return is_over_; }

 private:
  static constexpr std::size_t kMostAtOnce = std::numeric_limits<uInt>::max();
  z_stream stream_{};
  bool is_over_ = false;
};

/// A body that is compressed as it is read.
class GzipBody final : public Body {
 public:
  explicit GzipBody(std::unique_ptr<Body> plain) : plain_(std::move(plain)), chunk_(kChunkBytes) {}

  std::size_t read(std::span<core::Byte> out) override {
    std::size_t written = 0;
    while (written == 0 && !gzip_.is_over()) {
      if (left_.empty() && !is_read_) {
        const std::size_t count = plain_->read(chunk_);
        left_ = core::ByteView(chunk_).first(count);
        plain_bytes_ += count;
        is_read_ = count == 0;
      }
      written += gzip_.run(left_, out, is_read_ ? Gzip::More::last : Gzip::More::follows);
    }
    return written;
  }
  bool may_go_on() const override { return plain_->may_go_on(); }
  void finished(bool complete, std::uint64_t) noexcept override {
    plain_->finished(complete, plain_bytes_);
  }
  void unsent() noexcept override { plain_->unsent(); }

 private:
  const std::unique_ptr<Body> plain_;
  Gzip gzip_;
  core::Bytes chunk_;
  core::ByteView left_;  ///< of the chunk
  bool is_read_ = false;
  std::uint64_t plain_bytes_ = 0;
};

std::string gzip_text(std::string_view text) {
  Gzip gzip;
  core::ByteView left = core::as_bytes(text);
  core::ByteBuffer out(text.size() / 4);
  while (!gzip.is_over()) {
    core::Byte* place = out.extend(kChunkBytes);
    const std::size_t written = gzip.run(left, {place, kChunkBytes}, Gzip::More::last);
    out.rewind(out.size() - kChunkBytes + written);
  }
  return std::string(core::as_text(out.view()));
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  double of_gzip = -1;
  double of_others = 0;
  while (!accept_encoding.empty()) {
    std::string_view piece = take_piece(accept_encoding, ',');
    const std::string_view coding = take_piece(piece, ';');
    if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip")) {
      of_gzip = quality_of(piece);
    } else if (coding == "*") {
      of_others = quality_of(piece);
    }
  }
  return of_gzip >= 0 ? of_gzip > 0 : of_others > 0;
}

Response compressed(Response response, const Request& request) {
  if (!is_worth_it(response)) return response;
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!accepts_gzip(request.field("accept-encoding"))) return response;
  response.headers.emplace_back("Content-Encoding", "gzip");
  // The same content, not the same bytes (RFC 9110 §8.8.3.3).
  if (response.tag) response.tag = response.tag->weakened();
  if (response.body) {
    response.body = std::make_unique<GzipBody>(std::move(response.body));
    response.size_bytes.reset();
  } else {
    response.text = gzip_text(response.text);
  }
  return response;
}

}  // namespace sekisho::http
