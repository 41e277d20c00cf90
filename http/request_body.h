// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/stored_file.h"
#include "http/request.h"

namespace sekisho::http {

/// Receives the body of one request (RFC 9112 §6, §7.1) piece by piece. What is larger than a piece
/// goes into a file without a name, which nobody else can open and which is gone with its last
/// user. One thread at a time: a loop's while bytes arrive, a worker's while they are written.
class RequestBody {
 public:
  static constexpr std::size_t kPieceBytes = 1 << 20;

  /// Where `directory` does not take files, spill() throws.
  RequestBody(const Request& request, std::uint64_t limit, std::filesystem::path directory);
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
  /// malformed: nobody sends them, and proxies differ on them.
  State take(std::string& arrived);

  /// Writes the piece into the file. Blocks. Throws std::system_error.
  void spill();
  /// The whole body, once it is complete. Blocks. Throws std::system_error.
  core::StoredFile finish();

 private:
  enum class Expecting { size_line, data, end_of_chunk, end_of_body, nothing };
  State take_some(std::string& arrived);
  State take_size_line(std::string& arrived);
  State take_data(std::string& arrived);
  State take_line_end(std::string& arrived, Expecting then);

  const bool is_chunked_;
  const std::uint64_t limit_;
  const std::filesystem::path directory_;
  Expecting expecting_;
  std::uint64_t rest_;  ///< of the chunk, or of the body
  std::uint64_t received_ = 0;
  core::Bytes piece_;
  int file_ = -1;
};

}  // namespace sekisho::http
