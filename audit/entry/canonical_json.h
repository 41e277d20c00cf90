// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::audit {

/// What JSON numbers can carry exactly (RFC 8785 §3.2.2.3: IEEE 754 doubles).
inline constexpr std::uint64_t kMaxJsonNumber = (1ULL << 53) - 1;
/// For texts that are not to be cut.
inline constexpr std::size_t kMaxJsonText = static_cast<std::size_t>(-1);

/// Writes one object as RFC 8785 (JCS) spells it: the caller gives the names in sorted order; what
/// is absent is left out. Text that is not UTF-8 has U+FFFD in place of each bad byte. Text longer
/// than `limit_bytes` as it stands between its quotes is cut before that and ends in U+2026.
class ObjectWriter {
 public:
  /// Opens the object behind what `out` holds already; `out` outlives this.
  explicit ObjectWriter(std::string& out);
  /// Left out if empty.
  void text(std::string_view name, std::string_view value, std::size_t limit_bytes);
  /// Left out if absent; what is above kMaxJsonNumber is written as that.
  void number(std::string_view name, std::optional<std::uint64_t> value);
  /// Begins a field whose value the caller appends to `out`.
  void name(std::string_view name);
  void close();

 private:
  std::string& out_;
};

/// Appends `value` with its quotes, as ObjectWriter::text does.
void append_text(std::string& out, std::string_view value, std::size_t limit_bytes);

/// Reads what ObjectWriter writes and nothing else: no white space, no other escape than RFC 8785
/// has, whole numbers without leading zeros. The first deviation makes it fail, and then every
/// read is refused. Depth and names are in the hands of the caller.
class CanonicalReader {
 public:
  explicit CanonicalReader(std::string_view json) : rest_(json) {}

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }
  /// Takes `expected` if it comes next.
  bool take(std::string_view expected);
  /// Fails unless `expected` comes next.
  void expect(std::string_view expected);
  /// 0 after a failure.
  std::uint64_t number();
  /// The content with its escapes, checked; a view into the input. Empty after a failure.
  std::string_view text();
  /// The same, decoded.
  std::string decoded_text();
  void fail() { failed_ = true; }

 private:
  std::size_t escape_length() const;
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace sekisho::audit
