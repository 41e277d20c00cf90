// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry/entry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <stdexcept>

#include "audit/entry/canonical_json.h"
#include "audit/store/open_log.h"
#include "core/encoding.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using test::a_transfer;

constexpr char kBoot[] = "01234567-89ab-cdef-0123-456789abcdef";

Moment a_moment() {
  return {test::a_time(), std::chrono::microseconds{1'234'567}, ClockState::synchronised};
}

/// An encoder over the keys of a log of its own.
class Encoding : public ::testing::Test {
 protected:
  std::vector<Draft> drafts(const Event& event) { return encoder_.encode(event); }
  /// The entry of an event that takes only one.
  std::string json(const Event& event, std::uint64_t seq = 7) {
    const auto all = drafts(event);
    EXPECT_EQ(all.size(), 1U);
    return all.front().entry(seq, a_moment());
  }
  static Entry parsed(std::string_view json) {
    const auto entry = parse_entry(core::as_bytes(json));
    EXPECT_TRUE(entry) << json;
    return entry.value_or(Entry{});
  }
  /// What the boxes of the draft hold, in order.
  static std::vector<std::string> opened(const Draft& draft) {
    const Entry entry = parsed(draft.entry(0, a_moment()));
    EXPECT_EQ(entry.sealed.size(), draft.keys.size());
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < draft.keys.size(); ++i) {
      EXPECT_EQ(entry.sealed[i].key, draft.keys[i]->id);
      const auto box = core::from_base64(entry.sealed[i].box);
      EXPECT_TRUE(box);
      const auto text = unseal(draft.keys[i]->key.view(), entry.salt, *box);
      EXPECT_TRUE(text);
      texts.push_back(text.value_or(""));
    }
    return texts;
  }
  Subject subject(SubjectKind kind, std::string_view value) const {
    return IndexKey(core::Secret(core::Bytes(32, 3))).subject(kind, value);
  }

  test::ALog log_;
  KeyRing keys_{open_stored_log(log_.place().database),
                WrappingKey(core::Secret(core::Bytes(32, 4)))};
  EntryEncoder encoder_{IndexKey(core::Secret(core::Bytes(32, 3))), keys_, kBoot};
};

TEST_F(Encoding, WritesTheFieldsInOrder) {
  Event event;
  event.code = EventCode::denial;
  event.outcome = Outcome::serious_failure;
  event.authentication = "token";
  event.source = "10.20.0.17";
  event.detail = "expired_share";
  event.share_id = "s";
  event.request_id = "r";
  std::string entry = json(event, 42);
  const auto salt = entry.find("\"salt\":\"") + 8;
  entry.replace(salt, 32, "SALT");
  EXPECT_EQ(entry,
            R"({"authentication":"token","boot":"01234567-89ab-cdef-0123-456789abcdef",)"
            R"("clock":"synchronised","detail":"expired_share","event":"denial","outcome":8,)"
            R"("request":"r","salt":"SALT","seq":42,"share":"s","source":"10.20.0.17",)"
            R"("time":"2026-01-31T12:00:00.000000Z","uptime":1234567,"version":1})");
}

TEST_F(Encoding, SaltsEveryEntryAnew) { EXPECT_NE(json(Event{}), json(Event{})); }

TEST_F(Encoding, ShowsNoIdentifierInClear) {
  Event event = a_transfer("P1001", "1.2.392.1");
  event.actor = "dr.sato";
  const std::string entry = json(event);
  for (const char* secret : {"P1001", "1.2.392.1", "山田", "curl", "dr.sato", "a1b2c3d4e5f6"}) {
    EXPECT_EQ(entry.find(secret), std::string::npos) << secret;
  }
}

TEST_F(Encoding, IndexesEveryLevelAndTheRecipient) {
  const Entry entry = parsed(json(a_transfer("P1001", "1.2.3")));
  const std::set<Subject> found(entry.subjects.begin(), entry.subjects.end());
  EXPECT_EQ(found, (std::set<Subject>{
                       subject(SubjectKind::patient, "P1001"), subject(SubjectKind::study, "1.2.3"),
                       subject(SubjectKind::series, "1.2.3.1"),
                       subject(SubjectKind::instance, "1.2.3.1.1"),
                       subject(SubjectKind::recipient, "a1b2c3d4e5f60718293a4b5c6d7e8f90")}));
}

