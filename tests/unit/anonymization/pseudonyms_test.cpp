// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pseudonyms.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "anonymization/tables.h"

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::Bytes;
using core::Uid;

Bytes key_of(Byte fill) { return Bytes(32, fill); }

Uid uid(std::string_view text) { return Uid::parse(text).value(); }

const Pseudonyms& a_share() {
  static const Pseudonyms pseudonyms(key_of(1));
  return pseudonyms;
}
const Pseudonyms& another_share() {
  static const Pseudonyms pseudonyms(key_of(2));
  return pseudonyms;
}

Profile basic() { return std::get<Profile>(resolve_profile(R"("ps3.15-basic")")); }

TEST(Pseudonyms, NeedAKeyOf32Bytes) {
  EXPECT_THROW(Pseudonyms(Bytes(31, 0)), std::invalid_argument);
  EXPECT_THROW(Pseudonyms(Bytes{}), std::invalid_argument);
  EXPECT_THROW(Pseudonyms(Bytes(33, 0)), std::invalid_argument);
}

TEST(Pseudonyms, OfUidsFitAUid) {
  for (int i = 1; i < 200; ++i) {
    const std::string text = a_share().uid(uid("1.2.3." + std::to_string(i))).str();
    EXPECT_TRUE(text.starts_with("2.25.")) << text;
    EXPECT_LE(text.size(), 44U);
  }
}

TEST(Pseudonyms, StayTheSameForEver) {
  // Computed independently with Python's hmac and uuid; its uuid finds version 8, variant RFC 4122.
  EXPECT_EQ(a_share().uid(uid("1.2.840.113619.2.55.1")).text(),
            "2.25.318418330380088008810818047731624286757");
  EXPECT_EQ(a_share().identifier("PatientID", "12345"), "LKAV6RP5O3GTMRRQ");
}

TEST(Pseudonyms, StayTheSameWhenManyAreAskedForAtOnce) {
  constexpr int kMoreThanAreRemembered = 2000;
  const Pseudonyms shared(key_of(1));
  std::vector<std::jthread> askers;
  for (int asker = 0; asker < 4; ++asker) {
    askers.emplace_back([&shared, asker] {
      const Pseudonyms own(key_of(1));
      for (int i = 1; i <= kMoreThanAreRemembered; ++i) {
        const std::string name = std::to_string(i % (asker + 1) == 0 ? i : i / 2 + 1);
        ASSERT_EQ(shared.uid(uid("1.2." + name)), own.uid(uid("1.2." + name)));
        ASSERT_EQ(shared.identifier("PatientID", name), own.identifier("PatientID", name));
      }
    });
  }
}

TEST(Pseudonyms, OfOneShareDoNotShowInAnother) {
  EXPECT_NE(a_share().uid(uid("1.2.3")), another_share().uid(uid("1.2.3")));
  EXPECT_NE(a_share().identifier("PatientID", "1"), another_share().identifier("PatientID", "1"));
  EXPECT_NE(a_share().tag_of(key_of(9)), another_share().tag_of(key_of(9)));
}

TEST(Pseudonyms, KeepDifferentUidsApart) {
  std::set<std::string> seen;
  for (int i = 0; i < 5000; ++i) seen.insert(a_share().uid(uid("1.2." + std::to_string(i))).str());
  EXPECT_EQ(seen.size(), 5000U);
}

TEST(Pseudonyms, AreTheirOwnPseudonyms) {
  for (int i = 0; i < 500; ++i) {
    const Uid once = a_share().uid(uid("1.2.3." + std::to_string(i)));
    EXPECT_EQ(a_share().uid(once), once);
    const std::string name = a_share().identifier("PatientID", std::to_string(i));
    EXPECT_EQ(a_share().identifier("PatientID", name), name);
  }
}

TEST(Pseudonyms, OfAnotherShareAreNamedAnew) {
  const Uid foreign = another_share().uid(uid("1.2.3"));
  EXPECT_NE(a_share().uid(foreign), foreign);
  const std::string identifier = another_share().identifier("PatientID", "1");
  EXPECT_NE(a_share().identifier("PatientID", identifier), identifier);
}

