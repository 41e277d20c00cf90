// SPDX-License-Identifier: GPL-3.0-or-later
#include "config_builder.h"

namespace sekisho::plugin {
namespace {

TEST(ParseConfig, PublicUrlIsAnHttpsOrigin) {
  for (const char* url : {"https://share.hospital.example", "https://share.hospital.example:8443",
                          "https://10.0.0.1", "https://[2001:db8::1]:443", "http://localhost:8080",
                          "http://127.0.0.1", "http://[::1]:9000"}) {
    EXPECT_EQ(config_with([&](Json::Value& s) { s["PublicUrl"] = url; }).gateway.public_url, url);
  }
  for (const char* url :
       {"", "share.hospital.example", "http://share.hospital.example", "https://", "https://host/",
        "https://host/path", "https://host?x", "https://user@host", "https://host:port",
        "https://host:", "https://ho st", "https://[::1", "https://[]", "HTTPS://host",
        "https://host:123456", "https://host\n", "http://127.0.0.1.evil.example"}) {
    EXPECT_TRUE(
        only_problem_is(problems_with([&](Json::Value& s) { s["PublicUrl"] = url; }), "PublicUrl"))
        << url;
  }
}

TEST(ParseConfig, AGatewayNeedsAnAddressAPortAndBothFiles) {
  for (const char* key : {"Address", "Port", "Certificate", "PrivateKey"}) {
    EXPECT_TRUE(
        only_problem_is(problems_with([&](Json::Value& s) { s["Gateway"].removeMember(key); }),
                        std::string("\"Sekisho.Gateway.") + key + "\" is missing"));
  }
  EXPECT_TRUE(
      only_problem_is(problems_with([](Json::Value& s) { s["Gateway"]["Address"] = "vpn0"; }),
                      "must be an IPv4 or IPv6 address"));
  EXPECT_TRUE(
      only_problem_is(problems_with([](Json::Value& s) { s["Gateway"]["Certificate"] = "a.pem"; }),
                      "must be an absolute path"));
}

TEST(ParseConfig, AMissingCertificateFileIsNotWrongAsWritten) {
  config_with([](Json::Value& s) { s["Gateway"]["Certificate"] = "/does/not/exist"; });
}

Json::Value list_of(const std::vector<std::string>& texts) {
  Json::Value list(Json::arrayValue);
  for (const std::string& text : texts) list.append(text);
  return list;
}

TEST(ParseConfig, NobodysWordIsTakenForAnAddressUnlessTheConfigurationNamesThem) {
  EXPECT_TRUE(config_with([](Json::Value&) {}).gateway.tls.value().proxies.empty());
  const Config config = config_with([](Json::Value& s) {
    s["Gateway"]["ProxyPeers"] = list_of({"10.20.0.5/32", "2001:db8::/64", "10.20.0.6"});
  });
  std::vector<std::string> read;
  for (const auto& network : config.gateway.tls.value().proxies) read.push_back(network.text());
  EXPECT_EQ(read, (std::vector<std::string>{"10.20.0.5/32", "2001:db8::/64", "10.20.0.6/32"}));
}

TEST(ParseConfig, ProxyPeersAreNetworksAndNotEverybody) {
  for (const char* text : {"", "balancer.hospital.example", "10.20.0.5/33", "10.20.0.5/24"}) {
    EXPECT_TRUE(only_problem_is(
        problems_with([&](Json::Value& s) { s["Gateway"]["ProxyPeers"] = list_of({text}); }),
        "must list networks"))
        << text;
  }
  for (const char* text : {"0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96"}) {
    EXPECT_TRUE(only_problem_is(
        problems_with([&](Json::Value& s) { s["Gateway"]["ProxyPeers"] = list_of({text}); }),
        "everybody"))
        << text;
  }
  EXPECT_TRUE(only_problem_is(
      problems_with([](Json::Value& s) { s["Gateway"]["ProxyPeers"] = "10.20.0.5/32"; }),
      "must be a list of texts"));
  EXPECT_TRUE(only_problem_is(
      problems_with([](Json::Value& s) { s["Gateway"]["ProxyPeers"] = list_of_two(); }),
      "must be a list of texts"));
}

TEST(ParseConfig, OriginsAreNamedOneByOneAsBrowsersWriteThem) {
  EXPECT_TRUE(config_with([](Json::Value&) {}).gateway.allowed_origins.empty());
  const auto origins = {"https://viewer.clinic.example", "https://viewer.clinic.example:8443",
                        "http://localhost:3000", "https://[2001:db8::1]"};
  const Config config = config_with([&](Json::Value& s) {
    for (const char* origin : origins) s["AllowedOrigins"].append(origin);
  });
  EXPECT_EQ(config.gateway.allowed_origins,
            std::vector<std::string>(origins.begin(), origins.end()));
  for (const auto& [text, complaint] :
       {std::pair("*", "is none"), std::pair("null", "is none"), std::pair("", "is none"),
        std::pair("viewer.clinic.example", "is none"),
        std::pair("https://*.clinic.example", "is none"),
        std::pair("https://viewer.clinic.example/", "is none"),
        std::pair("https://a.example, https://b.example", "is none"),
        std::pair("http://viewer.clinic.example", "https:// alone"),
        std::pair("ftp://viewer.clinic.example", "https:// alone"),
        std::pair("https://Viewer.example", "as browsers do"),
        std::pair("https://viewer.example:443", "as browsers do"),
        std::pair("http://localhost:80", "as browsers do")}) {
    EXPECT_TRUE(only_problem_is(
        problems_with([&](Json::Value& s) { s["AllowedOrigins"] = list_of({text}); }), complaint))
        << text;
  }
}

TEST(ParseConfig, ThePlainListenerStaysOnTheMachine) {
  for (const char* address : {"127.0.0.1", "127.1.2.3", "::1"}) {
    const Config config = config_with([&](Json::Value& s) {
      s.removeMember("Gateway");
      s["PlainListener"]["Address"] = address;
      s["PlainListener"]["Port"] = 8080;
    });
    EXPECT_EQ(config.gateway.plain.value().address, address);
    EXPECT_FALSE(config.gateway.tls);
  }
  for (const char* address : {"0.0.0.0", "::", "10.0.0.1", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(only_problem_is(problems_with([&](Json::Value& s) {
                                  s["PlainListener"]["Address"] = address;
                                  s["PlainListener"]["Port"] = 8080;
                                }),
                                "must be a loopback address"))
        << address;
  }
}

TEST(ParseConfig, AUnixSocketIsAnAbsolutePathThatFitsAndStandsAlone) {
  EXPECT_TRUE(only_problem_is(
      problems_with([](Json::Value& s) { s["PlainListener"]["UnixSocket"] = "x.sock"; }),
      "must be an absolute path"));
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) {
                                s["PlainListener"]["UnixSocket"] = '/' + std::string(107, 'x');
                              }),
                              "107 bytes"));
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) {
                                s["PlainListener"]["UnixSocket"] = "/run/s.sock";
                                s["PlainListener"]["Address"] = "127.0.0.1";
                              }),
                              R"(does not go with "UnixSocket")"));
}

}  // namespace
}  // namespace sekisho::plugin
