// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/recipient_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "sharing/sqlite/schema.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::sharing {
namespace {

using tests::a_recipient;
using tests::at;
using tests::network;

class RecipientStoreTest : public testing::Test {
 protected:
  Recipient inserted(std::string_view name = "Minato Clinic") {
    Recipient recipient = a_recipient(name);
    store.insert(recipient);
    return recipient;
  }
  Certificate certificate_of(const RecipientId& recipient, core::Byte first_byte = 1) {
    Certificate certificate;
    certificate.id = CertificateId::random();
    certificate.recipient = recipient;
    certificate.sha256[0] = first_byte;
    certificate.subject = "CN=reader";
    certificate.not_after = at("2027-01-01T00:00:00Z");
    certificate.created_at = at("2026-01-02T00:00:00Z");
    return certificate;
  }

  tests::TemporaryDirectory directory;
  SharingPlace place = SharingPlace::in(directory.path());
  RecipientStore store{place};
  const core::Time now = at("2026-02-01T00:00:00Z");
  const core::Time later = at("2026-03-01T00:00:00Z");
};

TEST_F(RecipientStoreTest, FindsWhatWasInserted) {
  Recipient recipient = a_recipient("港クリニック");
  recipient.language = "en";
  recipient.networks = {network("10.20.0.0/24"), network("2001:db8::/64"), network("10.1.0.0/16")};
  store.insert(recipient);

  const auto found = store.find(recipient.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, recipient.id);
  EXPECT_EQ(found->name, "港クリニック");
  EXPECT_EQ(found->organisation, recipient.organisation);
  EXPECT_EQ(found->email, recipient.email);
  EXPECT_EQ(found->language, "en");
  EXPECT_EQ(found->networks, recipient.networks);
  EXPECT_EQ(found->created_at, recipient.created_at);
  EXPECT_FALSE(found->disabled_at);
}

TEST_F(RecipientStoreTest, KnowsNobodyElse) {
  inserted();
  EXPECT_FALSE(store.find(RecipientId::random()));
  EXPECT_FALSE(store.find(RecipientId()));
}

TEST_F(RecipientStoreTest, KeepsEverythingWhenItIsOpenedAgain) {
  const Recipient recipient = inserted();
  RecipientStore reopened(place);
  EXPECT_TRUE(reopened.find(recipient.id));
}

TEST_F(RecipientStoreTest, RefusesASecondRecipientWithOneId) {
  const Recipient recipient = inserted();
  EXPECT_THROW(store.insert(recipient), core::db::Error);
}

TEST_F(RecipientStoreTest, WritesNoRecipientWhenItsNetworksCannotBeWritten) {
  Recipient recipient = a_recipient();
  recipient.networks = {network("10.20.0.0/24"), network("10.20.0.0/24")};
  EXPECT_THROW(store.insert(recipient), core::db::Error);
  EXPECT_FALSE(store.find(recipient.id));
}

TEST_F(RecipientStoreTest, ListsPageByPageInOrderOfCreation) {
  const auto first = inserted("first");
  const auto second = inserted("second");
  const auto third = inserted("third");

  const auto page = store.list({.limit = 2});
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].id, first.id);
  EXPECT_EQ(page[1].id, second.id);
  EXPECT_EQ(page[1].networks, second.networks);
  const auto rest = store.list({.after = page[1].id});
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].id, third.id);
  EXPECT_TRUE(store.list({.after = third.id}).empty());
  EXPECT_TRUE(store.list({.after = RecipientId::random()}).empty());
  const auto newest = store.list({.order = ListOrder::newest_first, .after = third.id, .limit = 1});
  ASSERT_EQ(newest.size(), 1U);
  EXPECT_EQ(newest[0].id, second.id);
}

TEST_F(RecipientStoreTest, MakesOneThingByOneKeyAlsoAfterARestart) {
  CreationKey key{{1}, {2}, now};
  const Recipient first = a_recipient("first");
  EXPECT_TRUE(store.insert(first, key));
  RecipientStore again(place);
  EXPECT_FALSE(again.insert(a_recipient("second"), key));
  EXPECT_FALSE(again.add_token(first.id, "viewer", later, now, TokenId::random(), key));
  EXPECT_EQ(again.list({}).size(), 1U);
  EXPECT_TRUE(again.tokens(first.id).empty());
  const auto made = again.find_creation(key);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->made, first.id.text());
  EXPECT_EQ(made->request, key.request);
}

