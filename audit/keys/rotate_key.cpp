// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/keys/rotate_key.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include "audit/entry/entry.h"
#include "audit/entry/key_ring.h"
#include "audit/error.h"
#include "audit/keys/key_files.h"
#include "audit/keys/key_rotation.h"
#include "audit/store/log_reader.h"
#include "audit/store/open_log.h"
#include "core/create.h"
#include "core/key_file.h"
#include "core/replace_file.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kSeedBytes = 32;

/// The private half last: as long as the next key is there under its own name, the work is not
/// done.
void take_over(const AuditPlace& place, const NoteSigner& next) {
  try {
    core::replace_file(place.verifier_key, next.verifier().line() + '\n');
  } catch (const std::system_error& error) {
    throw AuditError("audit.pub cannot be written: " + error.code().message());
  }
  if (const auto problem = core::replace_key_file(place.next_signing_key, place.signing_key)) {
    throw AuditError(problem->text);
  }
}

/// One that is left has signed nothing, or finish_rotation() had taken it over.
NoteSigner make_next_key(const AuditPlace& place, const std::string& origin) {
  core::remove_file(place.next_signing_key);
  const core::Secret seed = core::Secret::random(kSeedBytes);
  create_file(place.next_signing_key, NoteSigner::private_line(origin, seed.view()) + '\n');
  return read_signing_key(place.next_signing_key);
}

/// What would not convince a verifier is not written.
void require_convincing(const std::vector<Draft>& drafts, std::uint64_t seq,
                        const Timekeeper& timekeeper) {
  const auto entry = parse_leaf(core::as_bytes(drafts.front().leaf(seq, timekeeper.now())));
  if (drafts.size() != 1 || !entry || !KeyRotation::read(*entry)) {
    throw AuditError("the origin of this log is too long for a rotation to be put on record");
  }
}

void put_on_record(LogStore& store, const AuditPlace& place, const NoteSigner& old_key,
                   const NoteSigner& next, const Timekeeper& timekeeper) {
  KeyRing keys(open_stored_log(place.database), WrappingKey(read_secret_key(place.wrapping_key)));
  const EntryEncoder encoder(IndexKey(read_secret_key(place.index_key)), keys,
                             timekeeper.boot_id());
  Event event;
  event.code = EventCode::key_rotate;
  event.facts = KeyRotation::facts(old_key, next, store.head_size(), store.root());
  const std::vector<Draft> drafts = encoder.encode(event);
  require_convincing(drafts, store.head_size(), timekeeper);
  store.sign_with(next);
  store.commit(drafts, timekeeper);
}

}  // namespace

NoteVerifier rotate_key(const AuditPlace& place, const core::Clock& clock, const Uptime& uptime) {
  finish_rotation(place);
  const FileLock lock(place.signing_key);
  const NoteSigner old_key = read_signing_key(place.signing_key);
  std::optional<NoteSigner> next;
  {
    const auto store = open_log_store(place.database, old_key);
    if (store->head_size() == 0) throw AuditError("audit.db has no entries yet");
    next = make_next_key(place, old_key.verifier().name());
    put_on_record(*store, place, old_key, *next, Timekeeper(clock, uptime));
  }
  take_over(place, *next);
  return next->verifier();
}

void finish_rotation(const AuditPlace& place) {
  if (!core::is_there(place.next_signing_key)) return;
  const FileLock lock(place.signing_key);
  if (!core::is_there(place.next_signing_key)) return;
  const NoteSigner next = read_signing_key(place.next_signing_key);
  settle_log(place.database);
  if (next.verifier().open(LogReader(place.database).head().checkpoint)) take_over(place, next);
}

}  // namespace sekisho::audit
