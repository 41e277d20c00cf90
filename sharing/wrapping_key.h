// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <stdexcept>

#include "core/sealed_box.h"
#include "core/secret.h"
#include "sharing/share.h"

namespace sekisho::sharing {

/// mask.key cannot be used, or what it wrapped is damaged; the text tells staff what to do.
class MaskKeyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// 32 random bytes: what keys the pseudonyms of one share.
core::Secret new_mask_key();

/// A pseudonym key at rest (docs/formats/sharing.md).
struct WrappedKey {
  core::Bits128 id{};  ///< commits to the key
  core::Bytes box;
};

/// Encrypts the pseudonym keys of shares, each bound to its share and its id. Any thread.
class WrappingKey {
 public:
  explicit WrappingKey(core::Secret key);
  WrappedKey wrap(const ShareId& share, const core::Secret& mask_key) const;
  /// `nullopt` if it was wrapped otherwise or is not the key of that id and share.
  std::optional<core::Secret> unwrap(const ShareId& share, const WrappedKey& wrapped) const;
  /// Tells wrapping keys apart without showing one.
  const core::Bits128& id() const { return id_; }

 private:
  core::Secret key_;
  core::Bits128 id_;
};

}  // namespace sekisho::sharing
