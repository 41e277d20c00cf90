// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/monitor.h"

#include <algorithm>
#include <bit>
#include <ostream>

#include "audit/command/command_options.h"
#include "audit/command/log_keys.h"
#include "audit/command/reading.h"
#include "audit/entry/entry.h"
#include "audit/error.h"
#include "audit/keys/key_rotation.h"
#include "audit/proof/hash_lines.h"
#include "audit/proof/merkle.h"
#include "audit/store/open_log.h"
#include "audit/store/tree_hashes.h"
#include "core/replace_file.h"
#include "core/time.h"
#include "core/whole_file.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kMostNotable = 1000;
constexpr std::size_t kLargestState = 64 * 1024;
constexpr std::string_view kKnown = "key ";
constexpr std::string_view kSigner = "signer ";
constexpr std::string_view kNotSigned =
    "The head is not signed by the key that you gave, nor by one that the log's rotations make of "
    "it.";

/// What happens every day and is looked up where it is needed.
constexpr EventCode kEveryday[] = {
    EventCode::service_start, EventCode::service_stop,   EventCode::transfer_begin,
    EventCode::transfer_end,  EventCode::query,          EventCode::return_begin,
    EventCode::return_end,    EventCode::return_receive, EventCode::return_release,
    EventCode::return_show,   EventCode::share_create,   EventCode::share_revoke,
    EventCode::share_preview, EventCode::share_expire,
};

bool is_notable(const Entry& entry) {
  const auto code = event_code(entry.event);
  return !code || std::ranges::find(kEveryday, *code) == std::end(kEveryday);
}

/// The tree of the first `size` entries, as the tiles have it.
Tree tree_of(StoredLog& log, std::uint64_t size) {
  TreeHashes hashes(log, size);
  std::vector<core::Sha256> edge;
  for (std::uint64_t done = 0; done < size;) {
    const auto level = static_cast<unsigned>(std::bit_width(size - done)) - 1;
    edge.push_back(hashes.root(level, done >> level));
    done += std::uint64_t{1} << level;
  }
  return Tree(size, edge);
}

void read(const Entry& entry, Look& look) {
  if (entry.part > 1) return;
  ++look.events[entry.event];
  if (!is_notable(entry) || look.notable.size() >= kMostNotable) return;
  std::string line = std::to_string(entry.seq) + '\t' + core::to_rfc3339(entry.time) + '\t' +
                     entry.event + '\t' + entry.detail;
  if (!entry.source.empty()) line += '\t' + entry.source;
  look.notable.push_back(std::move(line));
}

/// The key of the last look, to be followed from there; none before the first one.
std::optional<KeyChain> keys_before(StoredLog& log, const NoteVerifier& known,
                                    const std::optional<LastLook>& last, std::uint64_t size) {
  if (!last) return std::nullopt;
  const auto signer = NoteVerifier::parse(last->signer);
  if (signer && last->known == known.line()) return KeyChain(*signer);
  const KeyChain all = KeyChain::leading_from(known, rotation_entries(log, 0));
  return KeyChain(all.signer_of(size));
}

/// Goes through what is new, entry by entry: the tree that it makes and the keys that it has.
class Following {
 public:
  Following(Tree tree, std::optional<KeyChain> keys)
      : tree_(std::move(tree)), keys_(std::move(keys)) {}

  /// Adds what came after, in order and without gaps. Throws AuditError for what is no log.
  void read_on(StoredLog& log, Look& look) {
    PrunedLeaves pruned(log);
    const StoredLog::Range rest{.first = static_cast<std::int64_t>(tree_.size())};
    log.read_entries(rest, [&](std::int64_t place, const EntryBytes& bytes) {
      const auto seq = static_cast<std::uint64_t>(place);
      while (tree_.size() < seq) tree_.append(pruned.leaf(tree_.size()));
      const auto entry = parse_entry(bytes);
      if (!entry || entry->seq != seq) throw_of(seq, "is not in the form of an entry");
      follow_keys(*entry);
      tree_.append(leaf_hash(bytes.leaf));
      read(*entry, look);
    });
  }

  const Tree& tree() const { return tree_; }
  const std::optional<KeyChain>& keys() const { return keys_; }

 private:
  [[noreturn]] static void throw_of(std::uint64_t seq, const char* what) {
    throw AuditError("entry " + std::to_string(seq) + ' ' + what);
  }

