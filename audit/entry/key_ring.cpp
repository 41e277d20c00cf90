// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry/key_ring.h"

#include <algorithm>

#include "audit/error.h"

namespace sekisho::audit {
namespace {

/// Keys kept in memory: 4,096 subjects seen lately, about 1 MB.
constexpr std::size_t kMaxKeys = 4096;
constexpr std::size_t kTextKeyBytes = 32;

}  // namespace

KeyRing::KeyRing(const std::filesystem::path& database, WrappingKey wrapping)
    : wrapping_(std::move(wrapping)),
      database_(core::db::open_read_only(database)),
      find_(database_,
            "SELECT id, wrapped FROM audit_key"
            " WHERE kind = ? AND hash = ? AND wrapped IS NOT NULL") {
  core::db::Statement foreign(
      database_, "SELECT 1 FROM audit_key WHERE wrapped IS NOT NULL AND wrapping <> ? LIMIT 1");
  foreign.bind(1, wrapping_.id().data(), static_cast<int>(wrapping_.id().size()));
  if (foreign.executeStep()) {
    throw AuditError("audit-wrap.key is not the key that wrapped this log's keys: restore it");
  }
}

std::shared_ptr<TextKey> KeyRing::key_for(const Subject& subject) {
  const std::lock_guard lock(mutex_);
  const auto known = keys_.find(subject);
  if (known != keys_.end()) return known->second;
  if (keys_.size() >= kMaxKeys) forget_stored();
  std::shared_ptr<TextKey> key = load(subject);
  if (!key) key = make(subject);
  keys_.emplace(subject, key);
  return key;
}

void KeyRing::forget(const Subject& subject) {
  const std::lock_guard lock(mutex_);
  const auto known = keys_.find(subject);
  if (known != keys_.end() && known->second->stored) keys_.erase(known);
}

std::shared_ptr<TextKey> KeyRing::load(const Subject& subject) {
  find_.reset();
  find_.bind(1, static_cast<int>(subject.kind));
  find_.bind(2, subject.hash.data(), static_cast<int>(subject.hash.size()));
  if (!find_.executeStep()) {
    find_.reset();
    return nullptr;
  }
  auto key = std::make_shared<TextKey>();
  key->subject = subject;
  const core::ByteView id = core::db::bytes_of(find_.getColumn(0));
  const core::ByteView wrapped = core::db::bytes_of(find_.getColumn(1));
  if (id.size() == key->id.size()) std::copy(id.begin(), id.end(), key->id.begin());
  auto plain = wrapping_.unwrap(key->id, subject, wrapped);
  find_.reset();  // a statement left open would keep the log from shrinking
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
