// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

#include "http/body.h"
#include "support/file_on_disk.h"

namespace sekisho::tests {

/// What became of a body; outlives it. Also the switch that kills its share.
class BodyOutcome {
 public:
  struct Value {
    bool complete = false;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_read = 0;
    bool is_header_alone = false;
    friend bool operator==(const Value&, const Value&) = default;
  };

  /// Waits up to 10 s for it.
  Value get() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(10), [this] { return times_ > 0; })) {
      throw std::runtime_error("the body was never finished");
    }
    return value_;
  }
  int times() const {
    std::lock_guard lock(mutex_);
    return times_;
  }
  void revoke() { live_ = false; }
  bool live() const { return live_; }
  void set(Value value) {
    std::lock_guard lock(mutex_);
    value_ = value;
    ++times_;
    changed_.notify_all();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Value value_;
  int times_ = 0;
  std::atomic<bool> live_{true};
};

/// A text, given out in pieces of at most 1000 bytes, that may fail at its end.
class ScriptedBody final : public http::Body {
 public:
  enum class End { proper, throws };
  ScriptedBody(BodyOutcome& outcome, std::string text, End end = End::proper)
      : outcome_(outcome), text_(std::move(text)), end_(end) {}

  std::size_t read(std::span<core::Byte> out) override {
    const std::size_t count = std::min({out.size(), text_.size() - at_, std::size_t{1000}});
    if (count == 0 && end_ == End::throws) throw std::runtime_error("the disk failed");
    std::memcpy(out.data(), text_.data() + at_, count);
    at_ += count;
    return count;
  }
  bool may_go_on() const override { return outcome_.live(); }
  void finished(bool complete, std::uint64_t bytes_sent) noexcept override {
    outcome_.set({complete, bytes_sent, at_});
  }
  void unsent() noexcept override { outcome_.set({true, 0, at_, true}); }

 private:
  BodyOutcome& outcome_;
  const std::string text_;
  const End end_;
  std::size_t at_ = 0;
};

/// For each of `parts`, a text and then a file; a text behind the last.
class FilesBody final : public http::Body {
 public:
  FilesBody(BodyOutcome& outcome, std::string text, std::string_view file, std::size_t parts)
      : outcome_(outcome),
        text_(std::move(text)),
        file_(file_on_disk(core::as_bytes(file))),
        parts_(parts) {}

  std::size_t read(std::span<core::Byte> out) override {
    if (is_at_file()) {
      const auto count = static_cast<std::size_t>(take_file(out.size()).size_bytes);
      file_.read(in_file_ - count, out.first(count));
      return count;
    }
    if (in_text_ == text_.size() && part_ < parts_) {
      in_text_ = in_file_ = 0;
      ++part_;
    }
    const std::size_t count = std::min(out.size(), text_.size() - in_text_);
    std::memcpy(out.data(), text_.data() + in_text_, count);
    in_text_ += count;
    return count;
  }
  bool is_at_file() const override {
    return part_ < parts_ && in_text_ == text_.size() && in_file_ < file_.size_bytes();
  }
  http::FileRange take_file(std::uint64_t most) override {
    const std::uint64_t count = std::min(most, file_.size_bytes() - in_file_);
    in_file_ += count;
    return {file_, in_file_ - count, count};
  }
  bool may_go_on() const override { return outcome_.live(); }
  void finished(bool complete, std::uint64_t bytes_sent) noexcept override {
    outcome_.set({complete, bytes_sent, bytes_sent});
  }

 private:
  BodyOutcome& outcome_;
  const std::string text_;
  const core::StoredFile file_;
  const std::size_t parts_;
  std::size_t part_ = 0;
  std::size_t in_text_ = 0;
  std::uint64_t in_file_ = 0;
};

/// Never ends.
class EndlessBody final : public http::Body {
 public:
  explicit EndlessBody(BodyOutcome& outcome) : outcome_(outcome) {}
  std::size_t read(std::span<core::Byte> out) override {
    std::fill(out.begin(), out.end(), core::Byte{'x'});
    read_ += out.size();
    return out.size();
  }
  bool may_go_on() const override { return outcome_.live(); }
  void finished(bool complete, std::uint64_t bytes_sent) noexcept override {
    outcome_.set({complete, bytes_sent, read_});
  }

 private:
  BodyOutcome& outcome_;
  std::uint64_t read_ = 0;
};

/// Gives one piece, then waits for `release`, then ends.
class HeldBody final : public http::Body {
 public:
  HeldBody(BodyOutcome& outcome, std::shared_future<void> release)
      : outcome_(outcome), release_(std::move(release)) {}
  std::size_t read(std::span<core::Byte> out) override {
    if (read_ > 0) {
      release_.wait();
      return 0;
    }
    std::fill(out.begin(), out.end(), core::Byte{'x'});
    read_ = out.size();
    return read_;
  }
  bool may_go_on() const override { return outcome_.live(); }
  void finished(bool complete, std::uint64_t bytes_sent) noexcept override {
    outcome_.set({complete, bytes_sent, read_});
  }

 private:
  BodyOutcome& outcome_;
  const std::shared_future<void> release_;
  std::uint64_t read_ = 0;
};

}  // namespace sekisho::tests
