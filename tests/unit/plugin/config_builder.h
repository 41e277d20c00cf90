// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <json/reader.h>
#include <json/writer.h>

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "plugin/config.h"

namespace sekisho::plugin {

using Problems = std::vector<std::string>;

inline constexpr const char* kGood = R"({
  "StorageDirectory": "/var/lib/orthanc/storage",
  "Sekisho": {
    "DataDirectory": "/var/lib/sekisho",
    "PublicUrl": "https://share.hospital.example",
    "Gateway": {
      "Address": "10.20.0.1", "Port": 443,
      "Certificate": "/etc/sekisho/gateway.pem", "PrivateKey": "/etc/sekisho/gateway.key"
    }
  }
})";

inline Json::Value good() {
  Json::Value root;
  Json::Reader().parse(kGood, root);
  return root;
}

/// Without comments: what JsonCpp 1.9.6 writes of them it does not always read again.
inline std::string as_orthanc_hands_it_over(const Json::Value& root) {
  Json::StreamWriterBuilder builder;
  builder["commentStyle"] = "None";
  return Json::writeString(builder, root);
}

using Change = std::function<void(Json::Value& root)>;
/// The good configuration with something changed.
inline std::variant<Config, Problems> parsed(const Change& change) {
  Json::Value root = good();
  change(root);
  return parse_config(as_orthanc_hands_it_over(root));
}
inline std::variant<Config, Problems> parsed_with(const Change& change_sekisho) {
  return parsed([&](Json::Value& root) { change_sekisho(root["Sekisho"]); });
}
inline Config config_with(const Change& change_sekisho) {
  auto result = parsed_with(change_sekisho);
  if (const auto* problems = std::get_if<Problems>(&result)) {
    for (const std::string& problem : *problems) ADD_FAILURE() << problem;
    return {};
  }
  return std::get<Config>(result);
}
inline Problems problems_with(const Change& change_sekisho) {
  auto result = parsed_with(change_sekisho);
  return std::holds_alternative<Problems>(result) ? std::get<Problems>(result) : Problems{};
}
/// True when there is exactly one problem and it names `what`.
inline ::testing::AssertionResult only_problem_is(const Problems& problems,
                                                  const std::string& what) {
  if (problems.size() == 1 && problems[0].find(what) != std::string::npos) {
    return ::testing::AssertionSuccess();
  }
  auto failure = ::testing::AssertionFailure() << problems.size() << " problems:";
  for (const std::string& problem : problems) failure << "\n  " << problem;
  return failure;
}

inline Json::Value list_of_two() {
  Json::Value list;
  list.append(1);
  list.append("two");
  return list;
}

inline Json::Value an_audit_repository() {
  Json::Value repository;
  repository["Host"] = "audit.hospital.example";
  repository["CaFile"] = "/etc/sekisho/audit-ca.pem";
  repository["CertificateFile"] = "/etc/sekisho/audit-client.pem";
  repository["KeyFile"] = "/etc/sekisho/audit-client.key";
  repository["Identifiers"] = "opened";
  return repository;
}

inline Json::Value a_mail_server() {
  Json::Value mail;
  mail["Host"] = "mail.hospital.example";
  mail["From"] = "sekisho@hospital.example";
  return mail;
}

inline Json::Value two_witnesses() {
  Json::Value witnesses;
  Json::Reader().parse(R"({
    "Quorum": 2,
    "Members": [
      {"Url": "https://w1.example:8443/log", "CaFile": "/etc/ca.pem"},
      {"Url": "http://127.0.0.1:9000"}
    ]})",
                       witnesses);
  for (int i = 0; i < 2; ++i) {
    const std::string name = "w" + std::to_string(i + 1) + ".example";
    const core::Bytes seed(32, static_cast<core::Byte>(i + 1));
    witnesses["Members"][i]["Key"] = audit::Cosigner(name, seed).verifier().line();
  }
  return witnesses;
}

}  // namespace sekisho::plugin
