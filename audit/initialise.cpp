// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/initialise.h"

#include <vector>

#include "audit/entry/entry.h"
#include "audit/entry/key_ring.h"
#include "audit/error.h"
#include "audit/keys/key_files.h"
#include "audit/store/anchor.h"
#include "audit/store/open_log.h"
#include "core/create.h"
#include "core/database_error.h"
#include "core/encoding.h"
#include "core/key_file.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kMaxOriginBytes = 255;
constexpr std::size_t kKeyBytes = 32;

/// Files made here and, unless kept, removed again. What was there before is never touched.
class NewFiles {
 public:
  ~NewFiles() {
    for (const auto& file : files_) core::remove_file(file);
  }
  void create(const std::filesystem::path& file, std::string_view content) {
    create_file(file, content);
    files_.push_back(file);
  }
  void keep() { files_.clear(); }

 private:
  std::vector<std::filesystem::path> files_;
};

std::string key_of(const std::filesystem::path& file) {
  return core::key_line(std::filesystem::exists(file) ? read_secret_key(file)
                                                      : core::Secret::random(kKeyBytes));
}

/// The keys of hashes and of text as in `before`, where they are there.
void create_keys(const AuditPlace& before, const AuditPlace& place, std::string_view origin,
                 NewFiles& files) {
  const core::Secret seed = core::Secret::random(kKeyBytes);
  const NoteSigner signer(std::string(origin), seed.view());
  files.create(place.signing_key, NoteSigner::private_line(origin, seed.view()) + '\n');
  files.create(place.verifier_key, signer.verifier().line() + '\n');
  files.create(place.index_key, key_of(before.index_key));
  files.create(place.wrapping_key, key_of(before.wrapping_key));
}

void refuse_existing(const AuditPlace& place) {
  for (const auto& file : {place.database, place.signing_key, place.verifier_key, place.index_key,
                           place.wrapping_key}) {
    if (core::is_there(file)) {
      throw AuditError(file.filename().string() + " exists: a log is made once");
    }
  }
}

Event opening(const NoteSigner& signer, const IndexKey& index) {
  Event event;
  event.code = EventCode::log_open;
  event.facts = {{"index_key", core::to_hex(index.id())},
                 {"key", signer.verifier().line()},
                 {"origin", signer.verifier().name()},
                 {"software", "sekisho " SEKISHO_VERSION}};
  return event;
}

/// What would be cut is not written.
void add(std::vector<Draft>& drafts, const EntryEncoder& encoder, const Event& event,
         const Timekeeper& timekeeper) {
  for (Draft& draft : encoder.encode(event)) {
    const StoredEntry written = draft.entry(drafts.size(), timekeeper.now());
    const auto entry = parse_entry(written.bytes());
    if (!entry || entry->facts != event.facts) {
      throw AuditError(std::string(event_name(event.code)) + ": too long for an entry");
    }
    drafts.push_back(std::move(draft));
  }
}

void write_beginning(const AuditPlace& place, const std::vector<Event>& events,
                     const core::Clock& clock, const Uptime& uptime) {
  const NoteSigner signer = read_signing_key(place.signing_key);
  const Timekeeper timekeeper(clock, uptime);
  IndexKey index(read_secret_key(place.index_key));
  const Event first = opening(signer, index);
  const auto store = open_log_store(place.database, signer);
  KeyRing keys(open_stored_log(place.database), WrappingKey(read_secret_key(place.wrapping_key)));
  const EntryEncoder encoder(std::move(index), keys, timekeeper.boot_id());
  std::vector<Draft> drafts;
  add(drafts, encoder, first, timekeeper);
  for (const Event& event : events) add(drafts, encoder, event, timekeeper);
  store->commit(drafts, timekeeper);
  if (place.anchor) Anchor::create(*place.anchor, store->checkpoint());
}

void make_log(const AuditPlace& before, const std::vector<Event>& events, const AuditPlace& place,
              std::string_view origin, const core::Clock& clock, const Uptime& uptime) {
  if (!is_key_name(origin) || origin.size() > kMaxOriginBytes) {
    throw AuditError("an origin is a name without spaces and plus signs, 255 bytes at most");
  }
  refuse_existing(place);
  NewFiles files;
  try {
    create_keys(before, place, origin, files);
    files.create(place.database, "");
    create_log(place.database);
    write_beginning(place, events, clock, uptime);
  } catch (const core::DatabaseError& error) {
    throw AuditError(std::string("audit.db: ") + error.what());
  }
  files.keep();
}

}  // namespace

void initialise(const AuditPlace& place, std::string_view origin, const core::Clock& clock,
                const Uptime& uptime) {
  make_log(place, {}, place, origin, clock, uptime);
}

void initialise_after(const AuditPlace& before, const Event& event, const AuditPlace& place,
                      std::string_view origin, const core::Clock& clock, const Uptime& uptime) {
  make_log(before, {event}, place, origin, clock, uptime);
}

}  // namespace sekisho::audit
