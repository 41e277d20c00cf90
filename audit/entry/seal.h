// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "audit/entry/index_key.h"
#include "core/bytes.h"
#include "core/sealed_box.h"
#include "core/secret.h"

namespace sekisho::audit {

/// The key under which the text about one subject is encrypted. Destroying it destroys the text:
/// the entries and their proofs stay as they are.
struct TextKey {
  Subject subject;
  core::Secret key;  ///< 256 random bits
  Bits128 id{};      ///< key_id() of it: stands beside every box
  core::Bytes wrapped;
  Bits128 wrapping{};  ///< id of the key that wrapped it
  /// Whether its row is in the database. Set by the writer after the commit.
  std::atomic<bool> stored = false;
};

/// Encrypts the keys of text at rest: AES-256-GCM with the key's id and subject as associated data.
/// Any thread.
class WrappingKey {
 public:
  explicit WrappingKey(core::Secret key);
  core::Bytes wrap(const TextKey& key) const;
  /// `nullopt` if it was wrapped otherwise or is not the key of that id and subject.
  std::optional<core::Secret> unwrap(const Bits128& id, const Subject& subject,
                                     core::ByteView wrapped) const;
  const Bits128& id() const { return id_; }

 private:
  core::Secret key_;
  Bits128 id_;
};

Bits128 text_key_id(core::ByteView key);

/// A box of core/sealed_box.h. The salt binds it to its entry.
core::Bytes seal(core::ByteView key, const Bits128& salt, std::string_view text);
/// `nullopt` where key, salt or box are not what they were.
std::optional<std::string> unseal(core::ByteView key, const Bits128& salt, core::ByteView box);

/// How many bytes a box has more than its text.
using core::kBoxOverheadBytes;

}  // namespace sekisho::audit