TEST_F(Encoding, SealsEachPersonsTextUnderAKeyOfTheirOwn) {
  Event event = a_transfer("P1", "1.1");
  event.actor = "dr.sato";
  event.objects.push_back({"P1", "1.1", "1.1.1", "1.1.1.2"});
  event.objects.push_back({"P2", "2.2", "", ""});
  const auto all = drafts(event);
  ASSERT_EQ(all.size(), 1U);
  const auto texts = opened(all.front());
  const std::set<std::string> found(texts.begin(), texts.end());
  EXPECT_EQ(
      found,
      (std::set<std::string>{
          R"({"actor":"dr.sato"})",
          R"({"objects":[{"instances":["1.1.1.1","1.1.1.2"],"series":"1.1.1","study":"1.1"}],)"
          R"("patient":"P1"})",
          R"({"objects":[{"study":"2.2"}],"patient":"P2"})",
          R"({"name":"山田クリニック","recipient":"a1b2c3d4e5f60718293a4b5c6d7e8f90",)"
          R"("user_agent":"curl/7.88"})"}));
  std::set<Bits128> ids;
  for (const auto& key : all.front().keys) ids.insert(key->id);
  EXPECT_EQ(ids.size(), 4U);
}

TEST_F(Encoding, SaysWhyWithTheTextOfEachPatientAlone) {
  Event event = a_transfer("P1", "1.1");
  event.purpose = "「P1」の読影依頼";
  event.objects = {{"P1", "1.1", "", ""}, {"P2", "", "", ""}};
  const auto all = drafts(event);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(json(event).find("読影"), std::string::npos);
  const auto texts = opened(all.front());
  EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()),
            (std::set<std::string>{
                R"({"objects":[{"study":"1.1"}],"patient":"P1","purpose":"「P1」の読影依頼"})",
                R"({"patient":"P2","purpose":"「P1」の読影依頼"})",
                R"({"name":"山田クリニック","recipient":"a1b2c3d4e5f60718293a4b5c6d7e8f90",)"
                R"("user_agent":"curl/7.88"})"}));
}

TEST_F(Encoding, SaysWhyInFullWhereEveryPatientTakesAnEntry) {
  Event event = a_transfer();
  for (int i = 0; i < 500; ++i) event.purpose += "読";
  event.objects.clear();
  for (int i = 0; i < 5; ++i) event.objects.push_back({"P" + std::to_string(i), "", "", ""});
  std::size_t said = 0;
  for (const Draft& draft : drafts(event)) {
    for (const std::string& text : opened(draft))
      said += text.find(event.purpose) != std::string::npos ? 1U : 0U;
  }
  EXPECT_EQ(said, 5U);
}

TEST_F(Encoding, SaysWhoseStudyItIsAsPeopleDo) {
  Event event = a_transfer("P1", "1.1");
  event.organisation = "医療法人やまだ会";
  event.objects = {{"P1", "1.1", "1.1.1", ""}, {"P1", "1.1", "1.1.2", ""}, {"P2", "", "", ""}};
  event.studies = {{"P1", "1.1", "Yamada^Hanako=山田^花子", "20260131", "CT\\PT", "胸部"},
                   {.patient_id = "P2", .patient_name = "Sato^Jiro"},
                   {.patient_id = "P3", .study_uid = "3.3", .description = "not shared"}};
  const std::string entry = json(event);
  for (const char* said : {"山田", "20260131", "胸部", "Sato"}) {
    EXPECT_EQ(entry.find(said), std::string::npos) << said;
  }
  const auto texts = opened(drafts(event).front());
  EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()),
            (std::set<std::string>{
                R"({"objects":[{"date":"20260131","description":"胸部","modalities":"CT\\PT",)"
                R"("series":"1.1.1","study":"1.1"},{"series":"1.1.2","study":"1.1"}],)"
                R"("patient":"P1","patient_name":"Yamada^Hanako=山田^花子"})",
                R"({"patient":"P2","patient_name":"Sato^Jiro"})",
                R"({"name":"山田クリニック","organisation":"医療法人やまだ会",)"
                R"("recipient":"a1b2c3d4e5f60718293a4b5c6d7e8f90","user_agent":"curl/7.88"})"}));
}