TEST_F(RecipientStoreTest, ForgetsWhatAKeyHasMadeAfterADay) {
  CreationKey key{{1}, {2}, now};
  store.insert(a_recipient("first"), key);
  key.given_at += kCreationKeyLife;
  EXPECT_FALSE(store.find_creation(key));
  EXPECT_TRUE(store.insert(a_recipient("second"), key));
}

TEST_F(RecipientStoreTest, AKeyOfWhatCouldNotBeMadeStaysFree) {
  const CreationKey key{{1}, {2}, now};
  EXPECT_FALSE(
      store.add_token(RecipientId::random(), "viewer", later, now, TokenId::random(), key));
  EXPECT_FALSE(store.find_creation(key));
}

TEST_F(RecipientStoreTest, DisablesOnce) {
  const auto recipient = inserted();
  EXPECT_TRUE(store.disable(recipient.id, now));
  EXPECT_FALSE(store.disable(recipient.id, later));
  EXPECT_FALSE(store.disable(RecipientId::random(), now));
  EXPECT_EQ(store.find(recipient.id)->disabled_at, now);
}

TEST_F(RecipientStoreTest, AddsANetworkOnce) {
  const auto recipient = inserted();
  EXPECT_TRUE(store.add_network(recipient.id, network("10.30.0.0/16")));
  EXPECT_FALSE(store.add_network(recipient.id, network("10.30.0.0/16")));
  EXPECT_FALSE(store.add_network(RecipientId::random(), network("10.30.0.0/16")));
  ASSERT_EQ(store.find(recipient.id)->networks.size(), 2U);
  EXPECT_EQ(store.find(recipient.id)->networks[1], network("10.30.0.0/16"));
}

TEST_F(RecipientStoreTest, FindsATokenByItsTextAndNoOther) {
  const auto recipient = inserted();
  const auto made = store.add_token(recipient.id, "reader", later, now);
  ASSERT_TRUE(made);
  ASSERT_EQ(made->text.size(), 47U);
  EXPECT_TRUE(made->text.starts_with("skt_"));

  const auto found = store.find_token(made->text);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, made->token.id);
  EXPECT_EQ(found->recipient, recipient.id);
  EXPECT_EQ(found->name, "reader");
  EXPECT_EQ(found->created_at, now);
  EXPECT_EQ(found->expires_at, later);
  EXPECT_FALSE(found->revoked_at);

  std::string other = made->text;
  other[10] = other[10] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(store.find_token(other));
  EXPECT_FALSE(store.find_token(""));
  EXPECT_FALSE(store.find_token("SKT_" + made->text.substr(4)));
  EXPECT_FALSE(store.find_token(made->text + "A"));
}

TEST_F(RecipientStoreTest, GivesNoTokenToAnUnknownRecipient) {
  EXPECT_FALSE(store.add_token(RecipientId::random(), "reader", later, now));
}

TEST_F(RecipientStoreTest, RevokesATokenOnceAndStillFindsIt) {
  const auto recipient = inserted();
  const auto made = store.add_token(recipient.id, "reader", later, now);
  EXPECT_TRUE(store.revoke_token(made->token.id, now));
  EXPECT_FALSE(store.revoke_token(made->token.id, later));
  EXPECT_FALSE(store.revoke_token(TokenId::random(), now));
  EXPECT_EQ(store.find_token(made->text)->revoked_at, now);
}

TEST_F(RecipientStoreTest, WhatWasFoundBeforeIsFoundChangedAtOnce) {
  const Recipient recipient = inserted();
  const auto token = store.add_token(recipient.id, "viewer", later, now);
  RecipientStore other(place);
  ASSERT_FALSE(store.find(recipient.id)->disabled_at);
  ASSERT_FALSE(store.find_token(token->text)->revoked_at);
  store.add_network(recipient.id, network("10.99.0.0/24"));
  EXPECT_EQ(store.find(recipient.id)->networks.size(), recipient.networks.size() + 1);
  other.revoke_token(token->token.id, now);
  EXPECT_TRUE(store.find_token(token->text)->revoked_at);
  other.disable(recipient.id, now);
  EXPECT_TRUE(store.find(recipient.id)->disabled_at);
}

