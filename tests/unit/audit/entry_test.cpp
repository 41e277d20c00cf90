// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry/entry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <stdexcept>

#include "audit/entry/canonical_json.h"
#include "audit/store/open_log.h"
#include "core/digest.h"
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
  StoredEntry stored(const Event& event, std::uint64_t seq = 7) {
    const auto all = drafts(event);
    EXPECT_EQ(all.size(), 1U);
    return all.front().entry(seq, a_moment());
  }
  /// All that is written of it.
  std::string json(const Event& event) {
    const StoredEntry entry = stored(event);
    return entry.leaf + entry.aside;
  }
  static Entry parsed(const StoredEntry& stored) {
    const auto entry = parse_entry(stored.bytes());
    EXPECT_TRUE(entry) << stored.leaf << stored.aside;
    return entry.value_or(Entry{});
  }
  static void expect_within_limits(const StoredEntry& entry) {
    EXPECT_LE(entry.leaf.size(), kMaxEntryBytes);
    EXPECT_LE(entry.aside.size(), kMaxAsideBytes);
    EXPECT_TRUE(parse_entry(entry.bytes())) << entry.leaf << entry.aside;
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

Event an_ended_transfer() {
  Event event;
  event.code = EventCode::transfer_end;
  event.outcome = Outcome::serious_failure;
  event.authentication = "token";
  event.source = "10.20.0.17";
  event.detail = "aborted";
  event.share_id = "s";
  event.request_id = "r";
  event.intended_use = "reading";
  event.intent = 5;
  event.instances = 3;
  event.bytes = 17;
  event.facts = {{"answers", "4"}};
  return event;
}

TEST_F(Encoding, WritesTheFieldsInOrder) {
  const StoredEntry entry = stored(an_ended_transfer(), 42);
  std::string aside = entry.aside;
  const auto salt = aside.find("\"salt\":\"") + 8;
  aside.replace(salt, 32, "SALT");
  EXPECT_EQ(aside, R"({"bytes":17,"facts":{"answers":"4"},"instances":3,"salt":"SALT",)"
                   R"("source":"10.20.0.17"})");
  EXPECT_EQ(entry.leaf,
            R"({"aside":")" + core::to_hex(core::sha256(core::as_bytes(entry.aside))) +
                R"(","authentication":"token","boot":"01234567-89ab-cdef-0123-456789abcdef",)"
                R"("clock":"synchronised","detail":"aborted","event":"transfer.end","intent":5,)"
                R"("outcome":8,"purpose":"reading","request":"r","seq":42,"share":"s",)"
                R"("time":"2026-01-31T12:00:00.000000Z","uptime":1234567,"version":2})");
}

/// Outside every denial looks the same: so does its receipt.
TEST_F(Encoding, TellsInTheLeafNeitherWhySomebodyWasRefusedNorWhetherThereIsSuchAShare) {
  Event event = an_ended_transfer();
  event.code = EventCode::denial;
  event.detail = "share_not_yet_valid";
  const StoredEntry entry = stored(event);
  const auto leaf = parse_leaf(core::as_bytes(entry.leaf));
  ASSERT_TRUE(leaf);
  EXPECT_EQ(leaf->detail, "");
  EXPECT_EQ(leaf->share, "");
  EXPECT_EQ(leaf->intended_use, "");
  EXPECT_EQ(parsed(entry).detail, "share_not_yet_valid");
  EXPECT_EQ(parsed(entry).share, "s");
  EXPECT_EQ(parsed(entry).intended_use, "reading");
}

TEST_F(Encoding, SaysInTheLeafWhatTheLogSaysOfItselfAndOfNobodyElse) {
  for (std::size_t i = 0; i < kEventCodes; ++i) {
    Event event = a_transfer();
    event.code = static_cast<EventCode>(i);
    event.facts = {{"one", "fact"}};
    const StoredEntry entry = stored(event);
    const auto leaf = parse_leaf(core::as_bytes(entry.leaf));
    ASSERT_TRUE(leaf);
    const std::string_view name = event_name(event.code);
    const bool is_public =
        name.starts_with("log.")
            ? name != "log.read" && name != "log.full"
            : name.starts_with("witness.") || name == "key.rotate" || name == "clock.step";
    EXPECT_EQ(leaf->facts.size(), is_public ? 1U : 0U) << name;
    EXPECT_EQ(parsed(entry).facts, event.facts) << name;
    EXPECT_TRUE(leaf->subjects.empty() && leaf->sealed.empty() && leaf->source.empty()) << name;
  }
}

