// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/evidence.h"

#include <algorithm>
#include <map>

#include "audit/proof/hash_lines.h"
#include "audit/proof/merkle.h"
#include "audit/proof/proof.h"
#include "core/encoding.h"

namespace sekisho::audit::report {
namespace {

constexpr std::string_view kFirstLine = "sekisho-audit report ";  ///< and the form
/// No line of a checkpoint or proof begins so: names in them have no spaces, and what it does begin
/// with is a hash.
constexpr std::string_view kOpened = "opened ";
constexpr std::string_view kAside = "aside ";

std::string base64(std::string_view text) { return core::to_base64(core::as_bytes(text)); }

std::optional<std::string> from_base64(std::string_view text) {
  const auto bytes = core::from_base64(text);
  if (!bytes) return std::nullopt;
  return std::string(core::as_text(*bytes));
}

std::string write_opened(const OpenedBox& opened) {
  BoxText text{.actor = opened.actor,
               .name = opened.name,
               .objects = {},
               .organisation = opened.organisation,
               .patient = opened.patient,
               .patient_name = opened.patient_name,
               .purpose = opened.purpose,
               .query = {},  // what was asked may name others than the patient of the report
               .recipient = opened.recipient,
               .studies = {},
               .user_agent = opened.user_agent};
  for (const StudyWords& words : opened.studies) text.studies.push_back(&words);
  for (const ObjectRef& object : opened.objects) text.objects.push_back(&object);
  return write_box_text(text);
}

/// Takes lines "<name> <value>" in their order.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view& rest) : rest_(rest) {}

  /// `nullopt` where another line comes next.
  std::optional<std::string_view> find(std::string_view name) {
    std::string_view rest = rest_;
    const auto line = take_line(rest);
    if (!line || !line->starts_with(name) || line->substr(name.size(), 1) != " ") {
      return std::nullopt;
    }
    rest_ = rest;
    return line->substr(name.size() + 1);
  }
  /// Empty, which no value is, where another line comes next.
  std::string_view get(std::string_view name) { return find(name).value_or(""); }

 private:
  std::string_view& rest_;
};

/// `value` as the parser made of it, or a default where there was none: then text() will differ.
template <class Value>
Value or_default(const std::optional<Value>& value) {
  return value.value_or(Value{});
}

/// The offset and its changes, each on a line.
Zone read_zone(HeaderReader& in) {
  Zone zone{or_default(parse_offset(in.get("zone"))), {}};
  while (const auto change = in.find("change")) {
    const std::size_t space = change->find(' ');
    const auto at = core::parse_rfc3339(change->substr(0, space));
    const auto offset = parse_offset(space == change->npos ? "" : change->substr(space + 1));
    if (!at || !offset) break;  // text() will differ
    zone.changes.push_back({*at, *offset});
  }
  return zone;
}

std::optional<core::Time> find_time(HeaderReader& in, std::string_view name) {
  const auto text = in.find(name);
  return text ? core::parse_rfc3339(*text) : std::nullopt;
}

Evidence read_header(std::string_view& rest) {
  HeaderReader in(rest);
  Evidence evidence;
  Question& question = evidence.question;
  evidence.software = in.get("software");
  question.language = or_default(parse_language(in.get("language")));
  question.zone = read_zone(in);
  question.made = or_default(find_time(in, "made"));
  question.patient = or_default(from_base64(in.get("patient")));
  const core::Bytes hash = or_default(core::from_hex(in.get("hash")));
  evidence.patient.kind = SubjectKind::patient;
  std::copy_n(hash.begin(), std::min(hash.size(), evidence.patient.hash.size()),
              evidence.patient.hash.begin());
  question.institution = or_default(from_base64(in.get("institution")));
  question.patient_name = or_default(from_base64(in.get("name")));
  question.from = find_time(in, "from");
  question.until = find_time(in, "until");
  evidence.pruned = or_default(parse_tree_size(in.get("pruned")));
  return evidence;
}

/// Takes what stands before the next "opened" line.
std::string_view take_block(std::string_view& rest) {
  std::size_t end = 0;
  while (end < rest.size() && !rest.substr(end).starts_with(kOpened)) {
    end = std::min(rest.find('\n', end), rest.size() - 1) + 1;
  }
  const std::string_view block = rest.substr(0, end);
  rest.remove_prefix(end);
  return block;
}

/// Empty where there is none.
std::optional<std::string> take_aside(std::string_view& rest) {
  if (!rest.starts_with(kAside)) return std::string();
  const auto line = take_line(rest);
  return line ? from_base64(line->substr(kAside.size())) : std::nullopt;
}

std::optional<ProvenEntry> take_entry(std::string_view& rest) {
  const auto line = take_line(rest);
  if (!line || !line->starts_with(kOpened)) return std::nullopt;
  const auto json = from_base64(line->substr(kOpened.size()));
  auto opened = json ? read_box_text(*json) : std::nullopt;
  auto aside = take_aside(rest);
  auto proof = LogProof::parse(take_block(rest));
  if (!opened || !aside || !proof || !proof->extra) return std::nullopt;
  auto entry = parse_entry({core::as_bytes(*proof->extra), core::as_bytes(*aside)});
  if (!entry) return std::nullopt;
  return ProvenEntry{*std::move(proof), *std::move(aside), *std::move(entry), *std::move(opened)};
}

/// What an entry without intent begins or continues.
std::uint64_t first_seq(const Entry& entry) {
  return entry.part > 1 ? entry.seq - (entry.part - 1) : entry.seq;
}

bool belongs(const Act& act, const Evidence& evidence) {
  const auto is_about_patient = [&](const ProvenEntry* part) {
    return std::ranges::count(part->entry.subjects, evidence.patient) > 0;
  };
  return evidence.question.covers(act.first().entry.time) &&
         std::ranges::any_of(act.parts, is_about_patient);
}

/// As check_proof() does, but for the signature: it is the same for all and was checked before.
std::optional<std::string> problem_of(const ProvenEntry& proven, const Evidence& evidence,
                                      const Checkpoint& tree) {
  const LogProof& proof = proven.proof;
  const std::string name = "entry " + std::to_string(proof.seq) + ": ";
  if (proof.checkpoint != evidence.checkpoint) return name + "it has another checkpoint";
  if (proven.entry.seq != proof.seq) return name + "it names another place";
  const core::Sha256 leaf = leaf_hash(core::as_bytes(*proof.extra));
  if (!is_included(leaf, proof.seq, tree.size, tree.root, proof.path)) {
    return name + std::string(explain(ProofProblem::not_included));
  }
  return std::nullopt;
}

}  // namespace

