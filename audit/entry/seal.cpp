// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry/seal.h"

namespace sekisho::audit {
namespace {

constexpr std::string_view kBoxLabel = "sekisho audit text";
constexpr std::string_view kKeyLabel = "sekisho audit text key";
constexpr std::string_view kWrapLabel = "sekisho audit wrapped key";

void append(core::Bytes& out, core::ByteView part) {
  out.insert(out.end(), part.begin(), part.end());
}

core::Bytes box_associated(const Bits128& salt, const Bits128& id) {
  core::Bytes data;
  append(data, core::as_bytes(kBoxLabel));
  append(data, salt);
  append(data, id);
  return data;
}

core::Bytes wrap_associated(const Bits128& id, const Subject& subject) {
  core::Bytes data;
  append(data, core::as_bytes(kWrapLabel));
  data.push_back(static_cast<core::Byte>(subject.kind));
  append(data, subject.hash);
  append(data, id);
  return data;
}

}  // namespace

Bits128 text_key_id(core::ByteView key) { return core::key_id(kKeyLabel, key); }

WrappingKey::WrappingKey(core::Secret key)
    : key_(std::move(key)), id_(core::key_id("sekisho audit wrapping key", key_.view())) {}

core::Bytes WrappingKey::wrap(const TextKey& key) const {
  return core::seal_box(key_.view(), wrap_associated(key.id, key.subject), key.key.view());
}

std::optional<core::Secret> WrappingKey::unwrap(const Bits128& id, const Subject& subject,
                                                core::ByteView wrapped) const {
  auto plain = core::open_box(key_.view(), wrap_associated(id, subject), wrapped);
  if (!plain) return std::nullopt;
  core::Secret key(*std::move(plain));
  if (key.view().size() != core::kBoxKeyBytes || text_key_id(key.view()) != id) return std::nullopt;
  return key;
}

core::Bytes seal(core::ByteView key, const Bits128& salt, std::string_view text) {
  return core::seal_box(key, box_associated(salt, text_key_id(key)), core::as_bytes(text));
}

std::optional<std::string> unseal(core::ByteView key, const Bits128& salt, core::ByteView box) {
  const auto plain = core::open_box(key, box_associated(salt, text_key_id(key)), box);
  if (!plain) return std::nullopt;
  return std::string(core::as_text(*plain));
}

}  // namespace sekisho::audit
