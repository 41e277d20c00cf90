// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <type_traits>

#include "recipient_desk.h"
#include "support/eventful_dicom_store.h"
#include "support/passing_dicom_store.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Nothing with patient data can be made past the log, and no proof but by those who prove.
static_assert(!std::is_constructible_v<Reply, int>);
static_assert(!std::is_default_constructible_v<Reply>);
static_assert(!std::is_default_constructible_v<audit::Receipt>);
static_assert(!std::is_constructible_v<audit::Receipt, std::uint64_t, core::Sha256>);
static_assert(!std::is_default_constructible_v<anonymization::Masked>);
static_assert(!std::is_constructible_v<anonymization::Masked, core::StoredFile>);
static_assert(!std::is_invocable_v<decltype(&Reply::rows), std::string, std::string>);
static_assert(
    !std::is_invocable_v<decltype(&Reply::rows), const audit::Receipt&, std::string, std::string>);
static_assert(std::is_invocable_v<decltype(&Reply::rows), const disclosure::DisclosedRows&,
                                  std::string, std::string>);

constexpr const char* kMissing =
    R"(299 sekisho "Some of the instances could not be read and are not in this response.")";
constexpr const char* kMultipart = "multipart/related; type=\"application/dicom\"";

std::string header(const Reply& reply, std::string_view name) {
  if (name == "Content-Type") return reply.content_type();
  for (const auto& [key, text] : reply.headers()) {
    if (key == name) return text;
  }
  return {};
}

/// The parts of a multipart/related body, strictly read: (head, content).
std::vector<std::pair<std::string, std::string>> parts_of(const Reply& reply, std::string body) {
  const std::string type = header(reply, "Content-Type");
  const std::string start = std::string(kMultipart) + "; boundary=";
  EXPECT_TRUE(type.starts_with(start)) << type;
  const std::string delimiter = "\r\n--" + type.substr(start.size());
  body.insert(0, "\r\n");
  std::vector<std::pair<std::string, std::string>> parts;
  EXPECT_TRUE(body.starts_with(delimiter + "\r\n"));
  EXPECT_TRUE(body.ends_with(delimiter + "--\r\n"));
  std::size_t at = delimiter.size() + 2;
  for (std::size_t end = 0; (end = body.find(delimiter, at)) != std::string::npos;) {
    const std::string part = body.substr(at, end - at);
    const std::size_t blank = part.find("\r\n\r\n");
    parts.emplace_back(part.substr(0, blank), part.substr(blank + 4));
    at = end + delimiter.size() + 2;
  }
  return parts;
}

std::string masked_under_its_uids() {
  return profile(R"({"Name": "ps3.15-basic", "Options": ["RetainUids"]})");
}

class Retrieve : public ::testing::Test, public RecipientDesk {
 protected:
  core::InstanceKey key(int series, int instance) {
    const std::string uid = "1.2.3." + std::to_string(series);
    return instance_key("P1", "1.2.3", uid, uid + "." + std::to_string(instance));
  }
  void fill(int count) {
    for (int i = 1; i <= count; ++i) {
      put(key(1, i), {.number = std::to_string(i), .pixels = Bytes(1000, static_cast<Byte>(i))});
    }
  }
  std::string stored(const core::InstanceKey& instance) {
    const auto file = archive().open(instance);
    return std::string(core::as_text(file->view()));
  }
};

/// PS3.18 §10.4.1.1.1.
TEST_F(Retrieve, AStudyIsItsInstancesInOrder) {
  fill(3);
  put(key(2, 1));
  auto reply = get(share(unmasked()), "/studies/1.2.3");
  EXPECT_EQ(reply.status(), 200);
  EXPECT_EQ(reply.size_bytes(), std::nullopt);
  const auto parts = parts_of(reply, text_of(reply));
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts[0].first, "Content-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
  EXPECT_EQ(parts[0].second, stored(key(1, 1)));
  EXPECT_EQ(parts[2].second, stored(key(1, 3)));
  EXPECT_EQ(parts[3].second, stored(key(2, 1)));
}

