// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/channel.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "http/listening_socket.h"
#include "unit/http/server_fixture.h"

namespace sekisho::http {
namespace {

using tests::server_context;

/// Both ends of one connection over TLS, whose socket takes little at a time. Nothing of it waits.
class ChannelOverTls : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()), 0);
    near_ = Descriptor(ends[0]);
    far_ = Descriptor(ends[1]);
    const int size = 10'000;
    ::setsockopt(near_.get(), SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    client_context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_max_proto_version(client_context_.get(), GetParam());
    client_.reset(SSL_new(client_context_.get()));
    SSL_set_fd(client_.get(), far_.get());
    channel_.emplace(near_.get(), *context_);
    Io io = Io::wants_read;
    bool is_done = false;
    for (int i = 0; i < 20 && !(is_done && io == Io::done); ++i) {
      is_done = SSL_connect(client_.get()) == 1;
      io = channel_->handshake();
    }
    ASSERT_TRUE(is_done && io == Io::done);
  }

  /// All that the client can decrypt now.
  std::size_t drain() {
    std::array<char, 16 * 1024> buffer{};
    std::size_t count = 0;
    for (std::size_t got = 0;
         SSL_read_ex(client_.get(), buffer.data(), buffer.size(), &got) == 1;) {
      received_.append(buffer.data(), got);
      count += got;
    }
    return count;
  }

  SslContext context_ = server_context();
  SslContext client_context_;
  Descriptor near_, far_;
  Ssl client_;
  std::optional<Channel> channel_;
  std::string received_;
};

TEST_P(ChannelOverTls, CountsWhatTheOtherSideCanReadOfABlockThatTheSocketTakesInPieces) {
  std::string sent(600'000, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 31 + i / 251);
  core::ByteView rest = core::as_bytes(sent);
  int pieces = 0;
  while (!rest.empty()) {
    const IoResult result = channel_->write(rest);
    ASSERT_TRUE(result.io == Io::done || result.io == Io::wants_write);
    rest = rest.subspan(result.bytes);
    ++pieces;
    EXPECT_EQ(drain(), result.bytes) << "piece " << pieces;
  }
  EXPECT_GT(pieces, 3);
  EXPECT_EQ(received_, sent);
}

TEST_P(ChannelOverTls, SaysGoodbyeBehindWhatTheSocketHasTaken) {
  EXPECT_EQ(channel_->write(core::as_bytes("the end")).bytes, 7U);
  channel_->end_writing();
  EXPECT_EQ(drain(), 7U);
  EXPECT_EQ(SSL_get_shutdown(client_.get()), SSL_RECEIVED_SHUTDOWN);
}

TEST_P(ChannelOverTls, FailsWhereTheOtherSideHasGone) {
  client_.reset();
  far_ = Descriptor();
  const std::string block(200'000, 'x');
  EXPECT_EQ(channel_->write(core::as_bytes(block)).io, Io::failed);
}

INSTANTIATE_TEST_SUITE_P(Versions, ChannelOverTls, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION));

}  // namespace
}  // namespace sekisho::http