  void follow_keys(const Entry& entry) {
    if (entry.seq == 0) {
      const auto line = entry.facts.find("key");
      const auto key = line == entry.facts.end() ? std::nullopt : NoteVerifier::parse(line->second);
      if (key) keys_.emplace(*key);
    }
    if (entry.event != event_name(EventCode::key_rotate)) return;
    const auto rotation = KeyRotation::read(entry);
    if (!rotation || rotation->root_before != tree_.root() || !keys_ ||
        !keys_->hand_over(*rotation)) {
      throw_of(entry.seq, "is a rotation that the log's keys have not signed");
    }
  }

  Tree tree_;
  std::optional<KeyChain> keys_;
};

std::string head_of(StoredLog& log) {
  auto heads = log.heads();
  if (heads.empty()) throw AuditError("audit.db has no head");
  return std::move(heads.front().checkpoint);
}

/// Whether what is signed now can be the same log, as far as sizes tell.
void compare(const std::optional<Checkpoint>& last, const Checkpoint& now, Look& look) {
  if (last && last->origin != now.origin) {
    look.alarms.push_back("This is another log than at the last look: " + now.origin + '.');
  } else if (last && last->size > now.size) {
    look.alarms.push_back("The log had " + std::to_string(last->size) + " entries, and now has " +
                          std::to_string(now.size) + '.');
  }
}

std::optional<LastLook> remembered(const std::filesystem::path& file) {
  const auto text = core::read_whole_file(file, kLargestState);
  if (!text) return std::nullopt;
  auto last = LastLook::parse(core::as_text(text->view()));
  if (!last) throw AuditError("the file of the last look is none");
  return last;
}

}  // namespace

std::string LastLook::text() const {
  return std::string(kKnown) + known + '\n' + std::string(kSigner) + signer + '\n' + checkpoint;
}

std::optional<LastLook> LastLook::parse(std::string_view text) {
  LastLook last;
  std::string_view rest = text;
  const auto known = take_line(rest);
  if (known && known->starts_with(kKnown)) {
    const auto signer = take_line(rest);
    if (!signer || !signer->starts_with(kSigner)) return std::nullopt;
    last.known = known->substr(kKnown.size());
    last.signer = signer->substr(kSigner.size());
    text = rest;
  }
  last.checkpoint = text;
  const auto note = Note::parse(text);
  return note && Checkpoint::parse(note->text) ? std::optional(last) : std::nullopt;
}

Look look(const std::filesystem::path& file, const NoteVerifier& known,
          const std::optional<LastLook>& last) {
  const auto stored = open_stored_log(file);
  const auto state = stored->hold();
  const std::string note = head_of(*stored);
  const auto now = Checkpoint::parse(signed_text(note));
  const auto before = last ? Checkpoint::parse(signed_text(last->checkpoint)) : std::nullopt;
  Look look;
  if (!now || now->origin != known.name()) {
    look.alarms.emplace_back("The head is not one of the log of the key that you gave.");
    return look;
  }
  look.size = now->size;
  compare(before, *now, look);
  if (!look.goes_on()) return look;
  look.from = before ? before->size : 0;
  try {
    Following log(tree_of(*stored, look.from), keys_before(*stored, known, last, look.from));
    if (before && log.tree().root() != before->root) {
      look.alarms.emplace_back("The entries of the last look are not in the log any more.");
    }
    log.read_on(*stored, look);
    if (log.tree().size() != now->size || log.tree().root() != now->root) {
      look.alarms.emplace_back("The entries are not the ones that the head signs.");
    }
    const bool is_led = log.keys() && (last || log.keys()->has(known));
    if (!is_led || !log.keys()->open(note)) look.alarms.emplace_back(kNotSigned);
    if (look.goes_on()) look.left = {known.line(), log.keys()->current().line(), note};
  } catch (const AuditError& error) {
    look.alarms.push_back(std::string("The log is damaged: ") + error.what() + '.');
  }
  return look;
}

ExitCode monitor(const Options& options, std::ostream& out, std::ostream&) {
  const Reading reading(options.get("--data"));
  const std::filesystem::path state = options.get("--state");
  const Look found = look(reading.place().database, given_key(options), remembered(state));
  reading.finish();
  for (const std::string& alarm : found.alarms) out << "ALARM " << alarm << '\n';
  for (const std::string& line : found.notable) out << line << '\n';
  if (!found.goes_on()) return ExitCode::failed;
  out << found.from << " to " << found.size << '\n';
  for (const auto& [event, count] : found.events) out << count << '\t' << event << '\n';
  core::replace_file(state, found.left.text());
  return ExitCode::good;
}

}  // namespace sekisho::audit
