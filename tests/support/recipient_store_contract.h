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
  static CertificateRule rule_of(const RecipientId& recipient, core::Byte name,
                                 core::Byte authority = 1) {
    CertificateRule rule;
    rule.id = CertificateRuleId::random();
    rule.recipient = recipient;
    rule.authority[0] = authority;
    rule.name = {NameKind::uri, "urn:name:" + std::to_string(name), {}};
    rule.name.key[0] = name;
    rule.created_at = at("2026-01-02T00:00:00Z");
    return rule;
  }

  RecipientStore& store = recipients;
  const core::Time now = at("2026-02-01T00:00:00Z");
  const core::Time later = at("2026-03-01T00:00:00Z");
};

TEST_P(RecipientStoreContract, FindsWhatWasInserted) {
  Recipient recipient = a_recipient("港クリニック");
  recipient.kana = "ミナトクリニック";
  recipient.department = "放射線科";
  recipient.place = "東京都港区芝1-2-3";
  recipient.telephone = "03-1234-5678";
  recipient.language = "en";
  recipient.networks = {network("10.20.0.0/24"), network("2001:db8::/64"), network("10.1.0.0/16")};
  store.insert(recipient);

  const auto found = store.find(recipient.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, recipient.id);
  EXPECT_EQ(found->name, "港クリニック");
  EXPECT_EQ(found->kana, "ミナトクリニック");
  EXPECT_EQ(found->department, "放射線科");
  EXPECT_EQ(found->place, "東京都港区芝1-2-3");
  EXPECT_EQ(found->telephone, "03-1234-5678");
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

TEST_P(RecipientStoreContract, FindsBySearchHoweverItIsWritten) {
  Recipient kawamura = a_recipient("川村内科クリニック");
  kawamura.kana = "カワムラナイカクリニック";
  kawamura.organisation = "医療法人社団 清流会";
  kawamura.department = "放射線科";
  kawamura.place = "札幌市中央区北1条西2-3";
  kawamura.telephone = "011-234-5678";
  kawamura.email = "office@kawamura.example";
  store.insert(kawamura);
  inserted("Minato Clinic");

  const auto finds = [&](const char* search) {
    const auto found = store.list({.search = search});
    return found.size() == 1 && found[0].id == kawamura.id;
  };
  for (const char* search :
       {"ｶﾜﾑﾗ", "かわむら", "カワムラ", "川村", "川", "ワムラナ", "く", "ク", "内科 川村", "清流会",
        "放射線", "札幌　北１条", "2345678", "011-234-5678", "０１１", "KAWAMURA", "office@kawa",
        "クリニツク かわ", "科"}) {
    EXPECT_TRUE(finds(search)) << search;
  }
  for (const char* search :
       {"カワムタ", "川村 港", "村川", "会医", "科か", "8m", "★", "\"", "か*", "xyz"}) {
    EXPECT_EQ(finds(search), std::string_view(search) == "か*") << search;
  }
  EXPECT_EQ(store.list({.search = "クリニック"}).size(), 1U);
  EXPECT_EQ(store.list({.search = "example"}).size(), 2U);
  EXPECT_EQ(store.list({.search = " "}).size(), 0U);
}

TEST_P(RecipientStoreContract, SearchesPageByPageInBothOrdersAndByStatus) {
  const auto first = inserted("Minato first");
  inserted("somebody else");
  const auto second = inserted("Minato second");
  const auto third = inserted("Minato third");
  store.disable(second.id, now);
  const auto ids = [&](RecipientFilter filter) {
    filter.search = "minato office";
    std::vector<RecipientId> found;
    for (const Recipient& recipient : store.list(filter)) {
      if (recipient.name.starts_with("Minato")) found.push_back(recipient.id);
    }
    return found;
  };
  EXPECT_EQ(ids({}), (std::vector{first.id, second.id, third.id}));
  EXPECT_EQ(ids({.after = first.id, .limit = 2}), std::vector{second.id});
  EXPECT_EQ(ids({.order = ListOrder::newest_first, .after = third.id}),
            (std::vector{second.id, first.id}));
  EXPECT_EQ(ids({.status = RecipientStatus::active}), (std::vector{first.id, third.id}));
  EXPECT_EQ(ids({.status = RecipientStatus::disabled}), std::vector{second.id});
  EXPECT_EQ(store.list({.status = RecipientStatus::disabled}).size(), 1U);
  EXPECT_TRUE(ids({.after = RecipientId::random()}).empty());
}

TEST_P(RecipientStoreContract, FindsByWhatARecipientIsNowAndNotByWhatItWas) {
  Recipient recipient = inserted("川村医院");
  recipient.name = "北川医院";
  recipient.telephone = "03-1111-2222";
  recipient.networks = {network("10.77.0.0/16")};
  EXPECT_TRUE(store.change(recipient));
  EXPECT_TRUE(store.list({.search = "川村"}).empty());
  ASSERT_EQ(store.list({.search = "北川 11112222"}).size(), 1U);
  EXPECT_EQ(store.find(recipient.id)->networks, recipient.networks);
  EXPECT_FALSE(store.change(a_recipient("nobody")));
  const auto reopened = house->open_recipients();
  EXPECT_EQ(reopened->list({.search = "北川"}).size(), 1U);
}

TEST_P(RecipientStoreContract, TellsWhoseNamesLookAlike) {
  Recipient minato = a_recipient("医療法人社団 港クリニック");
  minato.place = "芝";
  store.insert(minato);
  const auto sakura = inserted("さくらセンター病院");
  inserted("somebody else");
  const auto alike = [&](const char* name, const char* place = "") {
    Recipient asked = a_recipient(name);
    asked.place = place;
    std::vector<std::string> names;
    for (const Recipient& found : store.look_alikes(asked)) names.push_back(found.name);
    return names;
  };
  const std::vector only_minato{minato.name};
  const std::vector only_sakura{sakura.name};
  EXPECT_EQ(alike("港医院"), only_minato);
  EXPECT_EQ(alike("港", "銀座"), only_minato) << "another place is no other name";
  EXPECT_EQ(alike("港　芝クリニック"), only_minato) << "its place in the name";
  EXPECT_EQ(alike("株式会社ｻｸﾗｾﾝﾀ"), only_sakura);
  EXPECT_EQ(alike("さくらセンター駅前病院"), std::vector<std::string>());
  for (const char* one_letter_apart :
       {"さくらセンタ前", "さくろセンター", "さくセンター", "さくらゼンター"}) {
    EXPECT_EQ(alike(one_letter_apart), only_sakura) << one_letter_apart;
  }
  EXPECT_TRUE(store.look_alikes(sakura).empty()) << "nobody is taken for itself";
}

TEST_P(RecipientStoreContract, WritesAllOfAListOrNothing) {
  Recipient changed = inserted("before");
  changed.name = "after";
  const Recipient made = a_recipient("made");
  EXPECT_FALSE(store.write_all({made}, {changed, a_recipient("nobody")}));
  EXPECT_FALSE(store.find(made.id));
  EXPECT_EQ(store.find(changed.id)->name, "before");
  EXPECT_TRUE(store.list({.search = "made"}).empty());
  EXPECT_THROW(store.write_all({made, made}, {}), core::DatabaseError);
  EXPECT_FALSE(store.find(made.id));
  EXPECT_TRUE(store.write_all({made}, {changed}));
  EXPECT_EQ(store.find(made.id)->name, "made");
  EXPECT_EQ(store.find(changed.id)->name, "after");
}

TEST_P(RecipientStoreContract, MakesOneThingByOneKeyAlsoAfterARestart) {
  CreationKey key{{1}, {2}, now};
  const Recipient first = a_recipient("first");
  EXPECT_TRUE(store.insert(first, key));
  const auto again = house->open_recipients();
  EXPECT_FALSE(again->insert(a_recipient("second"), key));
  EXPECT_FALSE(again->add_token({TokenId::random(), first.id, "viewer", now, later}, key));
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
      store.add_token({TokenId::random(), RecipientId::random(), "viewer", now, later}, key));
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

TEST_P(RecipientStoreContract, ATokenKeepsWhatItMayDo) {
  const Recipient recipient = inserted();
  const auto made = store.add_token(recipient.id, "of everything", later, now);
  EXPECT_EQ(store.find_token(made->text)->scope, TokenScope());
  std::vector<TokenScope> scopes(2);
  for (const Permission each : kPermissions)
    add(scopes.emplace_back(Permissions{}).permissions, each);
  scopes[0].shares = {ShareId::random()};
  scopes[1].shares = {*ShareId::parse(std::string(32, '1')), *ShareId::parse(std::string(32, '2'))};
  scopes.emplace_back(Permissions{}, std::vector<ShareId>());
  for (const TokenScope& scope : scopes) {
    Token token{TokenId::random(), recipient.id, "viewer", now, later};
    token.scope = scope;
    const auto narrow = store.add_token(token, std::nullopt);
    ASSERT_TRUE(narrow);
    EXPECT_EQ(narrow->token.scope, scope);
    EXPECT_EQ(house->open_recipients()->find_token(narrow->text)->scope, scope);
    EXPECT_EQ(store.tokens(recipient.id).back().scope, scope);
  }
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

TEST_P(RecipientStoreContract, GivesANameOfOneAuthorityToOneRecipient) {
  const Recipient recipient = inserted();
  const Recipient other = inserted("Dr. Sato");
  const auto rule = rule_of(recipient.id, 1);
  EXPECT_EQ(store.add_certificate_rule(rule), RecipientStore::Enrolment::done);
  EXPECT_EQ(store.add_certificate_rule(rule_of(other.id, 1)),
            RecipientStore::Enrolment::already_enrolled);
  EXPECT_EQ(store.add_certificate_rule(rule_of(recipient.id, 1)),
            RecipientStore::Enrolment::already_enrolled);
  EXPECT_EQ(store.add_certificate_rule(rule_of(RecipientId::random(), 2)),
            RecipientStore::Enrolment::unknown_recipient);
  const auto of_another = rule_of(other.id, 1, 2);
  EXPECT_EQ(store.add_certificate_rule(of_another), RecipientStore::Enrolment::done);
  const auto found = store.find_certificate_rules(rule.name.key);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].id, rule.id);
  EXPECT_EQ(found[1].id, of_another.id);
  EXPECT_TRUE(store.find_certificate_rules(rule_of(recipient.id, 2).name.key).empty());
}

