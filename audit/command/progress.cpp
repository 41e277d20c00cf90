// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/progress.h"

#include <algorithm>

namespace sekisho::audit {
namespace {

using Duration = std::chrono::duration<double>;

constexpr std::chrono::seconds kPatience{2};
constexpr std::chrono::milliseconds kInterval{200};
constexpr std::string_view kEmptyLine = "\r\033[K";  // ECMA-48 §8.3.41: erase in line

std::string time_left(Duration passed, std::uint64_t done, std::uint64_t total) {
  const double seconds =
      passed.count() / static_cast<double>(done) * static_cast<double>(total - done);
  const auto rounded = static_cast<std::uint64_t>(seconds) + 1;
  return rounded < 120 ? std::to_string(rounded) + " s" : std::to_string(rounded / 60) + " min";
}

}  // namespace

Progress::Progress(int terminal, Clock clock)
    : terminal_(::isatty(terminal) == 1 ? terminal : -1),
      clock_(std::move(clock)),
      next_(clock_() + kPatience),
      part_begin_(clock_()) {}

Progress::~Progress() {
  if (is_shown_) put(kEmptyLine);
}

Advance Progress::advance() {
  return [this](std::string_view part, std::uint64_t done, std::uint64_t total) {
    at(part, done, total);
  };
}

void Progress::at(std::string_view part, std::uint64_t done, std::uint64_t total) {
  if (terminal_ < 0) return;
  if (part != part_) {
    part_ = part;
    part_begin_ = clock_();
  }
  if (clock_() >= next_) show(std::min(done, total), total);
}

void Progress::show(std::uint64_t done, std::uint64_t total) {
  const auto now = clock_();
  next_ = now + kInterval;
  is_shown_ = true;
  std::string line = std::string(kEmptyLine) + part_;
  if (total > 0) line += ": " + std::to_string(done * 100 / total) + " %";
  if (done > 0 && done < total) line += ", " + time_left(now - part_begin_, done, total) + " left";
  put(line);
}

/// What cannot be told is not told: the work goes on.
void Progress::put(std::string_view text) const {
  [[maybe_unused]] const ssize_t written = ::write(terminal_, text.data(), text.size());
}

int terminal_unless_output_is_one() { return ::isatty(STDOUT_FILENO) == 1 ? -1 : STDERR_FILENO; }

}  // namespace sekisho::audit
