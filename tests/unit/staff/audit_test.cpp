// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/audit.h"

#include <set>

#include "api_fixture.h"

namespace sekisho::staff {
namespace {

class StaffAudit : public StaffApiTest {
 protected:
  std::uint64_t transfer(const std::string& patient, const std::string& study,
                         const std::string& recipient = {}) {
    audit::Event event;
    event.code = audit::EventCode::transfer_begin;
    event.authentication = "token";
    event.source = "10.20.0.17";
    event.share_id = kShare;
    event.objects = {{patient, study, "", ""}};
    event.recipient_id = recipient;
    event.recipient_name = "Minato Clinic";
    return log.append(event).seq();
  }
  void transfers(int count) {
    for (int i = 0; i < count; ++i) transfer("P1", "1.1");
  }
  /// Of the log's, as "tanaka" gets it.
  Reply file(const std::string& path) { return api.show_log_file(request_of(Verb::get, path)); }
  static std::vector<std::uint64_t> seqs(const Answer& answer) {
    EXPECT_EQ(answer.status, 200) << details(answer);
    std::vector<std::uint64_t> found;
    for (const Json::Value& entry : answer.json["Entries"]) {
      found.push_back(entry["Seq"].asUInt64());
    }
    return found;
  }

  using Seqs = std::vector<std::uint64_t>;
  static constexpr const char* kShare = "5f0c64d3a1b29e7745d0c2b8e9f1a3c7";
  static constexpr const char* kRecipient = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
};

TEST_F(StaffAudit, ShowsEveryFieldOfAnEntry) {
  transfer("P1", "1.1", kRecipient);
  const Answer answer = get("/audit", {{"event", "transfer.begin"}});
  ASSERT_EQ(seqs(answer), Seqs{1});
  const Json::Value& entry = answer.json["Entries"][0];
  EXPECT_EQ(entry["Receipt"].asString(), "hospital.example/audit#1");
  EXPECT_EQ(entry["Time"].asString(), "2026-02-10T12:00:00Z");
  EXPECT_EQ(entry["Event"].asString(), "transfer.begin");
  EXPECT_EQ(entry["Outcome"].asInt(), 0);
  EXPECT_EQ(entry["Source"].asString(), "10.20.0.17");
  EXPECT_EQ(entry["Share"].asString(), kShare);
  EXPECT_EQ(entry["Recipient"].asString(), kRecipient);
  EXPECT_EQ(entry["RecipientName"].asString(), "Minato Clinic");
  EXPECT_EQ(entry["Objects"][0]["PatientID"].asString(), "P1");
  EXPECT_EQ(entry["Objects"][0]["Study"].asString(), "1.1");
  EXPECT_EQ(entry["Leaf"].asString().size(), 64U);
  EXPECT_FALSE(entry.isMember("Bytes"));
  EXPECT_FALSE(answer.json.isMember("Next"));
}

/// One answer about many patients takes several entries: each is somebody's history.
TEST_F(StaffAudit, TellsOfEveryPatientOfALongAnswerWhoItWas) {
  audit::Event event;
  event.code = audit::EventCode::query;
  event.authentication = "token";
  event.source = "10.20.0.17";
  event.share_id = kShare;
  event.request_id = "r-1";
  event.recipient_id = kRecipient;
  event.recipient_name = "Minato Clinic";
  event.query = "/studies";
  for (int i = 0; i < 60; ++i) {
    event.objects.push_back({"P" + std::to_string(i), "1." + std::to_string(i), "", ""});
  }
  log.append(event);
  std::set<std::uint64_t> parts;
  for (const audit::ObjectRef& object : event.objects) {
    const Answer answer = get("/audit", {{"patient", object.patient_id},
                                         {"event", "query"},
                                         {"recipient", kRecipient},
                                         {"share", kShare}});
    ASSERT_EQ(answer.json["Entries"].size(), 1U) << object.patient_id;
    const Json::Value& entry = answer.json["Entries"][0];
    parts.insert(entry["Part"].asUInt64());
    EXPECT_EQ(entry["Recipient"].asString(), kRecipient);
    EXPECT_EQ(entry["RecipientName"].asString(), "Minato Clinic");
    EXPECT_EQ(entry["Share"].asString(), kShare);
    EXPECT_EQ(entry["Source"].asString(), "10.20.0.17");
    EXPECT_EQ(entry["Request"].asString(), "r-1");
    EXPECT_EQ(entry["Query"].asString(), "/studies");
  }
  EXPECT_GT(parts.size(), 1U);
}

TEST_F(StaffAudit, IsItselfOnRecordBeforeItAnswers) {
  get("/audit", {{"patient", "P1"}, {"event", "denial"}, {"until", "2026-02-11T00:00:00Z"}});
  const Json::Value entry = last_entry();
  EXPECT_EQ(entry["event"].asString(), "log.read");
  EXPECT_EQ(entry["authentication"].asString(), "staff");
  EXPECT_EQ(entry["facts"]["event"].asString(), "denial");
  EXPECT_EQ(entry["facts"]["until"].asString(), "2026-02-11T00:00:00Z");
  EXPECT_EQ(entry["hashes"]["patient"].size(), 1U);
  EXPECT_EQ(to_text(entry).find("\"P1\""), std::string::npos);
  const Answer answer = get("/audit", {{"event", "log.read"}});
  ASSERT_EQ(answer.json["Entries"].size(), 1U);
  EXPECT_EQ(answer.json["Entries"][0]["Actor"].asString(), "tanaka");
  EXPECT_EQ(answer.json["Entries"][0]["Objects"][0]["PatientID"].asString(), "P1");
}

TEST_F(StaffAudit, GivesTheLogAsTilesAndPutsThoseWithEntriesOnRecord) {
  transfer("P1", "1.1", kRecipient);
  const Reply checkpoint = file("/checkpoint");
  EXPECT_EQ(checkpoint.status, 200);
  EXPECT_EQ(checkpoint.body, log.head().checkpoint);
  EXPECT_EQ(std::string_view(checkpoint.type), "text/plain; charset=utf-8");
  const std::size_t before = entries().size();
  const Reply hashes = file("/tile/0/000.p/2");
  EXPECT_EQ(hashes.status, 200);
  EXPECT_EQ(hashes.body.size(), 2U * 32);
  EXPECT_EQ(entries().size(), before) << "hashes are no reading";

  const Reply bundle = file("/tile/entries/000.p/2");
  EXPECT_EQ(bundle.status, 200);
  EXPECT_NE(bundle.body.find(R"("event":"transfer.begin")"), std::string::npos);
  EXPECT_EQ(entries().size(), before + 1);
  EXPECT_EQ(last_entry()["event"].asString(), "log.read");
  EXPECT_EQ(last_entry()["facts"]["file"].asString(), "tile/entries/000.p/2");
  EXPECT_TRUE(last_entry().isMember("sealed")) << "who it was";
}

TEST_F(StaffAudit, HasNoOtherFiles) {
  for (const char* path : {"", "/", "/checkpoint/", "//checkpoint", "/tile/0/000", "/tile/9/000",
                           "/tile/entries/000.p/0", "/tile/0/../checkpoint", "/audit.db"}) {
    EXPECT_EQ(file(path).status, 404) << path;
  }
  EXPECT_EQ(api.show_log_file(request_of(Verb::get, "/checkpoint", {}, {{"a", "b"}})).status, 400);
  const Reply reply = api.show_log_file(request_of(Verb::post, "/checkpoint"));
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.allow, "GET");
}

TEST_F(StaffAudit, GivesNoEntriesThatItCannotPutOnRecord) {
  {
    core::db::Database database(place.database.string(), SQLite::OPEN_READWRITE);
    database.exec(
        "CREATE TRIGGER disk_full BEFORE INSERT ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  }
  EXPECT_THROW(file("/tile/entries/000.p/1"), audit::AuditError);
}

TEST_F(StaffAudit, AnswersNothingThatIsNotOnRecord) {
  break_log();
  EXPECT_THROW(get("/audit"), audit::AuditError);
}

TEST_F(StaffAudit, FiltersByWhomAndWhat) {
  const std::uint64_t first = transfer("P1", "1.1", kRecipient);
  const std::uint64_t second = transfer("P1", "1.5");
  const std::uint64_t third = transfer("P2", "1.5", kRecipient);
  const auto found = [&](Query query) {
    query.emplace_back("event", "transfer.begin");
    return seqs(get("/audit", std::move(query)));
  };
  EXPECT_EQ(found({{"patient", "P1"}}), (Seqs{first, second}));
  EXPECT_EQ(found({{"study", "1.5"}}), (Seqs{second, third}));
  EXPECT_EQ(found({{"patient", "P1"}, {"study", "1.5"}}), Seqs{second});
  EXPECT_EQ(found({{"recipient", kRecipient}}), (Seqs{first, third}));
  EXPECT_EQ(found({{"recipient", kRecipient}, {"patient", "P2"}}), Seqs{third});
  EXPECT_EQ(found({{"share", kShare}}), (Seqs{first, second, third}));
  EXPECT_EQ(found({{"share", kRecipient}}), Seqs{});
  EXPECT_EQ(found({{"patient", "P"}}), Seqs{});
}

TEST_F(StaffAudit, FiltersBySeriesActorAndOutcome) {
  audit::Event event;
  event.code = audit::EventCode::transfer_begin;
  event.objects = {{"P1", "1.1", "1.1.1", "1.1.1.1"}};
  const std::uint64_t of_series = log.append(event).seq();
  event.objects = {{"P1", "1.1", "1.1.2", ""}};
  event.actor = "suzuki";
  event.outcome = audit::Outcome::serious_failure;
  const std::uint64_t by_suzuki = log.append(event).seq();
  EXPECT_EQ(seqs(get("/audit", {{"series", "1.1.1"}})), Seqs{of_series});
  EXPECT_EQ(seqs(get("/audit", {{"actor", "suzuki"}})), Seqs{by_suzuki});
  const Json::Value reading = last_entry();
  EXPECT_EQ(to_text(reading).find("suzuki"), std::string::npos);
  EXPECT_EQ(reading["facts"]["actor_hash"].asString().size(), 32U);
  EXPECT_EQ(seqs(get("/audit", {{"outcome", "8"}})), Seqs{by_suzuki});
  EXPECT_EQ(last_entry()["facts"]["outcome"], "8");
  EXPECT_EQ(seqs(get("/audit", {{"outcome", "0"}, {"series", "1.1.2"}})).size(), 0U);
}

TEST_F(StaffAudit, FiltersByTime) {
  const std::uint64_t first = transfer("P1", "1.1");
  now += std::chrono::hours(1);
  const std::uint64_t second = transfer("P1", "1.1");
  EXPECT_EQ(seqs(get("/audit", {{"patient", "P1"}, {"since", "2026-02-10T12:30:00Z"}})),
            Seqs{second});
  EXPECT_EQ(seqs(get("/audit", {{"event", "transfer.begin"}, {"until", "2026-02-10T13:00:00Z"}})),
            Seqs{first});
}

TEST_F(StaffAudit, GoesThroughALogPageByPage) {
  transfers(7);
  Seqs all;
  Query query = {{"event", "transfer.begin"}, {"limit", "3"}};
  for (int pages = 0; pages < 10; ++pages) {
    const Answer answer = get("/audit", query);
    for (std::uint64_t seq : seqs(answer)) all.push_back(seq);
    if (!answer.json.isMember("Next")) break;
    query.resize(2);
    query.emplace_back("after", answer.json["Next"].asString());
  }
  EXPECT_EQ(all, (Seqs{1, 2, 3, 4, 5, 6, 7}));
}

TEST_F(StaffAudit, GoesBackThroughALogPageByPage) {
  transfers(3);
  const std::uint64_t other = transfer("P2", "1.5");
  transfers(3);
  const auto all = [&](Query query) {
    Seqs found;
    query.emplace_back("event", "transfer.begin");
    query.emplace_back("order", "desc");
    query.emplace_back("limit", "2");
    const std::size_t asked = query.size();
    for (int pages = 0; pages < 10; ++pages) {
      const Answer answer = get("/audit", query);
      for (const std::uint64_t seq : seqs(answer)) found.push_back(seq);
      if (!answer.json.isMember("Next")) break;
      query.resize(asked);
      query.emplace_back("after", answer.json["Next"].asString());
    }
    return found;
  };
  EXPECT_EQ(other, 4U);
  EXPECT_EQ(all({}), (Seqs{7, 6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(all({{"patient", "P1"}}), (Seqs{7, 6, 5, 3, 2, 1}));
  EXPECT_EQ(all({{"patient", "P2"}}), Seqs{4});
  EXPECT_EQ(all({{"since", "2026-02-11T00:00:00Z"}}), Seqs{});
}

TEST_F(StaffAudit, RefusesWhatMakesNoSense) {
  const std::size_t before = entries().size();
  for (const Query& query :
       {Query{{"event", "no.such"}}, Query{{"recipient", "x"}}, Query{{"share", "x"}},
        Query{{"since", "yesterday"}}, Query{{"until", "1"}}, Query{{"after", "-1"}},
        Query{{"after", "x"}}, Query{{"after", "9007199254740991"}}, Query{{"limit", "0"}},
        Query{{"patient", ""}}, Query{{"study", std::string(300, '1')}}, Query{{"patient", "\xFF"}},
        Query{{"from", "2026-02-10T12:30:00Z"}}, Query{{"order", "x"}}, Query{{"outcome", "1"}},
        Query{{"series", ""}}}) {
    const Answer answer = get("/audit", query);
    EXPECT_EQ(answer.status, 400) << query.front().first;
    EXPECT_EQ(answer.json["Details"].size(), 1U);
  }
  EXPECT_EQ(entries().size(), before);
}

}  // namespace
}  // namespace sekisho::staff
