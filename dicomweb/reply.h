// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "anonymization/masking/mask.h"
#include "audit/audit_log.h"
#include "core/bytes.h"
#include "core/stored_file.h"

namespace sekisho::dicomweb {

/// Bytes that stand in a file on disk.
struct FileRange {
  core::StoredFile file;
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
};

/// The bytes of an answer, pulled by whoever sends them. One thread at a time, not always the same.
class Body {
 public:
  virtual ~Body() = default;
  /// Writes the next bytes into `out` (never empty) and says how many; 0 is the end. Blocks on
  /// disk and masking, never on the network. Throws when the rest must not or cannot be sent: the
  /// connection is then cut without a proper end.
  virtual std::size_t read(std::span<core::Byte> out) = 0;
  /// True where the next bytes are those of a file on disk, enough of them to be sent from there.
  /// read() stops in front of such a place, and copies when it is called there.
  virtual bool is_at_file() const { return false; }
  /// Takes the next bytes, at most `most_bytes`, as a range of the file. Only where is_at_file().
  virtual FileRange take_file(std::uint64_t most_bytes);
  /// False once the share behind it is revoked or expired. Cheap; any thread.
  virtual bool may_go_on() const = 0;
  /// Called once, after the last byte or when it was cut: writes the outcome on record.
  virtual void finished(bool complete, std::uint64_t bytes_sent) noexcept = 0;

 protected:
  Body() = default;
  Body(const Body&) = default;
  Body& operator=(const Body&) = default;
};

/// An answer. Patient data gets into one only by the makers that take a Receipt.
class Reply {
 public:
  /// The one answer to everything refused, hidden, foreign or absent: 404, constant body.
  static Reply not_found();
  /// Constant bodies: 400, 406, 413, 415, 429, 500, 503.
  static Reply error(int status);
  /// application/dicom+json. An empty list of matches is no patient data but goes on record all the
  /// same. Like a stream's, its header `Sekisho-Receipt` says where in the log it stands.
  static Reply json(const audit::Receipt& receipt, std::string body);
  /// What became of objects that were sent (PS3.18 §10.5.3): no patient data.
  static Reply stored(int status, std::string body);
  /// Of the access log: signatures and hashes, no patient data.
  static Reply log_file(std::string content_type, std::string body);
  static Reply stream(const audit::Receipt& receipt, std::string content_type,
                      std::optional<std::uint64_t> size_bytes, std::unique_ptr<Body> body);

  int status() const { return status_; }
  const std::vector<std::pair<std::string, std::string>>& headers() const { return headers_; }
  Reply& with_header(std::string name, std::string value) &;
  Reply&& with_header(std::string name, std::string value) &&;

  /// A body that is here already, or a stream; `size_bytes` is unknown for a stream of parts.
  const std::string& text() const { return text_; }
  Body* body() const { return body_.get(); }
  std::unique_ptr<Body> take_body() { return std::move(body_); }
  std::optional<std::uint64_t> size_bytes() const { return size_bytes_; }

 private:
  explicit Reply(int status) : status_(status) {}
  static Reply whole(int status, std::string content_type, std::string body);
  int status_;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::string text_;
  std::unique_ptr<Body> body_;
  std::optional<std::uint64_t> size_bytes_;
};

}  // namespace sekisho::dicomweb
