// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/listening_socket.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "unit/http/server_fixture.h"

namespace sekisho::http {
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
  const Descriptor socket = listen_on("127.0.0.1", 0, "Gateway");
  EXPECT_NE(port_of(socket), 0);
}

TEST(ListeningSocket, SaysWhereItCannotListen) {
  const Descriptor taken = listen_on("127.0.0.1", 0, "Gateway");
  try {
    listen_on("127.0.0.1", port_of(taken), "Gateway");
    FAIL();
  } catch (const core::SetupTrouble& trouble) {
    const std::string text = trouble.what();
    EXPECT_TRUE(text.starts_with("The door cannot listen: 127.0.0.1 port " +
                                 std::to_string(port_of(taken)) + " (Gateway): "))
        << text;
    EXPECT_NE(text.find("ss -ltnp"), std::string::npos) << text;
  }
  EXPECT_THROW(listen_on("gateway.test", 0, "Gateway"), core::SetupTrouble);
}

TEST(ListeningSocket, SaysThatNoInterfaceHasTheAddress) {
  try {
    listen_on("192.0.2.1", 0, "Gateway");  // RFC 5737: nobody's
    FAIL();
  } catch (const core::SetupTrouble& trouble) {
    EXPECT_NE(std::string(trouble.what()).find("bring the VPN up"), std::string::npos);
  }
}

TEST(ListeningSocket, SaysHowToMakeTheMissingDirectoryOfItsFile) {
  const TemporaryDirectory directory;
  const auto missing = directory.path() / "run";
  try {
    listen_on({missing / "door", "UnixSocket"});
    FAIL();
  } catch (const core::SetupTrouble& trouble) {
    EXPECT_NE(std::string(trouble.what()).find(core::directory_remedy(missing)), std::string::npos);
  }
}

TEST(ListeningSocket, IsOpenToOwnerAndGroupOnly) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "door";
  const Descriptor socket = listen_on({path, "UnixSocket"});
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0660u);
  EXPECT_EQ(port_of(socket), 0);
}

TEST(ListeningSocket, ReplacesTheFileOfAProcessThatDied) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "door";
  {
    const Descriptor dead = listen_on({path, "UnixSocket"});
  }
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_NO_THROW(listen_on({path, "UnixSocket"}));
}

TEST(ListeningSocket, LeavesASocketInUseAndOtherFilesAlone) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "door";
  const Descriptor alive = listen_on({path, "UnixSocket"});
  EXPECT_THROW(listen_on({path, "UnixSocket"}), core::SetupTrouble);
  const auto file = write_file(directory, "file", "precious");
  EXPECT_THROW(listen_on({file, "UnixSocket"}), core::SetupTrouble);
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_THROW(listen_on({directory.path() / std::string(200, 'a'), "UnixSocket"}),
               core::SetupTrouble);
}

TEST(ListeningSocket, ServesThroughAUnixSocketAsFromThisMachine) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "door";
  std::vector<Listener> listeners;
  listeners.push_back({listen_on({path, "UnixSocket"}), nullptr});
  Server server(
      std::move(listeners), {},
      [](const Request&, const Peer& peer) { return tests::text_response(peer.source.text()); },
      [] {}, core::system_clock(), [](core::Severity, std::string_view) {});
  Client client(path);
  client.request("GET / HTTP/1.1");
  EXPECT_EQ(client.answer().body, "127.0.0.1");
}

}  // namespace
}  // namespace sekisho::http
