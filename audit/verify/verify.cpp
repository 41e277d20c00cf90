// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/verify/verify.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_set>
#include <utility>
#include <vector>

#include "audit/entry/entry.h"
#include "audit/error.h"
#include "audit/keeping/prune_plan.h"
#include "audit/keys/key_rotation.h"
#include "audit/proof/merkle.h"
#include "audit/proof/note.h"
#include "audit/store/open_log.h"
#include "audit/store/tree_hashes.h"
#include "audit/verify/index_check.h"
#include "audit/verify/tree_check.h"
#include "core/database_error.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kMaxProblems = 100;
/// Ids of keys known to be on the list, so that not every entry needs a look-up.
constexpr std::size_t kMaxKnownKeys = 4096;

std::string entry_label(std::uint64_t seq) { return "entry " + std::to_string(seq); }

/// One reading of one log, inside one snapshot.
class Examination {
 public:
  Examination(StoredLog& log, const NoteVerifier& verifier, const Advance& advance)
      : log_(log),
        verifier_(verifier),
        advance_(advance),
        keys_(verifier),
        pruned_(log),
        index_(log) {}

  Verdict run() {
    for (const std::string& problem : log_.structure_problems()) report("schema: " + problem);
    read_head();
    tree_.emplace(log_, signed_head_, [this](std::string what) { report(std::move(what)); });
    read_entries();
    check_signature();
    tree_->finish();
    name_rotations();
    compare_head();
    index_.compare([this](std::string problem) { report(std::move(problem)); }, advance_);
    compare_keys();
    compare_holds();
    check_pruning();
    verdict_.entries = tree_->tree().size();
    verdict_.root = core::to_base64(tree_->tree().root());
    verdict_.objects = index_.rows();
    verdict_.unfinished = open_intents_.size();
    return std::move(verdict_);
  }

  void report(std::string problem) {
    if (verdict_.problems.size() < kMaxProblems) verdict_.problems.push_back(std::move(problem));
  }

 private:
  void read_head();
  void read_entries();
  void pass_over(std::uint64_t begin, std::uint64_t end);
  void read_entry(std::uint64_t seq, const EntryBytes& bytes);
  void explain(std::uint64_t seq, core::ByteView leaf);
  void check_opening(const Entry& entry);
  void check_rotation(std::uint64_t seq, const Entry& entry);
  void check_signature();
  void check_parts(std::uint64_t seq, const Entry& entry);
  void check_intents(std::uint64_t seq, const Entry& entry);
  void check_keys(std::uint64_t seq, const Entry& entry);
  void note_hold(const Entry& entry);
  void name_rotations();
  void compare_head();
  void compare_keys();
  void compare_holds();
  void check_pruning();
  std::optional<Entry> entry_at(std::uint64_t seq);

  StoredLog& log_;
  const NoteVerifier& verifier_;
  const Advance& advance_;

  Verdict verdict_;
  std::optional<Note> head_note_;
  std::optional<Checkpoint> signed_head_;  ///< of which the signature is checked behind the entries
  KeyChain keys_;
  std::optional<TreeCheck> tree_;
  std::vector<std::uint64_t> over_other_entries_;  ///< rotations that were not signed over these
  PrunedLeaves pruned_;
  KeptEntries kept_;                        ///< before the boundary
  std::map<Subject, std::uint64_t> holds_;  ///< by the entries
  // The event of which parts are outstanding.
  std::string open_event_;
  std::uint64_t parts_read_ = 0;
  std::uint64_t parts_expected_ = 0;
  std::unordered_set<std::uint64_t> open_intents_;
  std::set<Bits128> known_keys_;
  std::uint64_t introduced_keys_ = 0;
  IndexCheck index_;
};

void Examination::read_head() {
  const auto heads = log_.heads();
  if (heads.empty()) return report("head: missing");
  const StoredLog::Head& head = heads.front();
  head_note_ = Note::parse(head.checkpoint);
  if (head_note_) signed_head_ = Checkpoint::parse(head_note_->text);
  if (signed_head_ && (!std::cmp_equal(signed_head_->size, head.size) ||
                       !std::ranges::equal(head.root, signed_head_->root))) {
    report("head: its columns are not what was signed");
  }
  if (!head_note_) report("head: not signed by the key that you gave");
  if (heads.size() > 1) report("head: there is more than one");
}

void Examination::read_entries() {
  const std::uint64_t size = signed_head_ ? signed_head_->size : 0;
  std::uint64_t expected = 0;
  log_.read_entries({}, [&](std::int64_t place, const EntryBytes& bytes) {
    if (place < 0) return report("entry " + std::to_string(place) + ": no place in a log");
    const auto seq = static_cast<std::uint64_t>(place);
    pass_over(expected, seq);
    if (seq < pruned_.before()) kept_.add(seq);
    read_entry(seq, bytes);
    advance_("verify entries", seq, size);
    expected = seq + 1;
  });
  if (parts_read_ < parts_expected_) report("the last entry: its further parts are missing");
}