TEST_F(Retrieve, TheBufferHasNoSay) {
  fill(3);
  const auto all = share(unmasked());
  auto large = get(all, "/studies/1.2.3");
  const auto expected = parts_of(large, text_of(large, 1 << 20));
  for (const std::size_t size : {1U, 2U, 7U, 999U, 1000U, 1001U, 4096U}) {
    auto reply = get(all, "/studies/1.2.3");
    EXPECT_EQ(parts_of(reply, text_of(reply, size)), expected) << size;
  }
}

TEST_F(Retrieve, ASeriesHasNothingOfItsSiblings) {
  fill(2);
  put(key(2, 1));
  auto reply = get(share(unmasked()), "/studies/1.2.3/series/1.2.3.2");
  const auto parts = parts_of(reply, text_of(reply));
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].second, stored(key(2, 1)));
}

TEST_F(Retrieve, OneInstanceHasAKnownLengthInEitherForm) {
  fill(1);
  const auto all = share(unmasked());
  const std::string target = "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1";
  auto multipart = get(all, target);
  const std::string body = text_of(multipart);
  EXPECT_EQ(multipart.size_bytes(), body.size());
  EXPECT_EQ(parts_of(multipart, body).size(), 1U);

  auto single = get(all, target, "application/dicom");
  EXPECT_EQ(header(single, "Content-Type"),
            "application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
  const std::string file = text_of(single);
  EXPECT_EQ(single.size_bytes(), file.size());
  EXPECT_EQ(file, stored(key(1, 1)));
}

TEST_F(Retrieve, AMaskedFileKeepsItsPixelsAndNothingElseOfThePatient) {
  fill(1);
  const auto basic = share(masked());
  const Json::Value row = rows(basic, "/instances")[0];
  const std::string target = "/studies/" + value(row, "0020000D").asString() + "/series/" +
                             value(row, "0020000E").asString() + "/instances/" +
                             value(row, "00080018").asString();
  auto reply = get(basic, target, "application/dicom");
  ASSERT_EQ(reply.status(), 200);
  const std::string file = text_of(reply);
  EXPECT_THAT(file, HasSubstr(std::string(1000, '\x01')));
  EXPECT_THAT(file, HasSubstr(value(row, "00080018").asString()));
  for (const char* original : {"Yamada", "Suzuki", "ACCP1", "19500102", "1.2.3.1"}) {
    EXPECT_EQ(file.find(original), std::string::npos) << original;
  }
}

TEST_F(Retrieve, EverythingHiddenIsTheSame404AndADifferentEntry) {
  fill(1);
  put(key(2, 1));
  put(instance_key("P9", "1.2.9", "1.2.9.1", "1.2.9.1.1"));
  const sharing::SeriesScope scope{{series_key("P1", "1.2.3", "1.2.3.1")}};
  const auto basic = share(masked(), scope);
  const auto plain = share(unmasked(), scope);
  const auto viewer = share(unmasked(), scope, {.view = true});
  const auto dead = [&] {
    auto share = plain;
    share.revoked_at = now;
    return share;
  }();
  const std::pair<sharing::Share, std::string> hidden[] = {
      {basic, "/studies/1.2.3"},                 // an original UID
      {basic, "/studies/1.2.3/metadata"},        //
      {basic, "/studies/2.25.7"},                // nobody's
      {plain, "/studies/1.2.3/series/1.2.3.2"},  // beside the scope
      {plain, "/studies/1.2.9"},                 // another patient's
      {plain, "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.2.1"},
      {viewer, "/studies/1.2.3"},  // not to fetch
      {dead, "/studies/1.2.3"},
  };
  std::vector<std::string> reasons;
  for (const auto& [of, target] : hidden) {
    auto reply = get(of, target);
    EXPECT_EQ(reply.status(), 404) << target;
    EXPECT_EQ(text_of(reply), R"({"Error":"There is no such resource."})");
    EXPECT_EQ(reply.headers(), Reply::not_found().headers());
    const Json::Value entry = last_entry();
    EXPECT_EQ(entry["event"], "denial");
    EXPECT_EQ(entry["outcome"], 4);
    reasons.push_back(entry["detail"].asString());
  }
  EXPECT_THAT(reasons,
              ElementsAre("out_of_scope", "out_of_scope", "out_of_scope", "out_of_scope",
                          "out_of_scope", "out_of_scope", "missing_permission", "revoked_share"));
}

TEST_F(Retrieve, WhatIsNoRouteIs404) {
  fill(1);
  const auto all = share(unmasked());
  for (const char* target : {"/", "/patients", "/studies/1.2.3/drawn", "/studies/x"}) {
    EXPECT_EQ(get(all, target).status(), 404) << target;
  }
}

TEST_F(Retrieve, TheIntentIsOnRecordBeforeTheFirstByteAndTheOutcomeAfterTheLast) {
  fill(3);
  const auto all = share(unmasked());
  auto reply = get(all, "/studies/1.2.3");
  const auto before = entries();
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0]["event"], "transfer.begin");
  EXPECT_EQ(before[0]["share"], all.id.text());
  EXPECT_EQ(before[0]["request"], "request-1");
  EXPECT_EQ(before[0]["purpose"], "reference");  // never the words of staff: they are in clear
  EXPECT_EQ(before[0]["hashes"]["study"].size(), 1U);
  EXPECT_FALSE(before[0]["hashes"].isMember("instance"));
  EXPECT_EQ(header(reply, "Sekisho-Receipt"),
            "hospital.example/log#" + before[0]["seq"].asString());

  const std::string body = text_of(reply);
  reply.body()->finished(true, body.size());
  const Json::Value outcome = last_entry();
  EXPECT_EQ(outcome["event"], "transfer.end");
  EXPECT_EQ(outcome["intent"], before[0]["seq"]);
  EXPECT_EQ(outcome["instances"], 3);
  EXPECT_EQ(outcome["bytes"].asUInt64(), body.size());
  EXPECT_EQ(outcome["outcome"], 0);
  EXPECT_EQ(outcome["detail"], "complete");
  EXPECT_EQ(entries().size(), 2U);
}

