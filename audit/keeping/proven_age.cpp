// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/keeping/proven_age.h"

#include <algorithm>
#include <charconv>

#include "core/encoding.h"
#include "core/replace_file.h"
#include "core/whole_file.h"

namespace sekisho::audit {
namespace {

using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr std::chrono::hours kBetweenNotes{24};
/// A hundred years of notes.
constexpr std::size_t kLargestFile = 32 * 1024 * 1024;

/// 29 February becomes the 28th.
sys_seconds years_before(sys_seconds time, std::chrono::years years) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  auto date = std::chrono::year_month_day(day) - years;
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return sys_days(date) + (time - day);
}

std::string content_of(const std::filesystem::path& file) {
  const auto content = core::read_whole_file(file, kLargestFile);
  return content ? std::string(core::as_text(content->view())) : std::string();
}

struct Line {
  sys_seconds time;
  std::string note;
};

std::optional<Line> parse_line(std::string_view text) {
  std::int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  if (!text.starts_with(' ')) return std::nullopt;
  const auto note = core::from_base64(text.substr(1));
  if (!note) return std::nullopt;
  return Line{sys_seconds(std::chrono::seconds(seconds)), std::string(core::as_text(*note))};
}

std::vector<Line> lines_in(std::string_view content) {
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end = std::min(content.find('\n', begin), content.size());
    if (auto line = parse_line(content.substr(begin, end - begin)))
      lines.push_back(*std::move(line));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

std::optional<ProvenAge> proven_age(std::span<const std::string> notes,
                                    std::span<const NoteVerifier> log,
                                    std::span<const CosignatureVerifier> witnesses,
                                    std::size_t quorum, std::chrono::years years) {
  std::vector<ProvenAge> seen;
  sys_seconds now = sys_seconds::min();
  for (const std::string& note : notes) {
    for (const NoteVerifier& key : log) {
      const auto witnessed = open_witnessed(note, key, witnesses);
      const auto time = witnessed ? witnessed->witnessed_by(quorum) : std::nullopt;
      if (!time) continue;
      seen.push_back({witnessed->checkpoint.size, *time, {}});
      now = std::max(now, *time);
    }
  }
  if (seen.empty()) return std::nullopt;
  const sys_seconds limit = years_before(now, years);
  std::optional<ProvenAge> oldest;
  for (const ProvenAge& age : seen) {
    if (age.then > limit || (oldest && age.size <= oldest->size)) continue;
    oldest = ProvenAge{age.size, age.then, now};
  }
  return oldest;
}

WitnessTimes::WitnessTimes(std::filesystem::path file) : file_(std::move(file)) {}

void WitnessTimes::keep(std::string_view note, sys_seconds time) {
  const std::string content = content_of(file_);
  const auto lines = lines_in(content);
  if (!lines.empty() && time - lines.back().time < kBetweenNotes) return;
  core::replace_private_file(file_, content + std::to_string(time.time_since_epoch().count()) +
                                        ' ' + core::to_base64(core::as_bytes(note)) + '\n');
}

std::vector<std::string> WitnessTimes::notes() const {
  std::vector<std::string> notes;
  for (const Line& line : lines_in(content_of(file_))) notes.push_back(line.note);
  return notes;
}

}  // namespace sekisho::audit