TEST_F(Encoding, TakesNoEntryMoreForWhatPeopleCallAStudy) {
  Event event = a_transfer();
  event.objects.clear();
  for (int i = 100; i < 200; ++i) {
    const std::string number = std::to_string(i);
    event.objects.push_back({"P" + number, "1." + number, "", ""});
  }
  const std::size_t without = drafts(event).size();
  for (const ObjectRef& object : event.objects) {
    event.studies.push_back({object.patient_id, object.study_uid, std::string(200, 'x'), "20260131",
                             "CT", std::string(100, 'y')});
  }
  const auto all = drafts(event);
  EXPECT_EQ(all.size(), without);
  std::size_t said = 0;
  for (const Draft& draft : all) {
    const std::string entry = draft.entry(kMaxJsonNumber, a_moment());
    EXPECT_LE(entry.size(), kMaxEntryBytes);
    for (const std::string& text : opened(draft))
      said += text.find("20260131") != text.npos ? 1U : 0U;
  }
  EXPECT_GT(said, 0U);
  EXPECT_LT(said, event.studies.size());
}

TEST_F(Encoding, KeepsTextOfNobodyUnderTheGeneralKey) {
  Event event;
  event.user_agent = "scanner";
  event.objects = {{"", "9.9", "", ""}};
  const auto all = drafts(event);
  ASSERT_EQ(all.front().keys.size(), 1U);
  EXPECT_EQ(all.front().keys.front()->subject.kind, SubjectKind::general);
  EXPECT_EQ(opened(all.front()).front(), R"({"objects":[{"study":"9.9"}],"user_agent":"scanner"})");
}

TEST_F(Encoding, KnowsAPatientOfWhomNothingWasNamed) {
  Event event;
  event.objects = {{"P1", "", "", ""}, {"", "", "", ""}};
  const auto all = drafts(event);
  EXPECT_EQ(opened(all.front()).front(), R"({"patient":"P1"})");
  EXPECT_EQ(all.front().subjects, std::vector{subject(SubjectKind::patient, "P1")});
}

TEST_F(Encoding, UsesOneKeyForOnePersonAgain) {
  const auto first = drafts(a_transfer());
  const auto second = drafts(a_transfer());
  EXPECT_EQ(first.front().keys, second.front().keys);
}

TEST_F(Encoding, RecordsEveryObjectOfAnEventThatNeedsManyEntries) {
  Event event = a_transfer();
  event.objects.clear();
  std::set<Subject> expected{subject(SubjectKind::recipient, event.recipient_id)};
  for (int i = 0; i < 900; ++i) {
    const std::string study = "1.2.392.200036.9116.2.6.1.48.1214834115." + std::to_string(i % 2);
    const ObjectRef object{"P" + std::to_string(i % 3), study, study + "." + std::to_string(i % 7),
                           study + ".77." + std::to_string(i)};
    event.objects.push_back(object);
    expected.insert(subject(SubjectKind::patient, object.patient_id));
    expected.insert(subject(SubjectKind::study, object.study_uid));
    expected.insert(subject(SubjectKind::series, object.series_uid));
    expected.insert(subject(SubjectKind::instance, object.instance_uid));
  }
  const auto all = drafts(event);
  EXPECT_GT(all.size(), 10U);
  EXPECT_LT(all.size(), 60U);
  std::set<Subject> found;
  std::string texts;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string entry = all[i].entry(i, a_moment());
    EXPECT_LE(entry.size(), kMaxEntryBytes);
    EXPECT_EQ(parsed(entry).part, i + 1);
    EXPECT_EQ(parsed(entry).parts, all.size());
    found.insert(all[i].subjects.begin(), all[i].subjects.end());
    for (const std::string& text : opened(all[i])) texts += text;
  }
  EXPECT_EQ(found, expected);
  for (const ObjectRef& object : event.objects) {
    ASSERT_NE(texts.find('"' + object.instance_uid + '"'), std::string::npos);
  }
}