TEST(Pseudonyms, AreForgedByNoOtherUuid) {
  const std::string known = a_share().uid(uid("1.2.3")).str();
  std::string forged = known;
  forged.back() = forged.back() == '0' ? '1' : '0';
  EXPECT_NE(a_share().uid(uid(forged)).text(), forged);
  // Numbers that are no UUID, or not written as one writes them.
  for (std::string_view text :
       {"2.25.0", "2.25.1", "2.25.340282366920938463463374607431768211455",
        "2.25.340282366920938463463374607431768211456",
        "2.25.99999999999999999999999999999999999999999", "2.25.1.2", "2.25"}) {
    EXPECT_NE(a_share().uid(uid(text)).text(), text);
  }
}

TEST(Pseudonyms, LeaveWellKnownUidsAlone) {
  for (std::string_view text : {"1.2.840.10008.1.2.1", "1.2.840.10008.5.1.4.1.1.2",
                                "1.2.840.10008.2.16.4", "1.2.840.10008.1.4.1.1"}) {
    EXPECT_TRUE(is_well_known_uid(text));
    EXPECT_EQ(a_share().uid(uid(text)).text(), text);
  }
  // The root alone makes nothing well known.
  EXPECT_NE(a_share().uid(uid("1.2.840.10008.9.9.9")).text(), "1.2.840.10008.9.9.9");
}

TEST(Pseudonyms, OfIdentifiersAre16CharactersThatPeopleCanType) {
  const std::string name = a_share().identifier("PatientID", "山田太郎");
  EXPECT_EQ(name.size(), 16U);
  EXPECT_EQ(name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), std::string::npos);
}

TEST(Pseudonyms, DoNotShowThatTwoKindsHoldTheSameValue) {
  const std::string patient = a_share().identifier("PatientID", "4711");
  EXPECT_NE(patient, a_share().identifier("AccessionNumber", "4711"));
  EXPECT_NE(a_share().identifier("AccessionNumber", patient), patient);
}

TEST(Pseudonyms, TagsAre128BitsInHexadecimal) {
  const std::string tag = a_share().tag_of(key_of(9));
  EXPECT_EQ(tag.size(), 32U);
  EXPECT_EQ(tag.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(tag, a_share().tag_of(key_of(8)));
}

TEST(ReverseMap, FindsTheOriginalOfWhatItShowed) {
  const Profile profile = basic();
  ReverseMap map(profile, a_share());
  map.add(uid("1.2.3"));
  map.add(uid("1.2.4"));
  EXPECT_EQ(map.original(map.shown(uid("1.2.3"))), uid("1.2.3"));
  EXPECT_EQ(map.original(map.shown(uid("1.2.4"))), uid("1.2.4"));
}

TEST(ReverseMap, KnowsNeitherOriginalsNorForeignNames) {
  const Profile profile = basic();
  ReverseMap map(profile, a_share());
  map.add(uid("1.2.3"));
  EXPECT_EQ(map.original(uid("1.2.3")), std::nullopt);
  EXPECT_EQ(map.original(another_share().uid(uid("1.2.3"))), std::nullopt);
  EXPECT_EQ(map.original(map.shown(uid("1.2.99"))), std::nullopt);
}

TEST(ReverseMap, ShowsUidsAsTheyAreWhereTheProfileKeepsThem) {
  for (const Profile& profile :
       {Profile::none(), std::get<Profile>(resolve_profile(R"("patient-fields")"))}) {
    ReverseMap map(profile, a_share());
    map.add(uid("1.2.3"));
    EXPECT_EQ(map.shown(uid("1.2.3")), uid("1.2.3"));
    EXPECT_EQ(map.original(uid("1.2.3")), uid("1.2.3"));
    EXPECT_EQ(map.original(uid("1.2.4")), std::nullopt);
  }
}

}  // namespace
}  // namespace sekisho::anonymization