/// What a stranger who holds both has to compare, over all events: the leaves of two shares of one
/// patient, of another recipient, of a name that is longer, of more images.
TEST_F(Encoding, LeavesOfTwoSharesHaveNothingInCommonThatTellsOfPatientStudyOrRecipient) {
  for (std::size_t i = 0; i < kEventCodes; ++i) {
    Event one = a_transfer("P1001", "1.2.3");
    one.code = static_cast<EventCode>(i);
    one.instances = 512;
    one.bytes = 268'435'456;
    Event other = one;
    other.share_id = std::string(32, 'b');
    const auto leaves = {stored(one).leaf, stored(one).leaf, stored(other).leaf};
    const auto without_commitment = [](std::string leaf) { return leaf.erase(10, 64); };
    std::set<std::string> commitments;
    for (const std::string& leaf : leaves) {
      commitments.insert(leaf.substr(10, 64));
      for (const char* told : {"512", "268435456", "10.20.0.17"}) {
        EXPECT_EQ(without_commitment(leaf).find(told), leaf.npos) << leaf;
      }
    }
    EXPECT_EQ(commitments.size(), 3U);
    // Whoever and whatever it is about, the rest of the leaf is the same to the byte.
    Event another = a_transfer("P" + std::string(60, '9'), "1.2.840." + std::string(40, '8'));
    another.code = one.code;
    another.recipient_id = std::string(32, 'c');
    another.recipient_name = std::string(100, 'n');
    another.organisation = std::string(50, 'o');
    another.user_agent = std::string(70, 'u');
    another.actor = "dr.sato";
    another.purpose = std::string(90, 'p');
    another.query = "/studies";
    another.source = "10.20.0.111";
    another.instances = 1;
    another.facts = {};
    EXPECT_EQ(without_commitment(stored(one).leaf), without_commitment(stored(another).leaf));
  }
}

TEST_F(Encoding, NamesWhoItWasInEveryPartOfALongerEvent) {
  Event event = a_transfer();
  event.code = EventCode::query;
  event.actor = "dr.sato";
  event.organisation = "医療法人やまだ会";
  event.query = "/studies?limit=100";
  event.instances = 200;
  event.objects.clear();
  for (int i = 0; i < 200; ++i)
    event.objects.push_back({"P" + std::to_string(i), "1." + std::to_string(i), "", ""});
  const auto all = drafts(event);
  ASSERT_GT(all.size(), 2U);
  std::uint64_t counted = 0;
  for (const Draft& draft : all) {
    const Entry entry = parsed(draft.entry(0, a_moment()));
    EXPECT_EQ(entry.authentication, "token");
    EXPECT_EQ(entry.source, "10.20.0.17");
    EXPECT_EQ(entry.share, event.share_id);
    EXPECT_EQ(entry.request, "r-1");
    EXPECT_EQ(entry.intended_use, "TREAT");
    counted += entry.instances.value_or(0);
    EXPECT_TRUE(std::ranges::count(entry.subjects,
                                   subject(SubjectKind::recipient, event.recipient_id)) == 1);
    std::string texts;
    for (const std::string& text : opened(draft)) texts += text;
    for (const char* said : {"dr.sato", "山田クリニック", "医療法人やまだ会", "?limit=100"}) {
      EXPECT_NE(texts.find(said), texts.npos) << said;
    }
  }
  EXPECT_EQ(counted, 200U) << "counted once";
}