TEST_F(Encoding, FitsWhateverIsThrownAtIt) {
  std::mt19937 random(1);  // always the same rows
  const auto text = [&](std::size_t most) {
    std::string value(random() % (most + 1), '\0');
    for (char& c : value) c = static_cast<char>(random());
    return value;
  };
  for (int round = 0; round < 200; ++round) {
    Event event;
    event.authentication = text(100);
    event.source = text(200);
    event.share_id = text(200);
    event.request_id = text(200);
    event.intended_use = text(9000);
    event.detail = text(500);
    event.intent = random();
    event.instances = ~std::uint64_t{0};
    event.bytes = ~std::uint64_t{0};
    event.facts = {{"a", text(60)}, {"b", text(60)}};
    event.recipient_id = text(300);
    event.recipient_name = text(2000);
    event.purpose = text(3000);
    event.organisation = text(2000);
    event.actor = text(2000);
    event.user_agent = text(9000);
    for (std::size_t i = random() % 20; i > 0; --i) {
      event.objects.push_back({text(400), text(300), text(300), text(300)});
      event.studies.push_back({event.objects.back().patient_id, event.objects.back().study_uid,
                               text(400), text(20), text(99), text(300)});
    }
    std::set<Subject> found;
    for (const Draft& draft : drafts(event)) {
      const std::string entry = draft.entry(kMaxJsonNumber, a_moment());
      ASSERT_LE(entry.size(), kMaxEntryBytes);
      ASSERT_TRUE(parse_entry(core::as_bytes(entry))) << entry;
      found.insert(draft.subjects.begin(), draft.subjects.end());
    }
    for (const ObjectRef& object : event.objects) {
      if (object.instance_uid.empty()) continue;
      ASSERT_TRUE(found.contains(subject(SubjectKind::instance, object.instance_uid)));
    }
  }
}

TEST_F(Encoding, FillsAnEntryToTheLimitAndNoFurther) {
  Event event;
  const std::string control(9000, '\x01');  // six bytes each as it is written
  event.authentication = event.source = event.share_id = event.request_id = event.intended_use =
      event.detail = event.recipient_id = event.recipient_name = event.purpose =
          event.organisation = event.actor = event.user_agent = control;
  event.facts = {{"a", std::string(490, 'x')}, {"b", std::string(490, 'y')}};
  event.objects = {{control, control + "1", control + "2", control + "3"},
                   {control, control + "1", control + "2", control + "4"}};
  event.studies = {{control, control + "1", control, control, control, control}};
  for (const Draft& draft : drafts(event)) {
    const std::string entry = draft.entry(kMaxJsonNumber, a_moment());
    EXPECT_LE(entry.size(), kMaxEntryBytes);
    EXPECT_TRUE(parse_entry(core::as_bytes(entry)));
  }
}

TEST_F(Encoding, CutsFactsThatAreTooLongTogether) {
  Event event;
  event.facts = {{"a", "short"}, {"b", std::string(400, 'x')}, {"c", std::string(400, 'y')}};
  EXPECT_EQ(parsed(json(event)).facts, event.facts);
  event.facts["d"] = std::string(400, 'z');
  const Entry entry = parsed(json(event));
  EXPECT_EQ(entry.facts.at("a"), "short");
  for (const char* name : {"b", "c", "d"}) {
    EXPECT_GT(entry.facts.at(name).size(), 200U);
    EXPECT_TRUE(entry.facts.at(name).ends_with("…"));
  }
}

TEST_F(Encoding, RefusesFactsThatAreNone) {
  Event event;
  event.facts = {{"Not a name", "x"}};
  EXPECT_THROW(drafts(event), std::invalid_argument);
  event.facts = {{"", "x"}};
  EXPECT_THROW(drafts(event), std::invalid_argument);
  event.facts.clear();
  for (char c = 'a'; c <= 'z'; ++c) {
    event.facts[std::string(1, c)] = std::string(40, 'x');
    event.facts[std::string(20, c)] = std::string(40, 'x');
  }
  EXPECT_THROW(drafts(event), std::invalid_argument);
}

