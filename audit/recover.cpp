// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/recover.h"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>

#include "audit/error.h"
#include "audit/event.h"
#include "audit/initialise.h"
#include "audit/keys/key_files.h"
#include "audit/store/anchor.h"
#include "audit/store/log_reader.h"
#include "audit/store/open_log.h"
#include "audit/verify/verify.h"
#include "core/create.h"
#include "core/encoding.h"
#include "core/replace_file.h"

namespace sekisho::audit {
namespace {

namespace fs = std::filesystem;

using core::is_there;

constexpr mode_t kOwnerOnly = 0700;
/// The new log is made in the first and renamed to the second when it is whole.
constexpr char kUnfinished[] = "audit.recover.part";
constexpr char kMade[] = "audit.recover";
constexpr char kAside[] = "before";  ///< in these: becomes the directory of the old log
constexpr char kKeptPrefix[] = "before-";
/// Of the old log alone; the new one makes its own.
constexpr const char* kLeftovers[] = {"audit.key.next",      "audit.witnessed",
                                      "audit.witness-times", "audit-repository.position",
                                      "audit.db-wal",        "audit.db-shm"};

[[noreturn]] void fail(const fs::path& file, const std::error_code& why) {
  throw AuditError(file.filename().string() + ": " + why.message());
}

void sync_directory(const fs::path& directory) {
  if (!core::sync_directory(directory)) fail(directory, {errno, std::generic_category()});
}

/// On disk when this returns: each step has taken place before the next one begins.
void move(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) fail(from, error);
  sync_directory(to.parent_path());
  sync_directory(from.parent_path());
}

void make_directory(const fs::path& directory) {
  try {
    core::create_directory(directory, kOwnerOnly);
  } catch (const std::system_error& error) {
    fail(directory, error.code());
  }
}

void discard(const fs::path& directory) {
  std::error_code error;
  fs::remove_all(directory, error);
  if (error) fail(directory, error);
}

std::string read_whole(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<NoteVerifier> first_key(const fs::path& file) {
  const std::string line = read_whole(file);
  return NoteVerifier::parse(line.substr(0, line.find('\n')));
}

/// What is left of the old log. Reads only.
struct Findings {
  std::optional<NoteVerifier> key;
  std::optional<Checkpoint> anchored;  ///< as it stands there: nobody has checked the signature
  std::optional<Verdict> verdict;      ///< none: there is no audit.db, or none that can be read
};

Findings examine(const AuditPlace& place, const Advance& advance) {
  Findings found;
  try {
    found.key = read_signing_key(place.signing_key).verifier();
  } catch (const AuditError&) {
    found.key = first_key(place.verifier_key);
  }
  found.anchored = Checkpoint::parse(signed_text(read_whole(*place.anchor)));
  if (!found.key || !is_there(place.database)) return found;
  try {
    found.verdict = verify(place.database, found.key->line(), advance);
  } catch (const AuditError&) {
    // Damaged beyond reading: that is what stands on record then.
  }
  return found;
}

bool agrees_with_anchor(const AuditPlace& place, const Findings& found) {
  try {
    const auto log = open_stored_log(place.database);
    const auto state = log->hold();
    const Anchor anchor(*place.anchor, *found.key, *log, found.verdict->entries);
    return true;
  } catch (const AuditError&) {
    return false;
  }
}

bool has_signed(const fs::path& key, const std::string& head) {
  try {
    return read_signing_key(key).verifier().open(head).has_value();
  } catch (const AuditError&) {
    return false;
  }
}

/// A sound log is lost all the same without the key that signed its head: an older one, put back
/// after a rotation, would not do.
bool could_go_on(const AuditPlace& place, const Findings& found) {
  if (!found.verdict || !found.verdict->sound()) return false;
  const std::string head = LogReader(place.database).head().checkpoint;
  return is_there(place.index_key) && is_there(place.wrapping_key) &&
         (has_signed(place.signing_key, head) || has_signed(place.next_signing_key, head));
}

void refuse_needless(const AuditPlace& place, const Findings& found) {
  if (!could_go_on(place, found)) return;
  if (!is_there(*place.anchor)) {
    throw AuditError("the log is sound and has no anchor: make one with sekisho-audit anchor");
  }
  if (agrees_with_anchor(place, found)) {
    throw AuditError("the log is sound and agrees with its anchor: there is nothing to recover");
  }
}

/// Of the log in a directory that was set aside.
bool is_origin_of(const fs::path& kept, std::string_view origin) {
  const auto anchored = Checkpoint::parse(signed_text(read_whole(AuditPlace::anchor_in(kept))));
  const auto key = first_key(AuditPlace::in(kept).verifier_key);
  return (anchored && anchored->origin == origin) || (key && key->name() == origin);
}

void refuse_used(const fs::path& data, const Findings& found, std::string_view origin) {
  bool is_used = (found.key && found.key->name() == origin) ||
                 (found.anchored && found.anchored->origin == origin);
  for (const fs::directory_entry& there : fs::directory_iterator(data)) {
    const bool is_kept = there.path().filename().string().starts_with(kKeptPrefix);
    is_used = is_used || (is_kept && is_origin_of(there.path(), origin));
  }
  if (is_used) {
    throw AuditError("a log of that origin was here before: the new one needs another name");
  }
}

std::string_view state_of(const AuditPlace& place, const Findings& found) {
  if (found.verdict) return found.verdict->sound() ? "sound" : "not_sound";
  return is_there(place.database) ? "unreadable" : "missing";
}

Event recovery_event(const AuditPlace& place, const Findings& found, std::string_view reason) {
  Event event;
  event.code = EventCode::log_recover;
  event.facts = {{"found", std::string(state_of(place, found))}, {"reason", std::string(reason)}};
  if (found.verdict) {
    event.facts["found_size"] = std::to_string(found.verdict->entries);
    event.facts["found_root"] = found.verdict->root;
  }
  if (found.anchored) {
    event.facts["anchor_size"] = std::to_string(found.anchored->size);
    event.facts["anchor_root"] = core::to_base64(found.anchored->root);
    event.facts["old_origin"] = found.anchored->origin;
  }
  if (found.key) {
    event.facts["old_key"] = found.key->line();
    event.facts["old_origin"] = found.key->name();
  }
  return event;
}

/// What the moved directory needs so that it can be read as before, and the old anchor as evidence.
void copy_aside(const AuditPlace& place, const fs::path& aside) {
  make_directory(aside);
  for (const fs::path& file : {place.index_key, place.wrapping_key, *place.anchor}) {
    if (is_there(file)) create_file(aside / file.filename(), read_whole(file));
  }
}

/// The whole new log in a directory of its own, beside the old one.
void make_new_log(const AuditPlace& place, std::string_view origin, const Event& event,
                  const core::Clock& clock, const Uptime& uptime) {
  const fs::path data = place.database.parent_path();
  const fs::path unfinished = data / kUnfinished;
  AuditPlace made = AuditPlace::in(unfinished);
  made.anchor = AuditPlace::anchor_in(unfinished);
  try {
    make_directory(unfinished);
    copy_aside(place, unfinished / kAside);
    initialise_after(place, event, made, origin, clock, uptime);
    move(unfinished, data / kMade);
  } catch (const AuditError&) {
    std::error_code ignored;
    fs::remove_all(unfinished, ignored);
    throw;
  }
}

/// Puts the new log in the place of the old one. Begins wherever it was stopped: what it has still
/// to do is what is still in `from`.
class Exchange {
 public:
  Exchange(const AuditPlace& place, fs::path from, fs::path kept)
      : place_(place),
        data_(place.database.parent_path()),
        from_(std::move(from)),
        kept_(std::move(kept)) {}

  void run() {
    if (is_there(from_ / kAside)) move(from_ / kAside, kept_);
    exchange(place_.verifier_key.filename());
    if (is_there(from_ / place_.database.filename())) {
      for (const char* name : kLeftovers) set_aside(name);
    }
    exchange(place_.database.filename());
    for (const fs::path& key : {place_.index_key, place_.wrapping_key}) add(key.filename());
    replace_anchor();
    exchange(place_.signing_key.filename());
    discard(from_);
  }

 private:
  void exchange(const fs::path& name) {
    if (!is_there(from_ / name)) return;
    set_aside(name);
    move(from_ / name, data_ / name);
  }
  /// What somebody made meanwhile where the old file had been does not belong to the old log:
  /// SQLite makes an empty database for whoever opens one that is not there.
  void set_aside(const fs::path& name) {
    if (!is_there(data_ / name)) return;
    const fs::path database = place_.database.filename();
    const bool is_late = is_there(kept_ / name) || (name.string().starts_with(database.string()) &&
                                                    is_there(kept_ / database));
    move(data_ / name, kept_ / (name.string() + (is_late ? ".later" : "")));
  }
  /// The new log has the same one, where there was one.
  void add(const fs::path& name) {
    if (!is_there(data_ / name) && is_there(from_ / name)) move(from_ / name, data_ / name);
  }
  void replace_anchor() {
    try {
      core::replace_file(*place_.anchor, read_whole(from_ / place_.anchor->filename()));
    } catch (const std::system_error& error) {
      throw AuditError("the anchor cannot be written: " + error.code().message());
    }
  }

  const AuditPlace& place_;
  const fs::path data_;
  const fs::path from_;
  const fs::path kept_;
};

/// Named by the origin that follows, which is known again when an interrupted call is repeated.
fs::path kept_directory(const fs::path& data, std::string_view origin) {
  const core::Sha256 hash = core::sha256(core::as_bytes(origin));
  return data / (kKeptPrefix + core::to_hex(core::ByteView(hash).first(4)));
}

/// Whether an exchange has begun that must be ended; what was only prepared is made anew.
bool has_begun(const fs::path& made, std::string_view origin) {
  const AuditPlace next = AuditPlace::in(made);
  if (!is_there(next.signing_key) || is_there(made / kAside)) {
    discard(made);
    return false;
  }
  const std::string begun = read_signing_key(next.signing_key).verifier().name();
  if (begun != origin) throw AuditError("a recovery with the origin " + begun + " has begun");
  return true;
}

}  // namespace

Recovery recover(const AuditPlace& place, std::string_view origin, std::string_view reason,
                 const core::Clock& clock, const Uptime& uptime, const Advance& advance) {
  const fs::path data = place.database.parent_path();
  const fs::path made = data / kMade;
  const fs::path kept = kept_directory(data, origin);
  if (!fs::is_directory(place.anchor->parent_path())) {
    throw AuditError("there is no directory for the anchor");
  }
  std::optional<FileLock> lock;
  if (is_there(place.signing_key)) lock.emplace(place.signing_key);
  discard(data / kUnfinished);
  if (!has_begun(made, origin)) {
    const Findings found = examine(place, advance);
    refuse_needless(place, found);
    refuse_used(data, found, origin);
    make_new_log(place, origin, recovery_event(place, found, reason), clock, uptime);
  }
  const NoteVerifier key = read_signing_key(AuditPlace::in(made).signing_key).verifier();
  Exchange(place, made, kept).run();
  return {key, kept};
}

}  // namespace sekisho::audit