TEST_F(Encoding, SealsWhatWasAskedWithEachPatientOrWithWhoAskedWhereNobodyWasFound) {
  Event event = a_transfer("P1", "1.1");
  event.code = EventCode::query;
  event.query = "/studies?PatientName=YAMADA*";
  event.objects = {{"P1", "1.1", "", ""}, {"P2", "2.2", "", ""}};
  EXPECT_EQ(json(event).find("YAMADA"), std::string::npos);
  std::size_t said = 0;
  for (const std::string& text : opened(drafts(event).front())) {
    const bool is_of_patient = text.find("\"patient\"") != text.npos;
    EXPECT_EQ(text.find("YAMADA") != text.npos, is_of_patient) << text;
    said += is_of_patient ? 1U : 0U;
  }
  EXPECT_EQ(said, 2U);
  event.objects.clear();
  const auto alone = opened(drafts(event).front());
  ASSERT_EQ(alone.size(), 1U);
  EXPECT_NE(alone.front().find("YAMADA"), std::string::npos);
  EXPECT_EQ(read_box_text(alone.front())->query, event.query);
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
  const Entry entry = parsed(stored(a_transfer("P1001", "1.2.3")));
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
    event.studies.push_back({object.patient_id, object.study_uid, std::string(20, 'x'), "20260131",
                             "CT", std::string(10, 'y')});
  }
  const auto all = drafts(event);
  EXPECT_EQ(all.size(), without);
  std::size_t said = 0;
  for (const Draft& draft : all) {
    expect_within_limits(draft.entry(kMaxJsonNumber, a_moment()));
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
    const StoredEntry entry = all[i].entry(i, a_moment());
    expect_within_limits(entry);
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
    event.query = text(3000);
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
      expect_within_limits(draft.entry(kMaxJsonNumber, a_moment()));
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
      event.detail = event.recipient_id = event.recipient_name = event.purpose = event.query =
          event.organisation = event.actor = event.user_agent = control;
  event.facts = {{"a", std::string(490, 'x')}, {"b", std::string(490, 'y')}};
  event.objects = {{control, control + "1", control + "2", control + "3"},
                   {control, control + "1", control + "2", control + "4"}};
  event.studies = {{control, control + "1", control, control, control, control}};
  for (const Draft& draft : drafts(event)) {
    expect_within_limits(draft.entry(kMaxJsonNumber, a_moment()));
  }
}

TEST_F(Encoding, CutsFactsThatAreTooLongTogether) {
  Event event;
  event.facts = {{"a", "short"}, {"b", std::string(400, 'x')}, {"c", std::string(400, 'y')}};
  EXPECT_EQ(parsed(stored(event)).facts, event.facts);
  event.facts["d"] = std::string(400, 'z');
  const Entry entry = parsed(stored(event));
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

/// Another text in the place of one that is there.
std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == text.npos ? text : text.replace(at, from.size(), to);
}

TEST_F(Encoding, ParserRefusesEveryOtherFormOfALeaf) {
  const StoredEntry good = stored(an_ended_transfer());
  ASSERT_TRUE(parse_entry(good.bytes()));
  const auto variant = [&](std::string_view from, std::string_view to) {
    return with(good.leaf, from, to);
  };
  for (const std::string& bad : {
           good.leaf + "\n",
           " " + good.leaf,
           variant("{", "{ "),
           variant("{\"aside\":\"", "{\"aside\":\"A"),
           variant("{\"aside\":\"", "{\"aside\":\"0"),
           variant("\"version\":2", "\"version\":1"),
           variant("\"version\":2", "\"version\":3"),
           variant("\"version\":2", "\"version\":2,\"zebra\":1"),
           variant("\"version\":2", "\"version\":2.0"),
           variant("\"outcome\":8", "\"outcome\":1"),
           variant("\"outcome\":8", "\"outcome\":16"),
           variant("\"outcome\":8,", ""),
           variant("\"outcome\":8", "\"outcome\":8,\"outcome\":8"),
           variant("\"outcome\":8", "\"outcome\":8,\"part\":1,\"parts\":2"),
           variant("\"intent\":5", "\"instances\":3,\"intent\":5"),
           variant("\"event\":\"transfer.end\"",
                   "\"event\":\"transfer.end\",\"facts\":{\"a\":\"b\"}"),
           variant("\"clock\":\"synchronised\"", "\"clock\":\"fine\""),
           variant("transfer.end", "Transfer.end"),
           variant("transfer.end", ""),
           variant("\"authentication\":\"token\"", "\"authentication\":\"\""),
           variant("2026-01-31T12:00:00.000000Z", "2026-01-31T12:00:00Z"),
           variant("2026-01-31T12:00:00.000000Z", "2026-02-31T12:00:00.000000Z"),
           variant("2026-01-31T12:00:00.000000Z", "2026-01-31t12:00:00.000000Z"),
           variant("01234567-89ab", "01234567-89AB"),
       }) {
    EXPECT_FALSE(parse_entry({core::as_bytes(bad), core::as_bytes(good.aside)})) << bad;
  }
  for (std::size_t size = 0; size < good.leaf.size(); ++size) {
    ASSERT_FALSE(parse_entry({core::as_bytes(good.leaf).first(size), core::as_bytes(good.aside)}))
        << size;
  }
  const std::string padded = good.leaf + std::string(kMaxEntryBytes, ' ');
  EXPECT_FALSE(parse_entry({core::as_bytes(padded), core::as_bytes(good.aside)}));
}

