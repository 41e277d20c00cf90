// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/monitor.h"

#include <algorithm>
#include <bit>
#include <ostream>

#include "audit/command/command_options.h"
#include "audit/command/reading.h"
#include "audit/entry/entry.h"
#include "audit/place.h"
#include "audit/proof/hash_tiles.h"
#include "audit/proof/merkle.h"
#include "audit/schema.h"
#include "core/replace_file.h"
#include "core/time.h"
#include "core/whole_file.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kMostNotable = 1000;
constexpr std::size_t kLargestState = 64 * 1024;

/// What happens every day and is looked up where it is needed.
constexpr EventCode kEveryday[] = {
    EventCode::service_start, EventCode::service_stop, EventCode::transfer_begin,
    EventCode::transfer_end,  EventCode::query,        EventCode::return_begin,
    EventCode::return_end,    EventCode::share_create, EventCode::share_revoke,
    EventCode::share_preview, EventCode::share_expire,
};

bool is_notable(const Entry& entry) {
  const auto code = event_code(entry.event);
  return !code || std::ranges::find(kEveryday, *code) == std::end(kEveryday);
}

/// The tree of the first `size` entries, as the tiles have it.
Tree tree_of(core::db::Database& database, std::uint64_t size) {
  TreeHashes hashes(database, size);
  std::vector<core::Sha256> edge;
  for (std::uint64_t done = 0; done < size;) {
    const int level = std::bit_width(size - done) - 1;
    edge.push_back(hashes.root(static_cast<unsigned>(level), done >> level));
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

/// Adds what came after `tree`, in order and without gaps.
void follow(core::db::Database& database, Tree& tree, Look& look) {
  core::db::Statement rest(database,
                           "SELECT seq, entry FROM audit_entry WHERE seq >= ? ORDER BY seq");
  rest.bind(1, static_cast<std::int64_t>(tree.size()));
  PrunedLeaves pruned(database);
  while (rest.executeStep()) {
    const auto seq = static_cast<std::uint64_t>(rest.getColumn(0).getInt64());
    while (tree.size() < seq) tree.append(pruned.leaf(tree.size()));
    const core::ByteView bytes = core::db::bytes_of(rest.getColumn(1));
    tree.append(leaf_hash(bytes));
    const auto entry = parse_entry(bytes);
    if (!entry || entry->seq != seq) {
      throw AuditError("entry " + std::to_string(seq) + " is not in the form of an entry");
    }
    read(*entry, look);
  }
}

std::optional<Checkpoint> remembered(const std::filesystem::path& file) {
  const auto text = core::read_whole_file(file, kLargestState);
  if (!text) return std::nullopt;
  const auto note = Note::parse(core::as_text(text->view()));
  auto checkpoint = note ? Checkpoint::parse(note->text) : std::nullopt;
  if (!checkpoint) throw AuditError("the file of the last look is none");
  return checkpoint;
}

}  // namespace

Look look(const std::filesystem::path& file, const NoteVerifier& key,
          const std::optional<Checkpoint>& last) {
  core::db::Database database = open_for_reading(file);
  database.exec("BEGIN");
  core::db::Statement head(database, "SELECT checkpoint FROM audit_head");
  if (!head.executeStep()) throw AuditError("audit.db has no head");
  const std::string note(core::as_text(core::db::bytes_of(head.getColumn(0))));
  const auto parsed = Note::parse(note);
  const auto now = parsed ? open_checkpoint(*parsed, key) : std::nullopt;
  Look look;
  if (!now) {
    look.alarms.emplace_back("The head is not signed by the key that you gave.");
    return look;
  }
  look.size = now->size;
  if (last && last->origin != now->origin) {
    look.alarms.push_back("This is another log than at the last look: " + now->origin + '.');
  } else if (last && last->size > now->size) {
    look.alarms.push_back("The log had " + std::to_string(last->size) + " entries, and now has " +
                          std::to_string(now->size) + '.');
  }
  if (!look.goes_on()) return look;
  look.from = last ? last->size : 0;
  try {
    Tree tree = tree_of(database, look.from);
    if (last && tree.root() != last->root) {
      look.alarms.emplace_back("The entries of the last look are not in the log any more.");
    }
    follow(database, tree, look);
    if (tree.size() != now->size || tree.root() != now->root) {
      look.alarms.emplace_back("The entries are not the ones that the head signs.");
    }
  } catch (const AuditError& error) {
    look.alarms.push_back(std::string("The log is damaged: ") + error.what() + '.');
  }
  if (look.goes_on()) look.checkpoint = note;
  return look;
}

ExitCode monitor(const Options& options, std::ostream& out, std::ostream&) {
  const Reading reading(options.get("--data"));
  const AuditPlace& place = reading.place();
  const std::filesystem::path state = options.get("--state");
  const auto key = NoteVerifier::parse(key_line(options, place.verifier_key));
  if (!key) throw AuditError("the key is not the verifier key of a log");
  const Look found = look(place.database, *key, remembered(state));
  reading.finish();
  for (const std::string& alarm : found.alarms) out << "ALARM " << alarm << '\n';
  for (const std::string& line : found.notable) out << line << '\n';
  if (!found.goes_on()) return ExitCode::failed;
  out << found.from << " to " << found.size << '\n';
  for (const auto& [event, count] : found.events) out << count << '\t' << event << '\n';
  core::replace_file(state, found.checkpoint);
  return ExitCode::good;
}

}  // namespace sekisho::audit