/// Of what was pruned the tree has the hashes.
void Examination::pass_over(std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t pruned_end = std::clamp(pruned_.before(), begin, end);
  try {
    for (std::uint64_t seq = begin; seq < pruned_end; ++seq) tree_->add(pruned_.leaf(seq));
  } catch (const AuditError& error) {
    tree_->lack(tree_->tree().size());
    report("entries " + std::to_string(begin) + " to " + std::to_string(pruned_end - 1) + ": " +
           error.what());
  }
  if (pruned_end == end) return;
  tree_->lack(pruned_end);
  report("entries " + std::to_string(pruned_end) + " to " + std::to_string(end - 1) + ": missing");
}

/// Of an entry that is none.
void Examination::explain(std::uint64_t seq, core::ByteView leaf) {
  report(entry_label(seq) + (parse_leaf(leaf) ? ": its aside is not the one that it commits to"
                                              : ": not in the form of an entry"));
}

void Examination::read_entry(std::uint64_t seq, const EntryBytes& bytes) {
  const std::optional<Entry> entry = parse_entry(bytes);
  if (entry && entry->event == event_name(EventCode::key_rotate)) check_rotation(seq, *entry);
  tree_->add(leaf_hash(bytes.leaf));
  if (signed_head_ && seq >= signed_head_->size) report(entry_label(seq) + ": beyond the head");
  if (!entry) return explain(seq, bytes.leaf);
  if (entry->seq != seq) report(entry_label(seq) + ": says that it is " + entry_label(entry->seq));
  if (seq == 0) check_opening(*entry);
  check_parts(seq, *entry);
  check_intents(seq, *entry);
  check_keys(seq, *entry);
  note_hold(*entry);
  for (const Subject& subject : entry->subjects) index_.expect(seq, subject);
}

void Examination::check_opening(const Entry& entry) {
  const auto origin = entry.facts.find("origin");
  const auto line = entry.facts.find("key");
  const auto key = line == entry.facts.end() ? std::nullopt : NoteVerifier::parse(line->second);
  if (entry.event != event_name(EventCode::log_open) || origin == entry.facts.end() ||
      origin->second != verifier_.name() || !key || key->name() != origin->second) {
    return report("entry 0: does not open a log of the origin of your key");
  }
  keys_ = KeyChain(*key);
}

/// Before its leaf is added: both keys have signed the tree that it continues.
void Examination::check_rotation(std::uint64_t seq, const Entry& entry) {
  const auto rotation = KeyRotation::read(entry);
  if (!rotation) return report(entry_label(seq) + ": a rotation that both keys have not signed");
  if (rotation->root_before != tree_->tree().root()) over_other_entries_.push_back(seq);
  if (!keys_.hand_over(*rotation)) {
    report(entry_label(seq) + ": a rotation from a key that is not the log's");
  }
}

/// Where the log is known to have changed before a rotation, that is why it does not fit: it may be
/// as innocent as what was signed after it.
void Examination::name_rotations() {
  const auto change = tree_->first_change();
  for (const std::uint64_t seq : over_other_entries_) {
    if (change && *change < seq) continue;
    report(entry_label(seq) + ": a rotation that was signed over another past");
  }
}

/// Who gave a key that was rotated since, or before, is led to the one that counts by the entries.
void Examination::check_signature() {
  if (!head_note_) return;
  if (!keys_.has(verifier_)) {
    signed_head_.reset();
    return report("head: not signed by the key that you gave");
  }
  const NoteVerifier& signer = keys_.current();
  if (!signer.has_signed(*head_note_)) {
    signed_head_.reset();
    return report(signer.line() == verifier_.line()
                      ? "head: not signed by the key that you gave"
                      : "head: not signed by the key that the log has by now");
  }
  if (!signed_head_) return report("head: what was signed is no checkpoint");
  verdict_.origin = signed_head_->origin;
  if (signed_head_->origin != verifier_.name()) report("head: of another origin than your key");
}

void Examination::check_parts(std::uint64_t seq, const Entry& entry) {
  const bool goes_on = parts_read_ < parts_expected_;
  const bool fits = goes_on ? entry.part == parts_read_ + 1 && entry.parts == parts_expected_ &&
                                  entry.event == open_event_
                            : entry.part == 1;
  if (!fits) report(entry_label(seq) + ": parts of one event are not in order");
  open_event_ = entry.event;
  parts_read_ = entry.part;
  parts_expected_ = entry.parts;
}

/// Whether an outcome is to follow.
bool is_intention(const Entry& entry) {
  return entry.part == 1 && (entry.event == event_name(EventCode::transfer_begin) ||
                             entry.event == event_name(EventCode::return_begin));
}

