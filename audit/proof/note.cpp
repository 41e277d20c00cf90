// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/note.h"

#include <algorithm>
#include <charconv>

#include "core/encoding.h"
#include "core/utf8.h"

namespace sekisho::audit {
namespace {

// C2SP signed-note v1.0.0.
constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // U+2014 and a space
constexpr std::string_view kBlankLine = "\n\n";
constexpr std::size_t kKeyHashBytes = 4;
constexpr std::size_t kMaxSignatures = 100;

std::optional<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix)) return std::nullopt;
  line.remove_prefix(kSignaturePrefix.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return std::nullopt;
  auto bytes = core::from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyHashBytes) return std::nullopt;
  return NoteSignature{std::string(line.substr(0, space)), *std::move(bytes)};
}

bool is_note_text(std::string_view text) {
  return core::is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 && c != '\n';
         });
}

}  // namespace

std::string_view signed_text(std::string_view note) {
  return note.substr(0, std::min(note.rfind(kBlankLine), note.size() - 1) + 1);
}

std::optional<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines) {
  std::vector<NoteSignature> signatures;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    if (end == std::string_view::npos || signatures.size() == kMaxSignatures) return std::nullopt;
    auto signature = parse_signature(lines.substr(0, end));
    if (!signature) return std::nullopt;
    signatures.push_back(*std::move(signature));
    lines.remove_prefix(end + 1);
  }
  return signatures;
}

std::optional<Note> Note::parse(std::string_view note) {
  if (!is_note_text(note)) return std::nullopt;
  const auto blank = note.rfind(kBlankLine);
  if (blank == std::string_view::npos) return std::nullopt;
  auto signatures = parse_signature_lines(note.substr(blank + kBlankLine.size()));
  if (!signatures) return std::nullopt;
  return Note{std::string(note.substr(0, blank + 1)), *std::move(signatures)};
}

std::optional<NoteVerifier> NoteVerifier::parse(std::string_view line) {
  auto key = NoteKey::parse(KeyKind::note, line);
  if (!key) return std::nullopt;
  return NoteVerifier(*std::move(key));
}

std::optional<std::string> NoteVerifier::own_note(const Note& note) const {
  const auto ours = std::ranges::find_if(note.signatures,
                                         [this](const NoteSignature& s) { return key_.claims(s); });
  // The first line of a known key decides: a bad one makes the whole note bad.
  if (ours == note.signatures.end() ||
      !key_.verifies(note.text, core::ByteView(ours->bytes).subspan(kKeyHashBytes))) {
    return std::nullopt;
  }
  return note.text + '\n' + ours->line();
}

std::optional<std::string> NoteVerifier::open(std::string_view note) const {
  auto parsed = Note::parse(note);
  if (!parsed || !has_signed(*parsed)) return std::nullopt;
  return std::move(parsed->text);
}

NoteSigner::NoteSigner(NotePrivateKey key) : key_(std::move(key)), verifier_(key_.public_half()) {}

NoteSigner::NoteSigner(std::string name, core::ByteView seed)
    : NoteSigner(NotePrivateKey(KeyKind::note, std::move(name), seed)) {}

std::optional<NoteSigner> NoteSigner::parse(std::string_view line) {
  auto key = NotePrivateKey::parse(KeyKind::note, line);
  if (!key) return std::nullopt;
  return NoteSigner(*std::move(key));
}

std::string NoteSigner::private_line(std::string_view name, core::ByteView seed) {
  return NotePrivateKey::line(KeyKind::note, name, seed);
}

std::string NoteSigner::sign(std::string_view text) const {
  return std::string(text) + '\n' + key_.public_half().signature_line(key_.sign(text));
}

std::optional<std::uint64_t> parse_tree_size(std::string_view text) {
  std::uint64_t size = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, size);
  if (error != std::errc{} || stopped != end || std::to_string(size) != text) return std::nullopt;
  return size;
}

std::string Checkpoint::text() const {
  return origin + '\n' + std::to_string(size) + '\n' + core::to_base64(root) + '\n';
}

std::optional<Checkpoint> Checkpoint::parse(std::string_view text) {
  std::array<std::string_view, 3> lines;
  for (std::string_view& line : lines) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  Checkpoint checkpoint;
  checkpoint.origin = lines[0];
  const auto size = parse_tree_size(lines[1]);
  const auto root = core::from_base64(lines[2]);
  if (!text.empty() || checkpoint.origin.empty() || !size || !root ||
      root->size() != checkpoint.root.size()) {
    return std::nullopt;
  }
  checkpoint.size = *size;
  std::copy(root->begin(), root->end(), checkpoint.root.begin());
  return checkpoint;
}

std::optional<Checkpoint> open_checkpoint(const Note& note, const NoteVerifier& log) {
  if (!log.has_signed(note)) return std::nullopt;
  auto checkpoint = Checkpoint::parse(note.text);
  if (!checkpoint || checkpoint->origin != log.name()) return std::nullopt;
  return checkpoint;
}

}  // namespace sekisho::audit
