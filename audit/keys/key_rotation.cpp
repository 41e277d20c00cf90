// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/keys/key_rotation.h"

#include <algorithm>
#include <utility>

#include "core/encoding.h"

namespace sekisho::audit {
namespace {

/// A name with spaces is no origin: what is signed here is never taken for a checkpoint.
constexpr std::string_view kFirstLine = "sekisho audit key rotation";

std::string statement(const NoteVerifier& old_key, const NoteVerifier& new_key, std::uint64_t seq,
                      const core::Sha256& root_before) {
  std::string text(kFirstLine);
  for (const std::string& line :
       {old_key.line(), new_key.line(), std::to_string(seq), core::to_base64(root_before)}) {
    text += '\n' + line;
  }
  return text + '\n';
}

/// Key hash and signature, as a note's signature line has them.
std::string sign(const NoteSigner& signer, const std::string& text) {
  return core::to_base64(Note::parse(signer.sign(text)).value().signatures.front().bytes);
}

bool has_signed(const NoteVerifier& key, const std::string& text, const std::string& signature) {
  auto bytes = core::from_base64(signature);
  return bytes && key.has_signed(Note{text, {{key.name(), *std::move(bytes)}}});
}

std::string fact(const Entry& entry, const char* name) {
  const auto found = entry.facts.find(name);
  return found == entry.facts.end() ? std::string() : found->second;
}

std::optional<core::Sha256> read_hash(const std::string& base64) {
  const auto bytes = core::from_base64(base64);
  core::Sha256 hash{};
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

}  // namespace

std::map<std::string, std::string> KeyRotation::facts(const NoteSigner& old_key,
                                                      const NoteSigner& new_key, std::uint64_t seq,
                                                      const core::Sha256& root_before) {
  const std::string text = statement(old_key.verifier(), new_key.verifier(), seq, root_before);
  return {{"new_key", new_key.verifier().line()},
          {"old_key", old_key.verifier().line()},
          {"root", core::to_base64(root_before)},
          {"signed_new", sign(new_key, text)},
          {"signed_old", sign(old_key, text)}};
}

std::optional<KeyRotation> KeyRotation::read(const Entry& entry) {
  if (entry.event != event_name(EventCode::key_rotate)) return std::nullopt;
  auto old_key = NoteVerifier::parse(fact(entry, "old_key"));
  auto new_key = NoteVerifier::parse(fact(entry, "new_key"));
  const auto root = read_hash(fact(entry, "root"));
  if (!old_key || !new_key || !root || old_key->name() != new_key->name()) return std::nullopt;
  const std::string text = statement(*old_key, *new_key, entry.seq, *root);
  if (!has_signed(*old_key, text, fact(entry, "signed_old")) ||
      !has_signed(*new_key, text, fact(entry, "signed_new"))) {
    return std::nullopt;
  }
  return KeyRotation{*std::move(old_key), *std::move(new_key), entry.seq, *root};
}

KeyChain::KeyChain(NoteVerifier first) { terms_.push_back({std::move(first), 0}); }

std::optional<KeyChain> KeyChain::of(std::span<const Entry> rotations) {
  std::optional<KeyChain> keys;
  for (const Entry& entry : rotations) {
    const auto rotation = KeyRotation::read(entry);
    if (rotation && !keys) keys.emplace(rotation->old_key);
    if (!rotation || !keys->hand_over(*rotation)) return std::nullopt;
  }
  return keys;
}

KeyChain KeyChain::leading_from(const NoteVerifier& known, std::span<const Entry> rotations) {
  auto keys = of(rotations);
  return keys && keys->has(known) ? *std::move(keys) : KeyChain(known);
}

bool KeyChain::hand_over(const KeyRotation& rotation) {
  if (rotation.old_key.line() != current().line() || rotation.seq < terms_.back().from) {
    return false;
  }
  terms_.push_back({rotation.new_key, rotation.seq + 1});
  return true;
}

bool KeyChain::has(const NoteVerifier& key) const {
  return std::ranges::any_of(terms_,
                             [&](const Term& term) { return term.key.line() == key.line(); });
}

const NoteVerifier& KeyChain::signer_of(std::uint64_t size) const {
  // The first one begins at 0.
  return std::find_if(terms_.rbegin(), terms_.rend(),
                      [&](const Term& term) { return term.from <= size; })
      ->key;
}

std::optional<Checkpoint> KeyChain::open(std::string_view note) const {
  const auto parsed = Note::parse(note);
  const auto claimed = parsed ? Checkpoint::parse(parsed->text) : std::nullopt;
  return claimed ? open_checkpoint(*parsed, signer_of(claimed->size)) : std::nullopt;
}

std::vector<NoteVerifier> KeyChain::all() const {
  std::vector<NoteVerifier> keys;
  for (const Term& term : terms_) keys.push_back(term.key);
  return keys;
}

std::vector<Entry> rotation_entries(StoredLog& log, std::uint64_t from) {
  std::vector<Entry> found;
  const StoredLog::Range range{.first = static_cast<std::int64_t>(from),
                               .containing = R"("event":"key.rotate")"};
  log.read_entries(range, [&](std::int64_t, const EntryBytes& bytes) {
    auto entry = parse_leaf(bytes.leaf);
    // Others only speak of such an event.
    if (entry && entry->event == event_name(EventCode::key_rotate)) {
      found.push_back(*std::move(entry));
    }
  });
  return found;
}

std::optional<KeyChain> keys_since(StoredLog& log, std::uint64_t size,
                                   const NoteVerifier& current) {
  const std::vector<Entry> rotations = rotation_entries(log, size);
  if (rotations.empty()) return KeyChain(current);
  auto keys = KeyChain::of(rotations);
  if (keys && keys->current().line() != current.line()) return std::nullopt;
  return keys;
}

}  // namespace sekisho::audit
