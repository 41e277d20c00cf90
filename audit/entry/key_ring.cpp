// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry/key_ring.h"

#include <algorithm>

#include "audit/error.h"
#include "audit/store/stored_log.h"

namespace sekisho::audit {
namespace {

/// Keys kept in memory: 4,096 subjects seen lately, about 1 MB.
constexpr std::size_t kMaxKeys = 4096;
constexpr std::size_t kTextKeyBytes = 32;

}  // namespace

KeyRing::KeyRing(std::unique_ptr<StoredLog> log, WrappingKey wrapping)
    : wrapping_(std::move(wrapping)), log_(std::move(log)) {
  if (log_->has_keys_wrapped_otherwise(wrapping_.id())) {
    throw AuditError("audit-wrap.key is not the key that wrapped this log's keys: restore it");
  }
}

KeyRing::~KeyRing() = default;

std::shared_ptr<TextKey> KeyRing::key_for(const Subject& subject) {
  const core::MutexLock lock(mutex_);
  const auto known = keys_.find(subject);
  if (known != keys_.end()) return known->second;
  if (keys_.size() >= kMaxKeys) forget_stored();
  std::shared_ptr<TextKey> key = load(subject);
  if (!key) key = make(subject);
  keys_.emplace(subject, key);
  return key;
}

void KeyRing::forget(const Subject& subject) {
  const core::MutexLock lock(mutex_);
  const auto known = keys_.find(subject);
  if (known != keys_.end() && known->second->stored) keys_.erase(known);
}

std::shared_ptr<TextKey> KeyRing::load(const Subject& subject) {
  const auto stored = log_->live_key(subject);
  if (!stored) return nullptr;
  auto key = std::make_shared<TextKey>();
  key->subject = subject;
  if (stored->id.size() == key->id.size()) std::ranges::copy(stored->id, key->id.begin());
  auto plain = wrapping_.unwrap(key->id, subject, *stored->wrapped);
  if (!plain) throw AuditError("a key of the audit log's text is damaged");
  key->key = *std::move(plain);
  key->stored = true;
  return key;
}

std::shared_ptr<TextKey> KeyRing::make(const Subject& subject) const {
  auto key = std::make_shared<TextKey>();
  key->subject = subject;
  key->key = core::Secret::random(kTextKeyBytes);
  key->id = text_key_id(key->key.view());
  key->wrapped = wrapping_.wrap(*key);
  key->wrapping = wrapping_.id();
  return key;
}

/// A key that is not stored yet is known here alone and must stay: a second one would be made.
void KeyRing::forget_stored() {
  std::erase_if(keys_, [](const auto& known) { return known.second->stored.load(); });
}

}  // namespace sekisho::audit
