// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/stored_file.h"
#include "http/request.h"
#include "http/spool.h"

namespace sekisho::http {

/// Receives the body of one request (RFC 9112 §6, §7.1) piece by piece. What is larger than a piece
/// goes into a file without a name, which nobody else can open and which is gone with its last
/// user. One thread at a time: a loop's while bytes arrive, a worker's while they are written.
class RequestBody {
 public:
  static constexpr std::size_t kPieceBytes = 1 << 20;

  RequestBody(const Request& request, std::uint64_t limit, Spool::Place place);
  ~RequestBody();
  RequestBody(const RequestBody&) = delete;
  RequestBody& operator=(const RequestBody&) = delete;

  enum class State {
    incomplete,
    piece_full,  ///< spill() before more is taken
    complete,
    malformed,
    too_large
  };
  /// Takes what belongs to the body off the front of `arrived`. Chunk extensions and trailers are
  /// read to the letter of their grammar and dropped (RFC 9112 §7.1.1, §7.1.2); more of them than
  /// anybody needs, and trailers that would change what the request is, are malformed.
  State take(std::string& arrived);

  /// To be asked before any of it is taken. False where a body of this length will find no room.
  /// Blocks. Throws std::system_error.
  bool make_room();
  /// Writes the piece into the file. False where there is no room for it. Blocks. Throws
  /// std::system_error.
  bool spill();
  /// The whole body, once it is complete; `nullopt` where there is no room for the rest. Its room
  /// is taken as long as this lives. Blocks. Throws std::system_error.
  std::optional<core::StoredFile> finish();

 private:
  enum class Expecting { size_line, data, end_of_chunk, trailer, nothing };
  State take_some(std::string& arrived);
  State take_size_line(std::string& arrived);
  State take_data(std::string& arrived);
  State take_end_of_chunk(std::string& arrived);
  State take_trailer(std::string& arrived);

  const bool is_chunked_;
  const std::uint64_t limit_;
  Spool::Place place_;
  Expecting expecting_;
  std::uint64_t rest_;  ///< of the chunk, or of the body
  std::uint64_t received_ = 0;
  std::size_t dropped_ = 0;  ///< bytes of extensions and trailers
  core::Bytes piece_;
  std::uint64_t spilled_ = 0;
  int file_ = -1;
};

}  // namespace sekisho::http