void Examination::check_intents(std::uint64_t seq, const Entry& entry) {
  if (is_intention(entry)) {
    open_intents_.insert(seq);
  }
  if (!entry.intent || open_intents_.erase(*entry.intent) > 0) return;
  // Either there is no such intent, or an outcome of it stands there already: rare enough to look.
  const auto intent = *entry.intent < seq ? entry_at(*entry.intent) : std::nullopt;
  if (!intent && *entry.intent < pruned_.before()) return;
  if (!intent || !is_intention(*intent)) {
    report(entry_label(seq) + ": the outcome of something that was never begun");
  }
}

/// Whether the key of somebody, as its row says, may be that of text in this entry. Nobody's key
/// does not bear the hash of somebody: it would be left out when that person's keys are shredded.
bool may_use(const Entry& entry, std::int64_t kind, core::ByteView hash) {
  const auto named = std::ranges::find_if(entry.subjects, [hash](const Subject& subject) {
    return std::ranges::equal(subject.hash, hash);
  });
  if (kind == static_cast<std::int64_t>(SubjectKind::general)) return named == entry.subjects.end();
  return named != entry.subjects.end() && static_cast<std::int64_t>(named->kind) == kind;
}

void Examination::check_keys(std::uint64_t seq, const Entry& entry) {
  for (const SealedText& sealed : entry.sealed) {
    if (known_keys_.contains(sealed.key)) continue;
    const auto key = log_.key(sealed.key);
    if (!key) {
      report(entry_label(seq) + ": the key of its text is not on the list of keys");
      continue;
    }
    const auto introduced = static_cast<std::uint64_t>(key->seq);
    const bool owned = may_use(entry, key->kind, key->hash);
    if (!owned || introduced > seq) report(entry_label(seq) + ": the key of its text is another's");
    if (introduced == seq) ++introduced_keys_;
    if (known_keys_.size() >= kMaxKnownKeys) known_keys_.clear();
    known_keys_.insert(sealed.key);
  }
}

void Examination::compare_head() {
  if (!signed_head_) return;
  const Tree& tree = tree_->tree();
  if (tree.size() != signed_head_->size) {
    return report("head: signed for " + std::to_string(signed_head_->size) +
                  " entries, there are " + std::to_string(tree.size()));
  }
  if (tree.root() != signed_head_->root) {
    return report("head: the entries are not the ones that were signed");
  }
  core::Bytes edge;
  for (const core::Sha256& hash : tree.edge()) edge.insert(edge.end(), hash.begin(), hash.end());
  const auto heads = log_.heads();
  if (heads.empty() || heads.front().edge != edge) {
    report("head: its right edge is not that of the entries");
  }
}

void Examination::compare_keys() {
  // A key outlives the entry that brought it.
  const std::uint64_t rows = log_.count_keys_of_entries();
  if (rows != introduced_keys_) {
    report("keys: " + std::to_string(rows) + " on the list, " + std::to_string(introduced_keys_) +
           " that the entries introduced");
  }
}

void Examination::note_hold(const Entry& entry) {
  const bool begins = entry.event == event_name(EventCode::hold_set);
  if (!begins && entry.event != event_name(EventCode::hold_end)) return;
  for (const Subject& subject : entry.subjects) {
    if (begins) {
      holds_[subject] = entry.seq;
    } else {
      holds_.erase(subject);
    }
  }
}

void Examination::compare_holds() {
  if (log_.holds() != holds_) report("holds: not those that the entries set");
}

/// What is missing was removed by an act on record, and nothing that it left.
void Examination::check_pruning() {
  const auto boundary = log_.pruned();
  if (!boundary) return;
  const auto entry = entry_at(boundary->seq);
  const auto fact = [&](const char* name) {
    const auto found = entry->facts.find(name);
    return found == entry->facts.end() ? std::string() : found->second;
  };
  if (!entry || entry->event != event_name(EventCode::log_prune) ||
      fact("before") != std::to_string(pruned_.before())) {
    return report("pruning: there is no entry of it");
  }
  if (fact("kept") != std::to_string(kept_.count()) ||
      fact("kept_hash") != core::to_hex(kept_.hash())) {
    report("pruning: of the entries before " + std::to_string(pruned_.before()) +
           " others are there than it left");
  }
}

std::optional<Entry> Examination::entry_at(std::uint64_t seq) {
  const auto bytes = log_.entry(seq);
  return bytes ? parse_entry(bytes->bytes()) : std::nullopt;
}

}  // namespace

Verdict verify(const std::filesystem::path& database, std::string_view verifier_key,
               const Advance& advance) {
  const auto verifier = NoteVerifier::parse(verifier_key);
  if (!verifier) throw AuditError("the key is not the verifier key of a log");
  try {
    const auto log = open_stored_log(database);
    const auto state = log->hold();
    Examination examination(*log, *verifier, advance);
    return examination.run();
  } catch (const core::DatabaseError& error) {
    throw AuditError(std::string("audit.db cannot be read: ") + error.what());
  }
}

}  // namespace sekisho::audit
