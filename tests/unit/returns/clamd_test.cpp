// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/clamd.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

#include "support/temporary_directory.h"

namespace sekisho::returns {
namespace {

using namespace std::string_literals;

/// Takes one stream, as INSTREAM has it, and says one thing.
class FakeClamd {
 public:
  FakeClamd(const std::filesystem::path& socket, std::string reply,
            std::size_t takes_bytes = SIZE_MAX)
      : reply_(std::move(reply)),
        takes_bytes_(takes_bytes),
        listener_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, socket.c_str(), socket.native().size());
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    server_ = std::thread([this] { serve(); });
  }
  ~FakeClamd() {
    server_.join();
    ::close(listener_);
  }
  const std::string& received() const { return received_; }

 private:
  void serve() {
    const int client = ::accept(listener_, nullptr, nullptr);
    std::array<char, 4096> piece{};
    while (!received_.ends_with("\0\0\0\0"s) && received_.size() < takes_bytes_) {
      const ssize_t got = ::read(client, piece.data(), piece.size());
      if (got <= 0) break;
      received_.append(piece.data(), static_cast<std::size_t>(got));
    }
    if (!reply_.empty()) {
      EXPECT_GT(::send(client, reply_.data(), reply_.size(), MSG_NOSIGNAL), 0);
    }
    ::close(client);
  }

  const std::string reply_;
  const std::size_t takes_bytes_;
  const int listener_;
  std::string received_;
  std::thread server_;
};

class ClamdTest : public ::testing::Test {
 protected:
  ClamdTest() { options_.socket = directory_.path() / "clamd.ctl"; }
  std::variant<Finding, ScannerTrouble> ask(std::string_view stream) {
    return ask_clamd(options_, core::as_bytes(stream), {});
  }
  /// What is made of this reply.
  std::variant<Finding, ScannerTrouble> ask_who_says(const std::string& reply) {
    const FakeClamd clamd(options_.socket, reply);
    auto answer = ask("an object");
    std::filesystem::remove(options_.socket);
    return answer;
  }

  tests::TemporaryDirectory directory_;
  ClamdOptions options_;
};

TEST_F(ClamdTest, IsSentTheStreamInChunksWithTheirLengths) {
  const FakeClamd clamd(options_.socket, "stream: OK\0"s);
  const auto answer = ask("abc");
  ASSERT_TRUE(std::holds_alternative<Finding>(answer));
  EXPECT_EQ(std::get<Finding>(answer).verdict, Verdict::clean);
  EXPECT_EQ(clamd.received(), "zINSTREAM\0\0\0\0\3abc\0\0\0\0"s);
}

TEST_F(ClamdTest, NothingIsCleanButWhatItSaysIs) {
  for (const std::string& reply :
       {""s, "\0"s, "stream: OK"s, "stream: ok\0"s, "stream: OK \0"s, "OK\0"s, "stream: \0"s,
        "stream: OK ERROR\0"s, "Can't allocate memory ERROR\0"s, "UNKNOWN COMMAND\0"s,
        std::string(5000, 'x')}) {
    EXPECT_TRUE(std::holds_alternative<ScannerTrouble>(ask_who_says(reply))) << reply;
  }
}

TEST_F(ClamdTest, TellsWhatWasFound) {
  const auto answer = ask_who_says("stream: Eicar-Test-Signature FOUND\0"s);
  const auto& finding = std::get<Finding>(answer);
  EXPECT_EQ(finding.verdict, Verdict::infected);
  EXPECT_EQ(finding.signature, "Eicar-Test-Signature");
  const auto odd = ask_who_says("stream: a\nb\xFF" + std::string(500, 'c') + " FOUND\0"s);
  EXPECT_EQ(std::get<Finding>(odd).signature, "a?b?" + std::string(116, 'c'));
}

TEST_F(ClamdTest, WhatIsBeyondALimitIsUnscannable) {
  for (const std::string& reply : {"INSTREAM size limit exceeded. ERROR\0"s,
                                   "stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0"s}) {
    const auto answer = ask_who_says(reply);
    EXPECT_EQ(std::get<Finding>(answer).verdict, Verdict::unscannable) << reply;
  }
  options_.stream_bytes = 2;
  const auto unsent = ask("abc");  // nobody listens
  EXPECT_EQ(std::get<Finding>(unsent).verdict, Verdict::unscannable);
}

TEST_F(ClamdTest, SaysWhyItStopsListeningInTheMiddle) {
  const FakeClamd clamd(options_.socket, "INSTREAM size limit exceeded. ERROR\0"s, 100'000);
  const std::string large(std::size_t{8} << 20, 'x');
  EXPECT_EQ(std::get<Finding>(ask(large)).verdict, Verdict::unscannable);
}

TEST_F(ClamdTest, IsAwayOrGoesAway) {
  const auto nobody = ask("abc");
  EXPECT_EQ(std::get<ScannerTrouble>(nobody).of, ScannerTrouble::Of::scanner);
  const auto gone = ask_who_says("");
  EXPECT_EQ(std::get<ScannerTrouble>(gone).of, ScannerTrouble::Of::object);
}

TEST_F(ClamdTest, IsNotWaitedForLongerThanItMay) {
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, options_.socket.c_str(), options_.socket.native().size());
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  options_.longest = std::chrono::seconds(1);
  const auto answer = ask("abc");
  EXPECT_EQ(std::get<ScannerTrouble>(answer).text, "is too slow");
  std::stop_source gone;
  gone.request_stop();
  EXPECT_THROW(ask_clamd(options_, core::as_bytes("abc"), core::Demand(gone.get_token())),
               core::DemandOver);
  ::close(listener);
}

}  // namespace
}  // namespace sekisho::returns
