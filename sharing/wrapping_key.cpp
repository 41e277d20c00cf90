// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/wrapping_key.h"

namespace sekisho::sharing {
namespace {

constexpr std::string_view kBoxLabel = "sekisho wrapped mask key";
constexpr std::string_view kMaskKeyLabel = "sekisho mask key";
constexpr std::string_view kWrappingKeyLabel = "sekisho mask wrapping key";

core::Bytes associated(const ShareId& share, const core::Bits128& id) {
  return core::associated({kBoxLabel, share.text(), core::as_text(id)});
}

constexpr std::size_t kMaskKeyBytes = 32;

}  // namespace

core::Secret new_mask_key() { return core::Secret::random(kMaskKeyBytes); }

WrappingKey::WrappingKey(core::Secret key)
    : key_(std::move(key)), id_(core::key_id(kWrappingKeyLabel, key_.view())) {}

WrappedKey WrappingKey::wrap(const ShareId& share, const core::Secret& mask_key) const {
  const core::Bits128 id = core::key_id(kMaskKeyLabel, mask_key.view());
  return {id, core::seal_box(key_.view(), associated(share, id), mask_key.view())};
}

std::optional<core::Secret> WrappingKey::unwrap(const ShareId& share,
                                                const WrappedKey& wrapped) const {
  auto plain = core::open_box(key_.view(), associated(share, wrapped.id), wrapped.box);
  if (!plain) return std::nullopt;
  core::Secret key(*std::move(plain));
  if (core::key_id(kMaskKeyLabel, key.view()) != wrapped.id) return std::nullopt;
  return key;
}

}  // namespace sekisho::sharing
