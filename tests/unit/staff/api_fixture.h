// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <json/value.h>

#include <string>
#include <utility>
#include <vector>

#include "access/open_stores.h"
#include "audit/audit_log.h"
#include "audit/initialise.h"
#include "core/database.h"
#include "returns/open_quarantine.h"
#include "sharing/client_authorities.h"
#include "sharing/sqlite/sqlite_consent_store.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "sharing/sqlite/sqlite_share_store.h"
#include "staff/api.h"
#include "staff/json.h"
#include "support/fake_machine.h"
#include "support/memory_dicom_store.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::staff {

/// An answer of the staff API, read.
struct Answer {
  int status = 0;
  Json::Value json;
  std::string allow{};
  std::string location{};
  std::string tag{};
};

/// A staff API on real stores and a real access log, at noon of 10 February 2026. The archive holds
/// study 1.1 of patient P1 (series 1.1.1 with instances 1.1.1.1 and 1.1.1.2) and study 1.5, which
/// stands under patients P1 and P2.
class StaffApiTest : public testing::Test {
 protected:
  StaffApiTest() {
    options.public_url = "https://share.hospital.example";
    for (const char* instance : {"1.1.1.1", "1.1.1.2"}) {
      store.put(tests::instance_key("P1", "1.1", "1.1.1", instance), {});
    }
    for (const char* patient : {"P1", "P2"}) {
      store.put(tests::instance_key(patient, "1.5", "1.5.1", "1.5.1.1"), {});
    }
  }

  using Query = std::vector<std::pair<std::string, std::string>>;

  /// As a program sends it that is no browser.
  static Request request_of(Verb verb, const std::string& path, const std::string& body = {},
                            Query query = {}) {
    Request request{verb, path, std::move(query), body, {"tanaka", kAllRoles, "10.1.0.7"}};
    request.context = {"application/json", "hospital:8042", "", ""};
    return request;
  }

  Answer call(Verb verb, const std::string& path, const std::string& body = {}, Query query = {}) {
    return answer_to(request_of(verb, path, body, std::move(query)));
  }
  Answer answer_to(const Request& request) {
    Reply reply = api.answer(request);
    if (reply.status == 304) return {304, {}, {}, {}, reply.tag};
    auto json = parse_json_object(reply.body);
    EXPECT_TRUE(std::holds_alternative<Json::Value>(json)) << reply.body;
    const auto& answer = std::get<Json::Value>(json);
    if (reply.status >= 400) {
      EXPECT_FALSE(answer["Error"].asString().empty());
      EXPECT_EQ(answer["Message"], answer["Error"]);
      EXPECT_EQ(answer["HttpStatus"].asInt(), reply.status);
      EXPECT_TRUE(answer["Details"].isArray());
    }
    return {reply.status, answer, reply.allow, reply.location, reply.tag};
  }
  Answer get(const std::string& path, Query query = {}) {
    return call(Verb::get, path, {}, std::move(query));
  }
  Answer post(const std::string& path, const std::string& body = "{}") {
    return call(Verb::post, path, body);
  }
  Answer post_json(const std::string& path, const Json::Value& body) {
    return post(path, to_text(body));
  }

  /// A registered recipient's id, whoever looks like it.
  std::string new_recipient(const std::string& name = "Minato Clinic") {
    Json::Value body;
    body["Name"] = name;
    body["Networks"].append("10.20.0.0/24");
    Answer made = post_json("/recipients", body);
    for (const Json::Value& alike : made.json["LookAlikes"]) {
      body["LookAlikesSeen"].append(alike["ID"]);
    }
    if (made.status == 409) made = post_json("/recipients", body);
    return made.json["ID"].asString();
  }
  /// What a share of study 1.1 needs at least.
  Json::Value share_body(const std::string& recipient) {
    Json::Value body;
    body["Recipient"] = recipient;
    body["Scope"]["Level"] = "Study";
    body["Scope"]["Uids"].append("1.1");
    return body;
  }
  std::string new_share(const std::string& recipient) {
    return post_json("/shares", share_body(recipient)).json["ID"].asString();
  }

