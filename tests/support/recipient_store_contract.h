// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "core/database_error.h"
#include "support/sharing_house.h"

/// What every sharing::RecipientStore promises, as tests. To run them on a store:
///
///     INSTANTIATE_TEST_SUITE_P(Mine, RecipientStoreContract,
///                              ::testing::Values([] { return std::make_unique<MyHouse>(); }));
namespace sekisho::sharing {

using tests::a_recipient;
using tests::at;
using tests::network;
class RecipientStoreContract : public tests::SharingContract {
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

  RecipientStore& store = recipients;
  const core::Time now = at("2026-02-01T00:00:00Z");
  const core::Time later = at("2026-03-01T00:00:00Z");
};

TEST_P(RecipientStoreContract, FindsWhatWasInserted) {
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

TEST_P(RecipientStoreContract, KnowsNobodyElse) {
  inserted();
  EXPECT_FALSE(store.find(RecipientId::random()));
  EXPECT_FALSE(store.find(RecipientId()));
}

TEST_P(RecipientStoreContract, KeepsEverythingWhenItIsOpenedAgain) {
  const Recipient recipient = inserted();
  const auto reopened = house->open_recipients();
  EXPECT_TRUE(reopened->find(recipient.id));
}

TEST_P(RecipientStoreContract, RefusesASecondRecipientWithOneId) {
  const Recipient recipient = inserted();
  EXPECT_THROW(store.insert(recipient), core::DatabaseError);
}

TEST_P(RecipientStoreContract, WritesNoRecipientWhenItsNetworksCannotBeWritten) {
  Recipient recipient = a_recipient();
  recipient.networks = {network("10.20.0.0/24"), network("10.20.0.0/24")};
  EXPECT_THROW(store.insert(recipient), core::DatabaseError);
  EXPECT_FALSE(store.find(recipient.id));
}

TEST_P(RecipientStoreContract, ListsPageByPageInOrderOfCreation) {
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

TEST_P(RecipientStoreContract, MakesOneThingByOneKeyAlsoAfterARestart) {
  CreationKey key{{1}, {2}, now};
  const Recipient first = a_recipient("first");
  EXPECT_TRUE(store.insert(first, key));
  const auto again = house->open_recipients();
  EXPECT_FALSE(again->insert(a_recipient("second"), key));
  EXPECT_FALSE(again->add_token(first.id, "viewer", later, now, TokenId::random(), key));
  EXPECT_EQ(again->list({}).size(), 1U);
  EXPECT_TRUE(again->tokens(first.id).empty());
  const auto made = again->find_creation(key);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->made, first.id.text());
  EXPECT_EQ(made->request, key.request);
}

TEST_P(RecipientStoreContract, ForgetsWhatAKeyHasMadeAfterADay) {
  CreationKey key{{1}, {2}, now};
  store.insert(a_recipient("first"), key);
  key.given_at += kCreationKeyLife;
  EXPECT_FALSE(store.find_creation(key));
  EXPECT_TRUE(store.insert(a_recipient("second"), key));
}

TEST_P(RecipientStoreContract, AKeyOfWhatCouldNotBeMadeStaysFree) {
  const CreationKey key{{1}, {2}, now};
  EXPECT_FALSE(
      store.add_token(RecipientId::random(), "viewer", later, now, TokenId::random(), key));
  EXPECT_FALSE(store.find_creation(key));
}

TEST_P(RecipientStoreContract, DisablesOnce) {
  const auto recipient = inserted();
  EXPECT_TRUE(store.disable(recipient.id, now));
  EXPECT_FALSE(store.disable(recipient.id, later));
  EXPECT_FALSE(store.disable(RecipientId::random(), now));
  EXPECT_EQ(store.find(recipient.id)->disabled_at, now);
}

TEST_P(RecipientStoreContract, AddsANetworkOnce) {
  const auto recipient = inserted();
  EXPECT_TRUE(store.add_network(recipient.id, network("10.30.0.0/16")));
  EXPECT_FALSE(store.add_network(recipient.id, network("10.30.0.0/16")));
  EXPECT_FALSE(store.add_network(RecipientId::random(), network("10.30.0.0/16")));
  ASSERT_EQ(store.find(recipient.id)->networks.size(), 2U);
  EXPECT_EQ(store.find(recipient.id)->networks[1], network("10.30.0.0/16"));
}

TEST_P(RecipientStoreContract, FindsATokenByItsTextAndNoOther) {
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

TEST_P(RecipientStoreContract, GivesNoTokenToAnUnknownRecipient) {
  EXPECT_FALSE(store.add_token(RecipientId::random(), "reader", later, now));
}

TEST_P(RecipientStoreContract, RevokesATokenOnceAndStillFindsIt) {
  const auto recipient = inserted();
  const auto made = store.add_token(recipient.id, "reader", later, now);
  EXPECT_TRUE(store.revoke_token(made->token.id, now));
  EXPECT_FALSE(store.revoke_token(made->token.id, later));
  EXPECT_FALSE(store.revoke_token(TokenId::random(), now));
  EXPECT_EQ(store.find_token(made->text)->revoked_at, now);
}

TEST_P(RecipientStoreContract, WhatWasFoundBeforeIsFoundChangedAtOnce) {
  const Recipient recipient = inserted();
  const auto token = store.add_token(recipient.id, "viewer", later, now);
  const auto other = house->open_recipients();
  ASSERT_FALSE(store.find(recipient.id)->disabled_at);
  ASSERT_FALSE(store.find_token(token->text)->revoked_at);
  store.add_network(recipient.id, network("10.99.0.0/24"));
  EXPECT_EQ(store.find(recipient.id)->networks.size(), recipient.networks.size() + 1);
  other->revoke_token(token->token.id, now);
  wait_for_news();
  EXPECT_TRUE(store.find_token(token->text)->revoked_at);
  other->disable(recipient.id, now);
  wait_for_news();
  EXPECT_TRUE(store.find(recipient.id)->disabled_at);
}

TEST_P(RecipientStoreContract, ListsTheTokensOfOneRecipient) {
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

TEST_P(RecipientStoreContract, EnrolsACertificateForOneRecipientOnly) {
  const auto recipient = inserted();
  const auto other = inserted("other");
  const auto certificate = certificate_of(recipient.id);
  EXPECT_EQ(store.add_certificate(certificate), RecipientStore::Enrolment::done);

  auto again = certificate_of(other.id);
  EXPECT_EQ(store.add_certificate(again), RecipientStore::Enrolment::already_enrolled);
  EXPECT_EQ(store.find_certificate(certificate.sha256)->recipient, recipient.id);
  EXPECT_TRUE(store.certificates(other.id).empty());
}

TEST_P(RecipientStoreContract, EnrolsNothingForAnUnknownRecipient) {
  const auto certificate = certificate_of(RecipientId::random());
  EXPECT_EQ(store.add_certificate(certificate), RecipientStore::Enrolment::unknown_recipient);
  EXPECT_FALSE(store.find_certificate(certificate.sha256));
}

TEST_P(RecipientStoreContract, ForgetsARemovedCertificateSoThatItCanBeEnrolledElsewhere) {
  const auto recipient = inserted();
  const auto other = inserted("other");
  const auto certificate = certificate_of(recipient.id);
  store.add_certificate(certificate);
  EXPECT_TRUE(store.remove_certificate(certificate.id));
  EXPECT_FALSE(store.remove_certificate(certificate.id));
  EXPECT_FALSE(store.find_certificate(certificate.sha256));
  EXPECT_EQ(store.add_certificate(certificate_of(other.id)), RecipientStore::Enrolment::done);
}

TEST_P(RecipientStoreContract, ListsCertificatesWithAllTheyHold) {
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

TEST_P(RecipientStoreContract, TellsThatSomethingHasChangedWhoeverDidIt) {
  const Recipient recipient = inserted();
  const auto other = house->open_recipients();
  const std::uint64_t before = store.version();
  static_cast<void>(store.find(recipient.id));
  EXPECT_EQ(store.version(), before) << "reading changes nothing";
  other->disable(recipient.id, now);
  wait_for_news();
  EXPECT_NE(store.version(), before);
  EXPECT_TRUE(store.networks_in_use().empty());
}

}  // namespace sekisho::sharing