TEST_P(RecipientStoreContract, ListsRulesForCertificatesWithAllTheyHold) {
  const Recipient recipient = inserted();
  for (const auto kind : {NameKind::subject, NameKind::uri, NameKind::dns, NameKind::email}) {
    auto rule = rule_of(recipient.id, static_cast<core::Byte>(kind));
    rule.name.kind = kind;
    store.add_certificate_rule(rule);
    const auto listed = store.certificate_rules(recipient.id).back();
    EXPECT_EQ(listed.id, rule.id);
    EXPECT_EQ(listed.recipient, recipient.id);
    EXPECT_EQ(listed.authority, rule.authority);
    EXPECT_EQ(listed.name.kind, kind);
    EXPECT_EQ(listed.name.text, rule.name.text);
    EXPECT_EQ(listed.name.key, rule.name.key);
    EXPECT_EQ(listed.created_at, rule.created_at);
  }
  EXPECT_EQ(store.certificate_rules(recipient.id).size(), 4U);
  EXPECT_TRUE(store.certificate_rules(inserted("Dr. Sato").id).empty());
}

TEST_P(RecipientStoreContract, ForgetsARemovedRuleAtOnce) {
  const Recipient recipient = inserted();
  const Recipient other = inserted("Dr. Sato");
  const auto rule = rule_of(recipient.id, 1);
  store.add_certificate_rule(rule);
  EXPECT_EQ(store.find_certificate_rules(rule.name.key).size(), 1U);
  EXPECT_TRUE(store.remove_certificate_rule(rule.id));
  EXPECT_FALSE(store.remove_certificate_rule(rule.id));
  EXPECT_TRUE(store.find_certificate_rules(rule.name.key).empty());
  EXPECT_EQ(store.add_certificate_rule(rule_of(other.id, 1)), RecipientStore::Enrolment::done);
  EXPECT_EQ(store.find_certificate_rules(rule.name.key).at(0).recipient, other.id);
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
