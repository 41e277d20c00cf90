// SPDX-License-Identifier: GPL-3.0-or-later
#include "witness/state.h"

#include "audit/proof/note.h"
#include "core/encoding.h"

namespace sekisho::witness {
namespace {

constexpr std::string_view kFirstLine = "sekisho-witness 1\n";
constexpr std::string_view kLog = "log ";
constexpr std::string_view kFork = "fork ";

void append_text(core::Bytes& bytes, std::string_view text) {
  const core::ByteView view = core::as_bytes(text);
  bytes.insert(bytes.end(), view.begin(), view.end());
}

std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

/// A note and the log that it is of.
struct Remembered {
  std::string origin;
  std::string note;
};

std::optional<Remembered> parse_note(std::string_view base64) {
  const auto bytes = core::from_base64(base64);
  if (!bytes) return std::nullopt;
  const auto note = audit::Note::parse(core::as_text(*bytes));
  const auto checkpoint = note ? audit::Checkpoint::parse(note->text) : std::nullopt;
  if (!checkpoint) return std::nullopt;
  return Remembered{checkpoint->origin, std::string(core::as_text(*bytes))};
}

/// Adds what one line says; false where it says nothing that belongs here.
bool take_up(std::string_view line, State& state) {
  const bool is_log = line.starts_with(kLog);
  if (!is_log && !line.starts_with(kFork)) return false;
  auto remembered = parse_note(line.substr((is_log ? kLog : kFork).size()));
  if (!remembered) return false;
  if (is_log) {
    return state.logs.emplace(remembered->origin, LogRecord{remembered->note, std::nullopt}).second;
  }
  const auto log = state.logs.find(remembered->origin);
  if (log == state.logs.end() || log->second.fork) return false;
  log->second.fork = std::move(remembered->note);
  return true;
}

}  // namespace

core::Secret State::text() const {
  std::string lines;
  for (const auto& [origin, record] : logs) {
    lines.append(kLog).append(core::to_base64(core::as_bytes(record.newest))) += '\n';
    if (!record.fork) continue;
    lines.append(kFork).append(core::to_base64(core::as_bytes(*record.fork))) += '\n';
  }
  core::Bytes bytes;
  // Never reallocated: no copy of the key is left behind.
  bytes.reserve(kFirstLine.size() + key.view().size() + 1 + lines.size());
  append_text(bytes, kFirstLine);
  append_text(bytes, core::as_text(key.view()));
  append_text(bytes, "\n");
  append_text(bytes, lines);
  return core::Secret(std::move(bytes));
}

std::optional<State> State::parse(std::string_view text) {
  if (!text.starts_with(kFirstLine)) return std::nullopt;
  text.remove_prefix(kFirstLine.size());
  const auto key = take_line(text);
  if (!key) return std::nullopt;
  const core::ByteView key_bytes = core::as_bytes(*key);
  State state{core::Secret(core::Bytes(key_bytes.begin(), key_bytes.end())), {}};
  while (!text.empty()) {
    const auto line = take_line(text);
    if (!line || !take_up(*line, state)) return std::nullopt;
  }
  return state;
}

}  // namespace sekisho::witness