TEST_F(Encoding, ParserRefusesEveryOtherAside) {
  const StoredEntry good = stored(an_ended_transfer());
  for (const std::string& bad :
       {std::string(), good.aside + ' ', with(good.aside, "10.20", "10.21"),
        stored(an_ended_transfer()).aside}) {
    EXPECT_FALSE(parse_entry({core::as_bytes(good.leaf), core::as_bytes(bad)})) << bad;
  }
}

/// Though the leaf commits to it.
TEST_F(Encoding, ParserRefusesEveryOtherFormOfAnAside) {
  Event event = a_transfer();
  event.facts = {{"a", "x"}, {"b", "y"}};
  event.instances = 3;
  const StoredEntry good = stored(event);
  const auto is_parsed = [&](const std::string& aside) {
    const std::string hash = core::to_hex(core::sha256(core::as_bytes(good.aside)));
    const std::string leaf =
        with(good.leaf, hash, core::to_hex(core::sha256(core::as_bytes(aside))));
    return parse_entry({core::as_bytes(leaf), core::as_bytes(aside)}).has_value();
  };
  ASSERT_TRUE(is_parsed(good.aside));
  const auto variant = [&](std::string_view from, std::string_view to) {
    return with(good.aside, from, to);
  };
  for (const std::string& bad : {
           std::string(),
           good.aside + "\n",
           variant("{", "{ "),
           variant("\"instances\":3", "\"instances\":3,\"part\":1"),
           variant("\"instances\":3", "\"instances\":3,\"part\":1,\"parts\":1"),
           variant("\"instances\":3", "\"instances\":3,\"part\":3,\"parts\":2"),
           variant("\"instances\":3", "\"instances\":3,\"part\":0,\"parts\":2"),
           variant("\"instances\":3", "\"instances\":3,\"parts\":2"),
           variant("\"a\":\"x\",\"b\":\"y\"", "\"b\":\"y\",\"a\":\"x\""),
           variant("\"a\":\"x\",\"b\":\"y\"", "\"a\":\"x\",\"a\":\"y\""),
           variant("\"a\":\"x\"", "\"a\":\"\""),
           variant("\"facts\":{\"a\":\"x\",\"b\":\"y\"}", "\"facts\":{}"),
           variant("\"instance\":[",
                   "\"instance\":["
                   "\"00000000000000000000000000000000\","
                   "\"00000000000000000000000000000000\","),
           variant("\"instance\":", "\"imstance\":"),
           variant("\"hashes\":{", "\"hashes\":{\"extra\":[],"),
           variant("\"salt\":\"", "\"salt\":\"A"),
           variant("\"box\":\"", "\"box\":\"!"),
           variant("\"source\":", "\"share\":\"t\",\"source\":"),
           variant("\"facts\":", "\"detail\":\"\",\"facts\":"),
       }) {
    EXPECT_FALSE(is_parsed(bad)) << bad;
  }
  for (std::size_t size = 0; size < good.aside.size(); ++size) {
    ASSERT_FALSE(is_parsed(good.aside.substr(0, size))) << size;
  }
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