std::string Evidence::text() const {
  std::string out(kFirstLine);
  out += std::to_string(form) + '\n';
  const auto line = [&](std::string_view name, std::string_view value) {
    out.append(name).append(" ").append(value) += '\n';
  };
  line("software", software);
  line("language", language_code(question.language));
  line("zone", to_text(question.zone.offset));
  for (const Zone::Change& change : question.zone.changes) {
    line("change", core::to_rfc3339(change.at) + ' ' + to_text(change.offset));
  }
  line("made", core::to_rfc3339(question.made));
  line("patient", base64(question.patient));
  line("hash", core::to_hex(patient.hash));
  if (!question.institution.empty()) line("institution", base64(question.institution));
  if (!question.patient_name.empty()) line("name", base64(question.patient_name));
  if (question.from) line("from", core::to_rfc3339(*question.from));
  if (question.until) line("until", core::to_rfc3339(*question.until));
  line("pruned", std::to_string(pruned));
  out.append("\n").append(checkpoint);
  for (const ProvenEntry& proven : entries) {
    out.append(kOpened).append(base64(write_opened(proven.opened))) += '\n';
    if (!proven.aside.empty()) out.append(kAside).append(base64(proven.aside)) += '\n';
    out += proven.proof.text();
  }
  return out;
}

/// Lenient line by line, strict in all: what would be written otherwise is refused.
std::optional<Evidence> Evidence::parse(std::string_view text) {
  std::string_view rest = text;
  const std::string_view first = take_line(rest).value_or("");
  if (!first.starts_with(kFirstLine)) return std::nullopt;
  const std::string_view form = first.substr(kFirstLine.size());
  if (form != "1" && form != "2" && form != "3") return std::nullopt;
  Evidence evidence = read_header(rest);
  evidence.form = form.front() - '0';
  if (take_line(rest) != "") return std::nullopt;
  evidence.checkpoint = take_block(rest);
  while (!rest.empty()) {
    auto entry = take_entry(rest);
    if (!entry) return std::nullopt;
    evidence.entries.push_back(*std::move(entry));
  }
  if (evidence.text() != text) return std::nullopt;
  return evidence;
}

std::optional<std::vector<Act>> acts_of(const Evidence& evidence) {
  std::vector<Act> acts;
  std::map<std::uint64_t, std::size_t> by_seq;
  std::optional<std::uint64_t> before;
  for (const ProvenEntry& proven : evidence.entries) {
    const Entry& entry = proven.entry;
    if (before && entry.seq <= *before) return std::nullopt;
    before = entry.seq;
    const std::uint64_t first = entry.intent.value_or(first_seq(entry));
    if (first == entry.seq) {
      by_seq.emplace(first, acts.size());
      acts.push_back({{&proven}, nullptr});
      continue;
    }
    const auto known = by_seq.find(first);
    if (known == by_seq.end()) return std::nullopt;
    Act& act = acts[known->second];
    if (!entry.intent) {
      act.parts.push_back(&proven);
      continue;
    }
    if (act.outcome != nullptr) return std::nullopt;
    act.outcome = &proven;
  }
  const auto is_foreign = [&](const Act& act) { return !belongs(act, evidence); };
  if (std::ranges::any_of(acts, is_foreign)) return std::nullopt;
  return acts;
}

std::variant<Checkpoint, std::string> check(const Evidence& evidence, const KeyChain& log) {
  const auto note = Note::parse(evidence.checkpoint);
  const auto claimed = note ? Checkpoint::parse(note->text) : std::nullopt;
  auto tree = claimed ? open_checkpoint(*note, log.signer_of(claimed->size)) : std::nullopt;
  if (!tree) return std::string(explain(ProofProblem::not_signed_by_the_log));
  for (const ProvenEntry& proven : evidence.entries) {
    if (auto problem = problem_of(proven, evidence, *tree)) return *std::move(problem);
  }
  if (!acts_of(evidence)) return std::string("it has entries that do not belong into it");
  return *std::move(tree);
}

}  // namespace sekisho::audit::report
