// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/clamd.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

#include "core/file.h"
#include "core/steady_clock.h"

namespace sekisho::returns {
namespace {

using core::SteadyClock;
using Of = ScannerTrouble::Of;
using Answer = std::variant<Finding, ScannerTrouble>;

constexpr std::size_t kChunkBytes = std::size_t{128} << 10;
constexpr std::size_t kLongestReply = 4096;
constexpr std::size_t kLongestSignature = 120;

/// One question. Waits for clamd no longer than it may, and looks round meanwhile.
class Question {
 public:
  Question(const ClamdOptions& options, const core::Demand& demand)
      : demand_(demand),
        end_(SteadyClock::now() + options.longest),
        socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}

  std::optional<ScannerTrouble> connect(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (!socket_.is_open() || path.native().size() >= sizeof address.sun_path) {
      return ScannerTrouble{Of::scanner, "cannot be connected to"};
    }
    std::memcpy(address.sun_path, path.c_str(), path.native().size());
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(socket_.get(), generic, sizeof address) == 0) return std::nullopt;
    switch (errno) {
      case ENOENT:
      case ECONNREFUSED:
        return ScannerTrouble{Of::scanner, "does not run"};
      case EACCES:
      case EPERM:
        return ScannerTrouble{Of::scanner, "has a socket that this process may not use"};
      default:  // EAGAIN: too many wait already
        return ScannerTrouble{Of::scanner, "cannot be connected to"};
    }
  }

  /// False where it does not take all of it: then it has said why, or is gone.
  bool send(core::ByteView bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
      } else if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
        if (!wait_for(POLLOUT)) return false;
      } else {
        return false;
      }
    }
    return true;
  }

  /// Up to the NUL that ends it; `nullopt` where no whole one comes.
  std::optional<std::string> reply() {
    std::string text;
    std::array<char, kLongestReply> piece{};
    while (text.size() < kLongestReply) {
      const ssize_t got = ::recv(socket_.get(), piece.data(), piece.size(), 0);
      if (got > 0) {
        text.append(piece.data(), static_cast<std::size_t>(got));
        if (const auto end = text.find('\0'); end != std::string::npos) return text.substr(0, end);
      } else if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        if (!wait_for(POLLIN)) return std::nullopt;
      } else {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  bool is_late() const { return SteadyClock::now() >= end_; }

 private:
  bool wait_for(short events) {
    while (!is_late()) {
      demand_.ask();
      pollfd asked{socket_.get(), events, 0};
      const int ready = ::poll(&asked, 1, static_cast<int>(core::kAskWhileWaiting.count()));
      if (ready > 0) return true;
      if (ready < 0 && errno != EINTR) return false;
    }
    return false;
  }

  const core::Demand& demand_;
  const SteadyClock::time_point end_;
  const core::Descriptor socket_;
};

bool send_stream(Question& question, core::ByteView stream) {
  if (!question.send(core::as_bytes(std::string_view("zINSTREAM\0", 10)))) return false;
  while (!stream.empty()) {
    const core::ByteView chunk = stream.first(std::min(kChunkBytes, stream.size()));
    const auto size = static_cast<std::uint32_t>(chunk.size());
    const std::array<core::Byte, 4> length{
        static_cast<core::Byte>(size >> 24U), static_cast<core::Byte>(size >> 16U),
        static_cast<core::Byte>(size >> 8U), static_cast<core::Byte>(size)};
    if (!question.send(length) || !question.send(chunk)) return false;
    stream = stream.subspan(chunk.size());
  }
  constexpr std::array<core::Byte, 4> kEnd{};
  return question.send(kEnd);
}

std::string signature_in(std::string_view text) {
  std::string signature;
  for (const char c : text.substr(0, kLongestSignature)) signature += c > ' ' && c <= '~' ? c : '?';
  return signature;
}

Answer read_reply(std::string_view reply) {
  constexpr std::string_view kBegin = "stream: ";
  constexpr std::string_view kFound = " FOUND";
  if (reply == "stream: OK") return Finding{};
  if (reply == "INSTREAM size limit exceeded. ERROR") {
    return Finding{Verdict::unscannable, "StreamMaxLength"};
  }
  if (!reply.starts_with(kBegin) || !reply.ends_with(kFound)) {
    return ScannerTrouble{Of::object, "answers with an error"};
  }
  reply.remove_prefix(kBegin.size());
  reply.remove_suffix(std::min(kFound.size(), reply.size()));
  // AlertExceedsMax of clamd.conf: it has looked at a part alone.
  const bool is_beyond = reply.starts_with("Heuristics.Limits.Exceeded");
  return Finding{is_beyond ? Verdict::unscannable : Verdict::infected, signature_in(reply)};
}

}  // namespace

Answer ask_clamd(const ClamdOptions& options, core::ByteView stream, const core::Demand& demand) {
  if (stream.size() > options.stream_bytes) return Finding{Verdict::unscannable, "too-large"};
  Question question(options, demand);
  if (auto trouble = question.connect(options.socket)) return *std::move(trouble);
  // What does not take the stream to its end has said why, or is gone.
  send_stream(question, stream);
  const auto reply = question.reply();
  if (reply) return read_reply(*reply);
  return ScannerTrouble{Of::object, question.is_late() ? "is too slow" : "went away"};
}

}  // namespace sekisho::returns
