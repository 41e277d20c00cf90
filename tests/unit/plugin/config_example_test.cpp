// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>

#include "config_builder.h"

namespace sekisho::plugin {
namespace {

TEST(ParseConfig, TheExampleIsGood) {
  std::ifstream file(SEKISHO_SOURCE_DIR "/orthanc-config/sekisho.json");
  Json::CharReaderBuilder builder;
  builder["collectComments"] = false;  // Orthanc hands its configuration over without
  Json::Value root;
  ASSERT_TRUE(Json::parseFromStream(builder, file, &root, nullptr));
  const auto result = parse_config(as_orthanc_hands_it_over(root));
  ASSERT_TRUE(std::holds_alternative<Config>(result));
  EXPECT_EQ(std::get<Config>(result).data_directory, "/var/lib/sekisho");
}

TEST(ParseConfig, TheProfilesOfTheExampleAreGoodOnceTheyAreNoComment) {
  std::ifstream file(SEKISHO_SOURCE_DIR "/orthanc-config/sekisho.json");
  constexpr std::string_view kComment = "    // ";
  std::string json;
  for (std::string line; std::getline(file, line);) {
    const std::string bare = line.starts_with(kComment) ? line.substr(kComment.size()) : "";
    if (json.empty() && bare != R"("Profiles": {)") continue;
    json += json.empty() ? "{" : bare;
    if (bare == "},") break;
  }
  ASSERT_TRUE(json.ends_with("},")) << json;
  json.pop_back();
  const auto read = anonymization::ProfileCatalogue::read(json);
  const auto* catalogue = std::get_if<anonymization::ProfileCatalogue>(&read);
  ASSERT_NE(catalogue, nullptr) << std::get<std::vector<std::string>>(read).front();
  EXPECT_TRUE(catalogue->has("teaching"));
}

TEST(ParseConfig, TheExampleShowsTheDefaultLimits) {
  const http::Limits shown =
      config_with([](Json::Value& s) {
        std::ifstream file(SEKISHO_SOURCE_DIR "/orthanc-config/sekisho.json");
        Json::Value example;
        file >> example;
        s["Limits"] = example["Sekisho"]["Limits"];
      }).gateway.limits;
  const http::Limits limits;
  EXPECT_EQ(shown.handshake, limits.handshake);
  EXPECT_EQ(shown.header, limits.header);
  EXPECT_EQ(shown.header_bytes, limits.header_bytes);
  EXPECT_EQ(shown.idle, limits.idle);
  EXPECT_EQ(shown.stalled_write, limits.stalled_write);
  EXPECT_EQ(shown.connections, limits.connections);
  EXPECT_EQ(shown.connections_per_address, limits.connections_per_address);
  EXPECT_EQ(shown.workers, limits.workers);
  EXPECT_EQ(shown.body_bytes, limits.body_bytes);
  EXPECT_EQ(shown.spool_bytes, limits.spool_bytes);
  EXPECT_EQ(shown.spool_bytes_per_recipient, limits.spool_bytes_per_recipient);
  EXPECT_EQ(shown.spool_bytes_left_free, limits.spool_bytes_left_free);
}

}  // namespace
}  // namespace sekisho::plugin