TEST_F(Encoding, WritesTheLongestNameOfAnEventWithinItsFrame) {
  for (int code = 0; code <= static_cast<int>(EventCode::share_preview); ++code) {
    EXPECT_LE(event_name(static_cast<EventCode>(code)).size(),
              std::string_view("the longest name of any event ..").size());
  }
}

TEST_F(Encoding, ParserRefusesEveryOtherForm) {
  Event event = a_transfer();
  event.facts = {{"a", "x"}, {"b", "y"}};
  event.instances = 3;
  const std::string good = json(event);
  ASSERT_TRUE(parse_entry(core::as_bytes(good)));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string bad = good;
    const auto at = bad.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return bad.replace(at, from.size(), to);
  };
  for (const std::string& bad : {
           good + "\n",
           " " + good,
           with("{", "{ "),
           with("\"version\":1", "\"version\":2"),
           with("\"version\":1", "\"version\":1,\"zebra\":1"),
           with("\"version\":1", "\"version\":1.0"),
           with("\"outcome\":0", "\"outcome\":1"),
           with("\"outcome\":0", "\"outcome\":16"),
           with("\"outcome\":0,", ""),
           with("\"outcome\":0", "\"outcome\":0,\"outcome\":0"),
           with("\"outcome\":0", "\"outcome\":0,\"part\":1"),
           with("\"outcome\":0", "\"outcome\":0,\"part\":1,\"parts\":1"),
           with("\"outcome\":0", "\"outcome\":0,\"part\":3,\"parts\":2"),
           with("\"outcome\":0", "\"outcome\":0,\"part\":0,\"parts\":2"),
           with("\"outcome\":0", "\"outcome\":0,\"parts\":2"),
           with("\"clock\":\"synchronised\"", "\"clock\":\"fine\""),
           with("transfer.begin", "Transfer.begin"),
           with("transfer.begin", ""),
           with("\"authentication\":\"token\"", "\"authentication\":\"\""),
           with("\"a\":\"x\",\"b\":\"y\"", "\"b\":\"y\",\"a\":\"x\""),
           with("\"a\":\"x\",\"b\":\"y\"", "\"a\":\"x\",\"a\":\"y\""),
           with("\"a\":\"x\"", "\"a\":\"\""),
           with("\"facts\":{\"a\":\"x\",\"b\":\"y\"}", "\"facts\":{}"),
           with("\"instance\":[",
                "\"instance\":["
                "\"00000000000000000000000000000000\","
                "\"00000000000000000000000000000000\","),
           with("\"instance\":", "\"imstance\":"),
           with("\"hashes\":{", "\"hashes\":{\"extra\":[],"),
           with("\"salt\":\"", "\"salt\":\"A"),
           with("2026-01-31T12:00:00.000000Z", "2026-01-31T12:00:00Z"),
           with("2026-01-31T12:00:00.000000Z", "2026-02-31T12:00:00.000000Z"),
           with("2026-01-31T12:00:00.000000Z", "2026-01-31t12:00:00.000000Z"),
           with("01234567-89ab", "01234567-89AB"),
           with("\"box\":\"", "\"box\":\"!"),
       }) {
    EXPECT_FALSE(parse_entry(core::as_bytes(bad))) << bad;
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    ASSERT_FALSE(parse_entry(core::as_bytes(good).first(size))) << size;
  }
  EXPECT_FALSE(parse_entry(core::as_bytes(good + std::string(kMaxEntryBytes, ' '))));
}

TEST(EntryTime, HasSixDigitsAlways) {
  using std::chrono::microseconds;
  EXPECT_EQ(to_entry_time(test::a_time()), "2026-01-31T12:00:00.000000Z");
  EXPECT_EQ(to_entry_time(test::a_time() + microseconds{1}), "2026-01-31T12:00:00.000001Z");
}

TEST(EntryTime, StaysWithinFourDigitsOfYears) {
  EXPECT_EQ(to_entry_time(core::Time::max()), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(to_entry_time(core::Time::min()), "0000-01-01T00:00:00.000000Z");
}

}  // namespace
}  // namespace sekisho::audit