  /// What Orthanc would call what the archive holds of P1 and P2.
  core::ResourceNames names() {
    const auto named = [this](auto keys_of) {
      return [this, keys_of](const std::string& id) {
        using Key = typename decltype(keys_of(core::StudyKey()))::value_type;
        for (const char* patient : {"P1", "P2"}) {
          for (const core::StudyKey& study : store.studies_of(patient, now)) {
            for (const Key& key : keys_of(study)) {
              if (resource_id(key) == id) return std::optional<Key>(key);
            }
          }
        }
        return std::optional<Key>();
      };
    };
    core::ResourceNames names;
    names.patient = [](const std::string& id) {
      return id == core::patient_resource_id("P1") ? std::optional<std::string>("P1")
                                                   : std::nullopt;
    };
    names.study = named([](const core::StudyKey& study) { return std::vector{study}; });
    names.series = named([this](const core::StudyKey& study) {
      std::vector<core::SeriesKey> keys;
      for (const auto& row : store.list(study, now)->series) keys.push_back({study, row.series});
      return keys;
    });
    names.instance = named([this](const core::StudyKey& study) {
      std::vector<core::InstanceKey> keys;
      for (const auto& row : store.list(study, now)->series) {
        for (const auto& instance : row.instances) {
          keys.push_back({{study, row.series}, instance.instance});
        }
      }
      return keys;
    });
    return names;
  }

  /// Every entry of the access log, oldest first.
  std::vector<Json::Value> entries() {
    auto database = core::db::open_read_only(place.database);
    core::db::Statement query(database,
                              "SELECT json_patch(entry, aside) FROM audit_entry ORDER BY seq");
    std::vector<Json::Value> all;
    while (query.executeStep()) {
      all.push_back(std::get<Json::Value>(parse_json_object(query.getColumn(0).getString())));
    }
    return all;
  }
  Json::Value last_entry() { return entries().back(); }
  /// From now on nothing can be put on record.
  void break_log() { core::db::open(place.database).exec("DROP TABLE audit_entry"); }

  tests::TemporaryDirectory directory;
  core::Time now = tests::at("2026-02-10T12:00:00Z");
  Options options;
  tests::MemoryDicomStore store;
  sharing::SqliteRecipientStore recipients{sharing::SharingPlace::in(directory.path())};
  sharing::SqliteShareStore shares{sharing::SharingPlace::in(directory.path())};
  sharing::SqliteConsentStore consents{sharing::SharingPlace::in(directory.path())};
  access::Stores access = access::open_stores(access::AccessPlace::in(directory.path()));
  audit::AuditPlace place = [this] {
    auto made = audit::AuditPlace::in(directory.path());
    const auto clock = [this] { return now; };
    audit::initialise(made, "hospital.example/audit", clock, tests::uptime_of(clock));
    return made;
  }();
  audit::AuditLog log{place, [this] { return now; }, [](core::Severity, std::string_view) {},
                      tests::uptime_of([this] { return now; })};
  disclosure::Denials denials{log, [this] { return now; }};
  audit::Keeping keeping{log, place.database};
  disclosure::Looks looks{[this] { return now; }};
  /// Who has put nothing into these files has none.
  sharing::ClientAuthorities authorities{
      {{directory.path() / "ca.pem", "CaFile"}, {directory.path() / "lists.pem", "CrlPath"}},
      [this] { return now; },
      [](core::Severity, std::string_view) {}};
  std::unique_ptr<returns::Quarantine> quarantine =
      returns::open_quarantine(returns::ReturnsPlace::in(place.database.parent_path()), {});
  std::vector<sharing::ShareId> forgotten;  ///< whose keys are to leave memory
  Api api{{options, store, names(), recipients, shares, consents, access, log, denials, keeping,
           looks, *quarantine, place, [this] { return now; }, [] { return SystemState(); },
           [this](const sharing::ShareId& share) { forgotten.push_back(share); }, nullptr,
           &authorities}};
};

/// Of a list, whatever it is of.
inline std::vector<std::string> ids_of(const Answer& answer) {
  EXPECT_EQ(answer.status, 200);
  std::vector<std::string> ids;
  for (const Json::Value& list : answer.json) {
    if (!list.isArray()) continue;
    for (const Json::Value& row : list) ids.push_back(row["ID"].asString());
  }
  return ids;
}

/// Details of a refusal joined, to search in.
inline std::string details(const Answer& answer) {
  std::string all;
  for (const Json::Value& detail : answer.json["Details"]) all += detail.asString() + '\n';
  return all;
}

}  // namespace sekisho::staff
