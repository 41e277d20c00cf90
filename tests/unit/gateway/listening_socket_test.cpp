// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/listening_socket.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <stdexcept>

#include "unit/gateway/server_fixture.h"

namespace sekisho::gateway {
namespace {

using tests::Client;
using tests::TemporaryDirectory;
using tests::write_file;

TEST(ListeningSocket, KnowsLoopback) {
  for (const char* address : {"127.0.0.1", "127.9.8.7", "::1"}) {
    EXPECT_TRUE(is_loopback(address)) << address;
  }
  for (const char* address :
       {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "localhost", "", "127.0.0.1.example", "127.1"}) {
    EXPECT_FALSE(is_loopback(address)) << address;
  }
}

TEST(ListeningSocket, TakesAFreePort) {
  const Descriptor socket = listen_on("127.0.0.1", 0);
  EXPECT_NE(port_of(socket), 0);
}

TEST(ListeningSocket, SaysWhereItCannotListen) {
  const Descriptor taken = listen_on("127.0.0.1", 0);
  try {
    listen_on("127.0.0.1", port_of(taken));
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find(std::to_string(port_of(taken))), std::string::npos);
  }
  EXPECT_THROW(listen_on("gateway.test", 0), std::runtime_error);
  EXPECT_THROW(listen_on("192.0.2.1", 0), std::runtime_error);  // RFC 5737: nobody's
}

TEST(ListeningSocket, IsOpenToOwnerAndGroupOnly) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "door";
  const Descriptor socket = listen_on(path);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0660u);
  EXPECT_EQ(port_of(socket), 0);
}

TEST(ListeningSocket, ReplacesTheFileOfAProcessThatDied) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "door";
  { const Descriptor dead = listen_on(path); }
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_NO_THROW(listen_on(path));
}

TEST(ListeningSocket, LeavesASocketInUseAndOtherFilesAlone) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "door";
  const Descriptor alive = listen_on(path);
  EXPECT_THROW(listen_on(path), std::runtime_error);
  const auto file = write_file(directory, "file", "precious");
  EXPECT_THROW(listen_on(file), std::runtime_error);
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_THROW(listen_on(directory.path() / std::string(200, 'a')), std::runtime_error);
}

TEST(ListeningSocket, ServesThroughAUnixSocketAsFromThisMachine) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "door";
  std::vector<Listener> listeners;
  listeners.push_back({listen_on(path), nullptr});
  HttpServer server(
      std::move(listeners), {},
      [](const HttpRequest&, const Peer& peer) { return tests::text_response(peer.source.text()); },
      [] {}, core::system_clock(), [](core::Severity, std::string_view) {});
  Client client(path);
  client.request("GET / HTTP/1.1");
  EXPECT_EQ(client.answer().body, "127.0.0.1");
}

}  // namespace
}  // namespace sekisho::gateway
