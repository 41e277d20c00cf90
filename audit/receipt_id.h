// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::audit {

/// Which entry of which log. A place alone says nothing: after a recovery there is another log, and
/// a hospital may have several. A value.
struct ReceiptId {
  std::string log;           ///< its origin, as its checkpoints name it
  std::uint64_t number = 0;  ///< the entry's place in it, from 0

  /// "<log>#<number>", the number as the log writes it: no sign, no leading zero.
  std::string text() const;
  /// Of text() alone: the log is the name of a key (C2SP signed-note), which may hold a "#" itself.
  static std::optional<ReceiptId> parse(std::string_view text);
  /// Of a path with "/" for "#": "<log>/<number>".
  static std::optional<ReceiptId> parse_path(std::string_view path);

  friend bool operator==(const ReceiptId&, const ReceiptId&) = default;
};

/// Who asks for a receipt.
struct ReceiptAsker {
  std::string_view recipient_id;
  /// Whether they may know of what concerns this share, or none ("").
  std::function<bool(std::string_view share)> knows;
};

}  // namespace sekisho::audit