TEST_F(RecipientStoreTest, ListsTheTokensOfOneRecipient) {
  const auto recipient = inserted();
  const auto other = inserted("other");
  store.add_token(recipient.id, "first", later, now);
  store.add_token(recipient.id, "second", later, now);
  store.add_token(other.id, "third", later, now);
  const auto tokens = store.tokens(recipient.id);
  ASSERT_EQ(tokens.size(), 2U);
  EXPECT_EQ(tokens[0].name, "first");
  EXPECT_EQ(tokens[1].name, "second");
}

TEST_F(RecipientStoreTest, WritesNoTokenTextToDisk) {
  const auto recipient = inserted();
  const auto made = store.add_token(recipient.id, "the-name-of-it", later, now);
  std::string everything;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    std::ifstream stream(entry.path(), std::ios::binary);
    everything.append(std::istreambuf_iterator<char>(stream), {});
  }
  EXPECT_NE(everything.find("the-name-of-it"), std::string::npos);
  EXPECT_EQ(everything.find(made->text.substr(4)), std::string::npos);
}

TEST_F(RecipientStoreTest, FileIsForItsOwnerOnly) {
  struct stat facts{};
  ASSERT_EQ(::stat(place.database.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
}

TEST_F(RecipientStoreTest, EnrolsACertificateForOneRecipientOnly) {
  const auto recipient = inserted();
  const auto other = inserted("other");
  const auto certificate = certificate_of(recipient.id);
  EXPECT_EQ(store.add_certificate(certificate), RecipientStore::Enrolment::done);

  auto again = certificate_of(other.id);
  EXPECT_EQ(store.add_certificate(again), RecipientStore::Enrolment::already_enrolled);
  EXPECT_EQ(store.find_certificate(certificate.sha256)->recipient, recipient.id);
  EXPECT_TRUE(store.certificates(other.id).empty());
}

TEST_F(RecipientStoreTest, EnrolsNothingForAnUnknownRecipient) {
  const auto certificate = certificate_of(RecipientId::random());
  EXPECT_EQ(store.add_certificate(certificate), RecipientStore::Enrolment::unknown_recipient);
  EXPECT_FALSE(store.find_certificate(certificate.sha256));
}

TEST_F(RecipientStoreTest, ForgetsARemovedCertificateSoThatItCanBeEnrolledElsewhere) {
  const auto recipient = inserted();
  const auto other = inserted("other");
  const auto certificate = certificate_of(recipient.id);
  store.add_certificate(certificate);
  EXPECT_TRUE(store.remove_certificate(certificate.id));
  EXPECT_FALSE(store.remove_certificate(certificate.id));
  EXPECT_FALSE(store.find_certificate(certificate.sha256));
  EXPECT_EQ(store.add_certificate(certificate_of(other.id)), RecipientStore::Enrolment::done);
}

TEST_F(RecipientStoreTest, ListsCertificatesWithAllTheyHold) {
  const auto recipient = inserted();
  const auto certificate = certificate_of(recipient.id, 7);
  store.add_certificate(certificate);
  const auto listed = store.certificates(recipient.id);
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].id, certificate.id);
  EXPECT_EQ(listed[0].recipient, recipient.id);
  EXPECT_EQ(listed[0].sha256, certificate.sha256);
  EXPECT_EQ(listed[0].subject, "CN=reader");
  EXPECT_EQ(listed[0].not_after, certificate.not_after);
  EXPECT_EQ(listed[0].created_at, certificate.created_at);
}

TEST(Schema, RefusesAFileOfANewerProgram) {
  const tests::TemporaryDirectory directory;
  const auto place = SharingPlace::in(directory.path());
  core::db::open(place.database).exec("PRAGMA user_version = 99");
  EXPECT_THROW(RecipientStore{place}, core::db::Error);
}

TEST(Schema, LeavesAFileAloneThatItCannotMakeItsOwn) {
  const tests::TemporaryDirectory directory;
  const auto place = SharingPlace::in(directory.path());
  auto database = core::db::open(place.database);
  database.exec("CREATE TABLE share (something TEXT)");
  EXPECT_THROW(open_database(place), core::db::Error);
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), 0);
  EXPECT_FALSE(database.tableExists("recipient"));
}

TEST(Schema, RefusesWhatIsNoDatabase) {
  const tests::TemporaryDirectory directory;
  const auto place = SharingPlace::in(directory.path());
  std::ofstream(place.database) << std::string(4096, 'x');
  EXPECT_THROW(RecipientStore{place}, core::db::Error);
}

}  // namespace
}  // namespace sekisho::sharing
