// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/time.h"
#include "http/block.h"
#include "http/request.h"
#include "http/response.h"
#include "http/response_head.h"

namespace sekisho::http {

/// One answer as the bytes of HTTP/1.1 (RFC 9112 §6, §7.1), made block by block as they are pulled.
/// Chunk sizes are written into room left in front of the data, so that a block is one write, the
/// end of a chunk too where another follows. One thread at a time, except for may_go_on().
class AnswerStream {
 public:
  /// `persistence` is what the connection will do after this answer, and what the answer says.
  AnswerStream(Response response, const Request& request, Persistence persistence, core::Time now);
  /// An answer that nobody finished was cut.
  ~AnswerStream();
  AnswerStream(const AnswerStream&) = delete;
  AnswerStream& operator=(const AnswerStream&) = delete;

  /// Whether files on disk are copied into blocks or only named in them.
  enum class Files { copied, named };
  /// The next block, full unless it is the last or names a file, which ends it. Kind `cut` when the
  /// body ended before its promised size or may not go on. Throws what the body throws: then the
  /// answer must be cut as well.
  Block next(BlockPool& pool, Files files = Files::copied);

  bool has_body() const { return response_.body != nullptr; }
  /// No block of it was given: nobody has seen its status yet.
  bool is_unseen() const { return !head_.empty(); }
  /// Any thread, until finish().
  bool may_go_on() const { return !has_body() || response_.body->may_go_on(); }
  Persistence persistence() const { return persistence_; }

  enum class End { complete, cut };
  /// Puts the outcome on record, the first time.
  void finish(End end, std::uint64_t body_bytes_sent) noexcept;

 private:
  explicit AnswerStream(Response response) : response_(std::move(response)) {}
  using Framing = AnswerFraming::Kind;

  Block only_block();
  std::size_t fill(Block& block, std::span<core::Byte> out, Files files);

  Response response_;
  Framing framing_ = Framing::length;
  Persistence persistence_ = Persistence::close;
  std::string head_;            // empty once it is in a block
  std::uint64_t produced_ = 0;  // of the body
  bool over_ = false;           // the body has no more bytes
  bool is_header_ = false;      // and none of it is sent
  bool cut_ = false;
  bool finished_ = false;
};

}  // namespace sekisho::http
