// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/cosignature.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>

namespace sekisho::audit {
namespace {

using std::chrono::sys_seconds;

constexpr std::size_t kKeyHashBytes = 4;
constexpr std::size_t kTimestampBytes = 8;
// struct timestamped_signature, behind the key hash.
constexpr std::size_t kCosignatureBytes = kKeyHashBytes + kTimestampBytes + 64;

/// tlog-cosignature v1.0.1, "Ed25519 signed message".
std::string message(std::string_view checkpoint, std::int64_t posix_seconds) {
  return "cosignature/v1\ntime " + std::to_string(posix_seconds) + '\n' + std::string(checkpoint);
}

core::Bytes to_big_endian(std::uint64_t number) {
  core::Bytes bytes(kTimestampBytes);
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte, number >>= 8) {
    *byte = static_cast<core::Byte>(number);
  }
  return bytes;
}

std::uint64_t from_big_endian(core::ByteView bytes) {
  std::uint64_t number = 0;
  for (core::Byte byte : bytes) number = number << 8 | byte;
  return number;
}

}  // namespace

std::optional<CosignatureVerifier> CosignatureVerifier::parse(std::string_view line) {
  auto key = NoteKey::parse(KeyKind::cosignature, line);
  if (!key) return std::nullopt;
  return CosignatureVerifier(*std::move(key));
}

std::optional<CosignatureVerifier::Cosignature> CosignatureVerifier::find(const Note& note) const {
  const auto ours = std::ranges::find_if(note.signatures,
                                         [this](const NoteSignature& s) { return key_.claims(s); });
  if (ours == note.signatures.end() || ours->bytes.size() != kCosignatureBytes) {
    return std::nullopt;
  }
  const core::ByteView bytes = core::ByteView(ours->bytes).subspan(kKeyHashBytes);
  const std::uint64_t timestamp = from_big_endian(bytes.first(kTimestampBytes));
  if (timestamp > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return std::nullopt;
  const auto seconds = static_cast<std::int64_t>(timestamp);
  if (!key_.verifies(message(note.text, seconds), bytes.subspan(kTimestampBytes))) {
    return std::nullopt;
  }
  return Cosignature{sys_seconds(std::chrono::seconds(seconds)), ours->line()};
}

std::optional<sys_seconds> CosignatureVerifier::time_of(const Note& note) const {
  const auto cosignature = find(note);
  if (!cosignature) return std::nullopt;
  return cosignature->time;
}

Cosigner::Cosigner(NotePrivateKey key) : key_(std::move(key)), verifier_(key_.public_half()) {}

Cosigner::Cosigner(std::string name, core::ByteView seed)
    : Cosigner(NotePrivateKey(KeyKind::cosignature, std::move(name), seed)) {}

std::optional<Cosigner> Cosigner::parse(std::string_view line) {
  auto key = NotePrivateKey::parse(KeyKind::cosignature, line);
  if (!key) return std::nullopt;
  return Cosigner(*std::move(key));
}

std::string Cosigner::private_line(std::string_view name, core::ByteView seed) {
  return NotePrivateKey::line(KeyKind::cosignature, name, seed);
}

std::string Cosigner::cosign(std::string_view checkpoint, sys_seconds time) const {
  const std::int64_t seconds = time.time_since_epoch().count();
  if (seconds < 0) throw std::invalid_argument("a cosignature's time begins in 1970");
  core::Bytes bytes = to_big_endian(static_cast<std::uint64_t>(seconds));
  const core::Bytes signature = key_.sign(message(checkpoint, seconds));
  bytes.insert(bytes.end(), signature.begin(), signature.end());
  return key_.public_half().signature_line(bytes);
}

std::optional<sys_seconds> WitnessedCheckpoint::witnessed_by(std::size_t quorum) const {
  if (quorum == 0 || witnessings.size() < quorum) return std::nullopt;
  std::vector<sys_seconds> times;
  for (const Witnessing& witnessing : witnessings) times.push_back(witnessing.time);
  std::ranges::sort(times, std::greater());
  return times[quorum - 1];
}

std::optional<WitnessedCheckpoint> open_witnessed(std::string_view text, const NoteVerifier& log,
                                                  std::span<const CosignatureVerifier> witnesses) {
  const auto note = Note::parse(text);
  if (!note) return std::nullopt;
  auto checkpoint = open_checkpoint(*note, log);
  if (!checkpoint) return std::nullopt;
  WitnessedCheckpoint witnessed{*std::move(checkpoint), std::string(text), {}};
  for (const CosignatureVerifier& witness : witnesses) {
    if (const auto time = witness.time_of(*note)) {
      witnessed.witnessings.push_back({witness.name(), *time});
    }
  }
  return witnessed;
}

}  // namespace sekisho::audit