TEST_F(Retrieve, AnAnswerThatIsItsHeaderAloneSaysThatNothingWasCarried) {
  fill(3);
  const auto all = share(unmasked());
  auto study = get(all, "/studies/1.2.3");
  study.body()->unsent();
  const Json::Value outcome = last_entry();
  EXPECT_EQ(outcome["event"], "transfer.end");
  EXPECT_EQ(outcome["detail"], "header");
  EXPECT_EQ(outcome["outcome"], 0);
  EXPECT_EQ(outcome["instances"], 0);
  EXPECT_EQ(outcome["bytes"], 0);
}

TEST_F(Retrieve, PixelsOnDiskAreNamedOrCopiedToTheSameBytes) {
  keep_files_on_disk();
  for (int i = 1; i <= 3; ++i) put(key(1, i), {.pixels = Bytes(100'000, core::Byte(i))});
  const auto all = share(masked());
  const std::string study = rows(all, "/studies")[0]["0020000D"]["Value"][0].asString();
  const auto without_boundary = [](const Reply& reply, std::string body) {
    const std::string type = header(reply, "Content-Type");
    const std::string boundary = type.substr(type.find("boundary=") + 9);
    for (std::size_t at; (at = body.find(boundary)) != std::string::npos;) {
      body.erase(at, boundary.size());
    }
    return body;
  };
  auto copied = get(all, "/studies/" + study);
  auto named = get(all, "/studies/" + study);
  std::string text;
  std::uint64_t file_bytes = 0;
  Bytes buffer(4000);
  for (std::size_t count = 1; count > 0;) {
    if (named.body()->is_at_file()) {
      const FileRange range = named.body()->take_file(64'000);
      count = range.size_bytes;
      Bytes piece(count);
      range.file.read(range.offset, piece);
      text += core::as_text(piece);
      file_bytes += count;
    } else {
      count = named.body()->read(buffer);
      text += core::as_text(core::ByteView(buffer).first(count));
    }
  }
  EXPECT_TRUE(without_boundary(named, text) == without_boundary(copied, text_of(copied)));
  EXPECT_EQ(file_bytes, 3U * (100'000 + 12));
  named.body()->finished(true, text.size());
  EXPECT_EQ(last_entry()["instances"], 3);
}

TEST_F(Retrieve, AnOutcomeNamesItsIntentAndNothingAndNobodyElse) {
  fill(1);
  auto reply = get(share(unmasked()), "/studies/1.2.3");
  reply.body()->finished(true, text_of(reply).size());
  const Json::Value outcome = last_entry();
  EXPECT_EQ(outcome["intent"], entries()[0]["seq"]);
  for (const char* said : {"hashes", "sealed", "source", "authentication"}) {
    EXPECT_TRUE(entries()[0].isMember(said)) << said;
    EXPECT_FALSE(outcome.isMember(said)) << said;
  }
}

TEST_F(Retrieve, AnInstanceThatCameOrWentAMomentAgoIsSeen) {
  fill(1);
  const auto all = share(unmasked());
  const std::string path = "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.";
  EXPECT_EQ(get(all, path + "1").status(), 200);
  put(key(1, 2));
  EXPECT_EQ(get(all, path + "2").status(), 200);
  archive().remove(key(1, 2));
  EXPECT_EQ(get(all, path + "2").status(), 404);
  EXPECT_EQ(get(all, path + "1").status(), 200);
}

TEST_F(Retrieve, AnAbortedDownloadCountsWhatArrivedWhole) {
  fill(3);
  auto reply = get(share(unmasked()), "/studies/1.2.3");
  const std::string body = text_of(reply);
  const std::size_t two_parts = body.rfind("\r\n--", body.rfind("\r\n--") - 1);
  reply.body()->finished(false, two_parts);
  EXPECT_EQ(last_entry()["instances"], 2);
  EXPECT_EQ(last_entry()["outcome"], 4);
  EXPECT_EQ(last_entry()["detail"], "aborted");

  auto again = get(share(unmasked()), "/studies/1.2.3");
  text_of(again);
  again.body()->finished(false, two_parts - 1);
  EXPECT_EQ(last_entry()["instances"], 1);
}

TEST_F(Retrieve, RevocationCutsARunningDownload) {
  fill(3);
  const auto all = share(unmasked());
  auto reply = get(all, "/studies/1.2.3");
  Bytes buffer(500);
  ASSERT_EQ(reply.body()->read(buffer), 500U);
  EXPECT_TRUE(reply.body()->may_go_on());
  ASSERT_TRUE(shares().revoke(all.id, "sent to the wrong clinic", now));
  now += std::chrono::milliseconds(100);
  EXPECT_FALSE(reply.body()->may_go_on());
  EXPECT_THROW(text_of(reply), std::runtime_error);
  reply.body()->finished(false, 500);
  EXPECT_EQ(last_entry()["detail"], "revoked");
  EXPECT_EQ(last_entry()["outcome"], 4);
}

TEST_F(Retrieve, ExpiryCutsARunningDownload) {
  fill(2);
  const auto all = share(unmasked());
  auto reply = get(all, "/studies/1.2.3/metadata");
  now = all.expires_at;
  EXPECT_FALSE(reply.body()->may_go_on());
  EXPECT_THROW(text_of(reply), std::runtime_error);
}

TEST_F(Retrieve, LivenessIsAskedAtMostEveryTenthOfASecond) {
  fill(2);
  const auto all = share(unmasked());
  auto reply = get(all, "/studies/1.2.3");
  EXPECT_TRUE(reply.body()->may_go_on());
  shares().revoke(all.id, "", now);
  now += std::chrono::milliseconds(99);
  EXPECT_TRUE(reply.body()->may_go_on());
  now += std::chrono::milliseconds(1);
  EXPECT_FALSE(reply.body()->may_go_on());
  now -= std::chrono::hours(1);
  EXPECT_FALSE(reply.body()->may_go_on()) << "dead stays dead";
}

/// PS3.18 §8.5.2.
TEST_F(Retrieve, OneMalformedInstanceDoesNotTakeTheOthersAlong) {
  for (const int odd : {1, 3}) {
    for (int i = 1; i <= 3; ++i) put(key(1, i));
    archive().put(key(1, odd), Bytes(200, 'x'));
    for (const std::string& profile : {unmasked(), masked()}) {
      const auto all = share(profile);
      const Json::Value row = rows(all, "/studies")[0];
      EXPECT_EQ(value(row, "00201208"), 3) << "it is counted, so that its lack is seen";
      auto reply = get(all, "/studies/" + value(row, "0020000D").asString());
      EXPECT_EQ(reply.status(), 206);
      EXPECT_EQ(header(reply, "Warning"), kMissing);
      const std::string body = text_of(reply);
      EXPECT_EQ(parts_of(reply, body).size(), 2U);
      reply.body()->finished(true, body.size());
      EXPECT_EQ(last_entry()["detail"], "incomplete");
      EXPECT_EQ(last_entry()["outcome"], 4);
      EXPECT_EQ(last_entry()["instances"], 2);
      EXPECT_EQ(last_entry()["facts"]["missing"], "1");
    }
  }
}

TEST_F(Retrieve, TheLogSaysWhichInstancesAnAnswerLackedBeforeItLeft) {
  fill(3);
  archive().put(key(1, 2), Bytes(200, 'x'));
  auto reply = get(share(unmasked()), "/studies/1.2.3");
  EXPECT_EQ(last_entry()["event"], "transfer.begin");
  EXPECT_EQ(last_entry()["outcome"], 0);
  EXPECT_EQ(last_entry()["facts"]["missing"], "1");
  EXPECT_EQ(last_entry()["hashes"]["instance"].size(), 1U);
  const auto objects = last_text().objects;
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(objects[0].study_uid, "1.2.3");
  EXPECT_EQ(objects[0].instance_uid, "");
  EXPECT_EQ(objects[1].instance_uid, "1.2.3.1.2");
}

TEST_F(Retrieve, TheOperatorIsToldWhichFileIsMalformedAndOfWhomNothing) {
  fill(2);
  archive().put(key(1, 3), Bytes(200, 'x'));
  const std::string file = archive().list(key(1, 3).series.study)->series[0].instances[2].revision;
  const auto all = share(unmasked());
  for (const char* target : {"/studies/1.2.3", "/studies/1.2.3/metadata",
                             "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.3"}) {
    const auto before = reported().size();
    get(all, target);
    ASSERT_EQ(reported().size(), before + 1) << target;
    EXPECT_THAT(reported().back(), HasSubstr("share " + all.id.text()));
    EXPECT_THAT(reported().back(), HasSubstr("file " + file + " is malformed"));
    EXPECT_THAT(reported().back(), Not(HasSubstr("1.2.3")));
  }
}

/// PS3.18 §8.5.2, §10.4.1.1.2.
TEST_F(Retrieve, MetadataOfTheOthersComeWhereOneInstanceIsMalformed) {
  fill(3);
  archive().put(key(1, 1), Bytes(200, 'x'));
  const auto all = share(unmasked());
  for (const char* of : {"/studies/1.2.3", "/studies/1.2.3/series/1.2.3.1"}) {
    auto reply = get(all, std::string(of) + "/metadata");
    EXPECT_EQ(reply.status(), 206);
    EXPECT_EQ(header(reply, "Warning"), kMissing);
    EXPECT_EQ(parse(text_of(reply)).size(), 2U);
    const Json::Value entry = entries().back();
    EXPECT_EQ(entry["event"], "query");
    EXPECT_EQ(entry["detail"], "metadata");
    EXPECT_EQ(entry["outcome"], 4);
    EXPECT_EQ(entry["instances"], 2);
    EXPECT_EQ(entry["facts"]["missing"], "1");
  }
}

TEST_F(Retrieve, WhereNothingCanBeGivenThereIsAStatusAndNoIntent) {
  fill(2);
  for (int i = 1; i <= 2; ++i) archive().put(key(2, i), Bytes(200, 'x'));
  const std::string series = "/studies/1.2.3/series/1.2.3.2";
  for (const std::string& profile : {unmasked(), masked_under_its_uids()}) {
    const auto all = share(profile);
    for (const std::string& target : {series, series + "/metadata", series + "/instances/1.2.3.2.1",
                                      series + "/instances/1.2.3.2.1/metadata"}) {
      auto reply = get(all, target);
      EXPECT_EQ(reply.status(), 500) << target;
      EXPECT_EQ(reply.body(), nullptr);
    }
    auto others = get(all, "/studies/1.2.3");
    EXPECT_EQ(others.status(), 206);
    EXPECT_EQ(parts_of(others, text_of(others)).size(), 2U);
    EXPECT_EQ(get(all, "/studies/1.2.3/series/1.2.3.1").status(), 200);
  }
  EXPECT_TRUE(entries()[0]["event"] == "transfer.begin" && entries()[0]["facts"]["missing"] == "2")
      << "nothing was about to leave before";
}

TEST_F(Retrieve, AnInstanceThatVanishesUnderwayIsNotPassedOver) {
  fill(3);
  auto reply = get(share(unmasked()), "/studies/1.2.3");
  archive().remove(key(1, 2));
  EXPECT_THROW(text_of(reply), std::runtime_error);
}

/// An archive in which one file is not what it was, under the same name.
class Decaying final : public tests::PassingDicomStore {
 public:
  using PassingDicomStore::PassingDicomStore;
  std::optional<core::InstanceKey> broken;
  int opened = 0;

  std::optional<core::StoredFile> open(const core::InstanceKey& instance) override {
    ++opened;
    if (instance == broken) return core::StoredFile::in_memory(Bytes(200, 'x'));
    return PassingDicomStore::open(instance);
  }
};

TEST_F(Retrieve, AFileThatDecayedCutsOneAnswerAndNotEveryOne) {
  fill(3);
  Decaying store(archive());
  use(store);
  const auto all = share(masked_under_its_uids());
  rows(all, "/studies");  // all three are fit
  store.broken = key(1, 2);
  auto first = get(all, "/studies/1.2.3");
  EXPECT_EQ(first.status(), 200);
  EXPECT_THROW(text_of(first), std::runtime_error);
  EXPECT_EQ(get(all, "/studies/1.2.3/metadata").status(), 206);
  auto second = get(all, "/studies/1.2.3");
  EXPECT_EQ(second.status(), 206);
  EXPECT_EQ(parts_of(second, text_of(second)).size(), 2U);

  store.broken.reset();  // put back from a backup
  auto healed = get(all, "/studies/1.2.3");
  EXPECT_EQ(healed.status(), 200);
  EXPECT_EQ(parts_of(healed, text_of(healed)).size(), 3U);
}

TEST_F(Retrieve, NoFileIsReadTwiceThatIsKnownToBeFit) {
  fill(9);
  Decaying store(archive());
  use(store);
  for (const std::string& profile : {unmasked(), masked()}) {
    const auto all = share(profile);
    const std::string study = "/studies/" + value(rows(all, "/studies")[0], "0020000D").asString();
    auto first = get(all, study);
    text_of(first);
    store.opened = 0;
    auto again = get(all, study);
    EXPECT_EQ(store.opened, 1) << "before the first byte";
    text_of(again);
    EXPECT_EQ(store.opened, 9);
  }
}

TEST_F(Retrieve, TheFirstByteOfALargeStudyDoesNotWaitForASlowDisk) {
  fill(9);
  archive().put(key(1, 8), Bytes(200, 'x'));
  EventfulDicomStore store(archive());
  use(store);
  store.on_open = [&] { now += std::chrono::milliseconds(300); };
  const auto all = share(unmasked());
  const core::Time asked = now;
  auto reply = get(all, "/studies/1.2.3");
  EXPECT_LT(now - asked, std::chrono::seconds(2));
  EXPECT_EQ(reply.status(), 200) << "nobody knew yet";
  EXPECT_THROW(text_of(reply), std::runtime_error);
  reply.body()->finished(false, 0);
  EXPECT_EQ(last_entry()["detail"], "unavailable");
  auto again = get(all, "/studies/1.2.3");
  EXPECT_EQ(again.status(), 206);
  EXPECT_EQ(parts_of(again, text_of(again)).size(), 8U);
}

std::string asking_for(std::string_view syntax) {
  return std::string(kMultipart) + "; transfer-syntax=" + std::string(syntax);
}
std::string syntax_of(const std::pair<std::string, std::string>& part) {
  return part.first.substr(part.first.find("transfer-syntax=") + 16);
}
constexpr std::string_view kNativeOthers[] = {core::dicom::kImplicitVrLittleEndian,
                                              core::dicom::kExplicitVrBigEndian};

// PS3.18 §8.7.3.4: who names no transfer syntax gets explicit VR little endian.
TEST_F(Retrieve, NativeInstancesAreExplicitVrLittleEndianUnlessAskedForOtherwise) {
  const std::string target = "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1";
  const Bytes turned = {1, 2, 3, 4};
  const Bytes cells = {2, 1, 4, 3};
  for (const std::string_view stored_in : kNativeOthers) {
    const bool is_big = stored_in == core::dicom::kExplicitVrBigEndian;
    put(key(1, 1), {.transfer_syntax = std::string(stored_in), .pixels = is_big ? turned : cells});
    const std::string expected(core::as_text(an_image(key(1, 1), {.pixels = cells})));
    const auto all = share(unmasked());
    for (const std::string& accept : {std::string(kMultipart), std::string("*/*"), std::string(),
                                      asking_for(core::dicom::kExplicitVrLittleEndian)}) {
      auto reply = get(all, target, accept);
      const std::string body = text_of(reply);
      EXPECT_EQ(reply.size_bytes(), body.size());
      const auto parts = parts_of(reply, body);
      ASSERT_EQ(parts.size(), 1U);
      EXPECT_EQ(syntax_of(parts[0]), core::dicom::kExplicitVrLittleEndian) << accept;
      // File meta information is ours, the data set is what it would have been.
      const auto dataset = [](const std::string& file) {
        return file.substr(file.find(std::string("\x08\0\x05\0", 4)));
      };
      EXPECT_EQ(dataset(parts[0].second), dataset(expected)) << stored_in;
    }
    auto as_stored = get(all, target, asking_for("*"));
    const auto parts = parts_of(as_stored, text_of(as_stored));
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_EQ(syntax_of(parts[0]), stored_in);
    EXPECT_EQ(parts[0].second, stored(key(1, 1)));
    auto single = get(all, target, "application/dicom");
    EXPECT_EQ(single.content_type(), "application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
    EXPECT_EQ(single.size_bytes(), text_of(single).size());
  }
}

// A list is honoured in order of quality, and at equal quality nothing is written anew.
TEST_F(Retrieve, AListOfTransferSyntaxesIsHonoured) {
  put(key(1, 1), {.transfer_syntax = std::string(core::dicom::kImplicitVrLittleEndian)});
  const auto all = share(unmasked());
  const auto given = [&](const std::string& accept) {
    auto reply = get(all, "/studies/1.2.3", accept);
    if (reply.status() != 200) return std::to_string(reply.status());
    return syntax_of(parts_of(reply, text_of(reply)).at(0));
  };
  const std::string plain = asking_for(core::dicom::kExplicitVrLittleEndian);
  const std::string implicit = asking_for(core::dicom::kImplicitVrLittleEndian);
  EXPECT_EQ(given(plain + ", " + implicit), core::dicom::kImplicitVrLittleEndian);
  EXPECT_EQ(given(plain + ", " + implicit + ";q=0.5"), core::dicom::kExplicitVrLittleEndian);
  EXPECT_EQ(given(plain + ";q=0.5, " + implicit), core::dicom::kImplicitVrLittleEndian);
  EXPECT_EQ(given(asking_for("1.2.840.10008.1.2.4.90") + ", " + plain + ";q=0.1"),
            core::dicom::kExplicitVrLittleEndian);
  EXPECT_EQ(given(asking_for("1.2.840.10008.1.2.4.90")), "406");
  EXPECT_EQ(given(asking_for(core::dicom::kExplicitVrBigEndian)), "406");
}

// Parsers differ on its cells: it leaves as it is, and says so, unless that is not wanted.
TEST_F(Retrieve, WhatCannotBeWrittenAnewLeavesAsItIs) {
  DatasetBuilder image{core::dicom::kExplicitVrBigEndian};
  image.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, "1.2.3.1.1")
      .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2.3")
      .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1")
      .us(Tag{0x0028, 0x0010}, 1)
      .us(Tag{0x0028, 0x0011}, 1)
      .us(Tag{0x0028, 0x0100}, 32)
      .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, Bytes{1, 2, 3, 4});
  archive().put(key(1, 1), image.part10(kCtImage, "1.2.3.1.1"));
  const auto all = share(unmasked());
  auto reply = get(all, "/studies/1.2.3", kMultipart);
  const auto parts = parts_of(reply, text_of(reply));
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(syntax_of(parts[0]), core::dicom::kExplicitVrBigEndian);
  EXPECT_EQ(parts[0].second, stored(key(1, 1)));
}

TEST_F(Retrieve, TransferSyntaxesThatNothingCanBeGivenInAre406) {
  fill(1);
  put(key(2, 1), {.transfer_syntax = std::string(core::dicom::kImplicitVrLittleEndian)});
  const auto all = share(unmasked());
  const auto status = [&](const std::string& target, std::string_view syntax) {
    return get(all, target, asking_for(syntax)).status();
  };
  EXPECT_EQ(status("/studies/1.2.3", "*"), 200);
  EXPECT_EQ(status("/studies/1.2.3", "1.2.840.10008.1.2.1"), 200);
  EXPECT_EQ(status("/studies/1.2.3/series/1.2.3.2", "1.2.840.10008.1.2"), 200);
  EXPECT_EQ(status("/studies/1.2.3/series/1.2.3.1", "1.2.840.10008.1.2"), 406);
  EXPECT_EQ(status("/studies/1.2.3", "1.2.840.10008.1.2"), 406);
}

TEST_F(Retrieve, FormsThatCannotBeGivenAre406) {
  fill(1);
  const auto all = share(unmasked());
  EXPECT_EQ(get(all, "/studies/1.2.3", "application/dicom").status(), 406);
  EXPECT_EQ(get(all, "/studies/1.2.3", "application/x-tar").status(), 406);
  EXPECT_EQ(get(all, "/studies/1.2.3/metadata", kMultipart).status(), 406);
  EXPECT_EQ(get(all, "/studies/1.2.3?accept=application/x-tar", "*/*").status(), 406);
  EXPECT_EQ(get(all, "/studies/1.2.3?accept=*/*", "application/zip").status(), 200);
}

TEST_F(Retrieve, MetadataIsTheMaskedHeaderWithoutPixels) {
  fill(2);
  const auto all = share(unmasked());
  auto reply = get(all, "/studies/1.2.3/metadata");
  EXPECT_EQ(header(reply, "Content-Type"), "application/dicom+json");
  EXPECT_EQ(entries().back()["event"], "query");
  EXPECT_EQ(entries().back()["detail"], "metadata");
  EXPECT_EQ(entries().back()["instances"], 2);
  const Json::Value found = parse(text_of(reply));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(value(found[1], "00200013"), 2);
  EXPECT_EQ(value(found[0], "00083002"), "1.2.840.10008.1.2.1");
  EXPECT_EQ(value(found[0], "00180050"), 5.0);
  EXPECT_EQ(found[0]["7FE00010"].getMemberNames(), (std::vector<std::string>{"BulkDataURI", "vr"}));
  EXPECT_FALSE(found[0].isMember("00020010"));
  EXPECT_EQ(rows(all, "/studies/1.2.3/series/1.2.3.1/metadata"), found);
  const Json::Value one = rows(all, "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.2/metadata");
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0], found[1]);
}

TEST_F(Retrieve, TheNewestShareThatMayAnswerDoes) {
  fill(1);
  const sharing::StudyScope study{{study_key("P1", "1.2.3")}};
  const auto older = share(unmasked());
  const auto newer = share(unmasked(), study, {.view = true});
  EXPECT_EQ(get({newer, older}, "/studies/1.2.3").status(), 200);
  EXPECT_EQ(entries().back()["share"], older.id.text());
  EXPECT_EQ(get({newer, older}, "/studies/1.2.3/metadata").status(), 200);
  EXPECT_EQ(entries().back()["share"], newer.id.text());
}

TEST_F(Retrieve, WithoutALogNothingLeaves) {
  fill(1);
  const auto all = share(unmasked());
  break_log();
  for (const char* target :
       {"/studies/1.2.3", "/studies/1.2.3/metadata",
        "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1", "/studies/1.2.99"}) {
    const auto reply = get(all, target);
    EXPECT_EQ(reply.status(), 503) << target;
    EXPECT_EQ(reply.body(), nullptr);
  }
}

}  // namespace
}  // namespace sekisho::dicomweb
