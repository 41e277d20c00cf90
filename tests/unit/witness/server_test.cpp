// SPDX-License-Identifier: GPL-3.0-or-later
#include "witness/server.h"

#include <gtest/gtest.h>

#include "unit/http/client.h"
#include "unit/witness/a_growing_log.h"

namespace sekisho::witness {
namespace {

using tests::AGrowingLog;
using tests::Client;

core::Secret a_key() {
  const std::string line = audit::Cosigner::private_line("w", core::Bytes(32, 9));
  return core::Secret(core::Bytes(line.begin(), line.end()));
}

const core::Log kNoReport = [](core::Severity, std::string_view) {};

class AServer : public ::testing::Test {
 protected:
  AServer()
      : witness_(
            {a_key(), {}}, {log_.verifier()}, [](const State&) {}, core::system_clock(), kNoReport),
        server_(witness_, {"127.0.0.1", 0}, std::nullopt, core::system_clock(), kNoReport) {
    log_.grow(9);
  }
  tests::Answer post(const std::string& path, const std::string& body) {
    Client client(server_.port());
    client.request("POST " + path + " HTTP/1.1",
                   "Content-Length: " + std::to_string(body.size()) + "\r\n");
    client.send(body);
    return client.answer();
  }

  AGrowingLog log_;
  Witness witness_;
  const Server server_;
};

TEST_F(AServer, Cosigns) {
  const tests::Answer answer = post("/add-checkpoint", log_.request(0, 7));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(witness_.verifier().time_of(*audit::Note::parse(log_.note(7) + answer.body)));
}

TEST_F(AServer, TellsItsSizeInItsOwnMediaType) {
  post("/add-checkpoint", log_.request(0, 7));
  const tests::Answer answer = post("/add-checkpoint", log_.request(0, 9));
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.headers.at("content-type"), "text/x.tlog.size");
  EXPECT_EQ(answer.body, "7\n");
}

TEST_F(AServer, KeepsAConnectionForTheNextRequest) {
  Client client(server_.port());
  for (const std::string& body : {log_.request(0, 3), log_.request(3, 9)}) {
    client.request("POST /add-checkpoint HTTP/1.1",
                   "Content-Length: " + std::to_string(body.size()) + "\r\n");
    client.send(body);
    EXPECT_EQ(client.answer().status, 200);
  }
}

TEST_F(AServer, HasOnePathAndOneMethod) {
  EXPECT_EQ(post("/", log_.request(0, 7)).status, 404);
  EXPECT_EQ(post("/add-checkpoint/", log_.request(0, 7)).status, 404);
  EXPECT_EQ(post("/add-checkpoint?x", log_.request(0, 7)).status, 404);
  Client client(server_.port());
  client.request("GET /add-checkpoint HTTP/1.1");
  const tests::Answer answer = client.answer();
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers.at("allow"), "POST");
}

TEST_F(AServer, TakesNoLargeBodyAndNoneThatIsMissing) {
  EXPECT_EQ(post("/add-checkpoint", std::string(64 * 1024 + 1, 'x')).status, 413);
  EXPECT_EQ(post("/add-checkpoint", std::string(64 * 1024, 'x')).status, 400);
  EXPECT_EQ(post("/add-checkpoint", "").status, 400);
}

TEST_F(AServer, RefusesToListenInClearWhereOthersHear) {
  EXPECT_THROW(Server(witness_, {"0.0.0.0", 0}, std::nullopt, core::system_clock(), kNoReport),
               std::runtime_error);
  EXPECT_THROW(Server(witness_, {"127.0.0.1", 0}, TlsFiles{"/none.pem", "/none.key"},
                      core::system_clock(), kNoReport),
               std::runtime_error);
}

TEST(Address, IsAnIpAndAPort) {
  EXPECT_EQ(Address::parse("127.0.0.1:8443")->port, 8443);
  EXPECT_EQ(Address::parse("[::1]:0")->ip, "::1");
  for (const char* bad : {"", ":1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
                          "::1:80", "127.0.0.1:-1"}) {
    EXPECT_FALSE(Address::parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace sekisho::witness
