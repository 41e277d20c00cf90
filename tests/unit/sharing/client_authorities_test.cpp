// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/client_authorities.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "sharing/certificate_name.h"
#include "sharing/chain_check.h"
#include "support/certificate_authority.h"
#include "support/temporary_directory.h"

namespace sekisho::sharing {
namespace {

using tests::at;
using tests::authority_wish;
using tests::shown;
using tests::TestAuthority;
using tests::Wish;

Wish with(std::vector<std::pair<int, std::string>> extensions) {
  return {.extensions = std::move(extensions)};
}

class ClientAuthoritiesTest : public testing::Test {
 protected:
  ClientAuthoritiesTest() {
    put("ca.pem", region.pem());
    put("lists.pem", region.list_pem());
    authorities.open();
  }

  /// In one piece, as a file that nobody has seen half of.
  void put(const std::string& name, const std::string& content) {
    const std::filesystem::path file = directory.path() / name;
    const std::filesystem::path fresh = file.parent_path() / ("." + file.filename().string());
    std::filesystem::create_directories(fresh.parent_path());
    std::ofstream(fresh, std::ios::binary) << content;
    std::filesystem::rename(fresh, file);
  }
  void put_and_look(const std::string& name, const std::string& content) {
    put(name, content);
    authorities.look();
  }
  /// "vouched", or why not.
  std::string said(const core::CertificateChain& chain) {
    const Vouching vouching = authorities.judge(chain, now);
    const auto* denial = std::get_if<Denial>(&vouching);
    return denial == nullptr ? "vouched" : std::string(name(*denial));
  }
  std::string said(const core::X509Handle& certificate) { return said(shown(certificate)); }
  Vouched vouched(const core::CertificateChain& chain) {
    auto vouching = authorities.judge(chain, now);
    if (const auto* denial = std::get_if<Denial>(&vouching)) ADD_FAILURE() << name(*denial);
    return std::get<Vouched>(std::move(vouching));
  }
  std::string trouble_with(const std::string& bundle) {
    put("ca.pem", bundle);
    try {
      ClientAuthorities(files, clock, report).open();
    } catch (const core::SetupTrouble& trouble) {
      return trouble.what();
    }
    return {};
  }
  bool tells(std::string_view what) const {
    return std::ranges::any_of(authorities.problems(), [&](const std::string& problem) {
      return problem.find(what) != std::string::npos;
    });
  }

  tests::TemporaryDirectory directory;
  const TestAuthority region{"Region"};
  core::Time now = at("2026-02-10T00:00:00Z");
  std::vector<std::string> reported;
  const core::Clock clock = [this] { return now; };
  const core::Log report = [this](core::Severity, std::string_view text) {
    reported.emplace_back(text);
  };
  const ClientAuthorityFiles files{{directory.path() / "ca.pem", "\"CaFile\""},
                                   {directory.path() / "lists.pem", "\"CrlPath\""}};
  ClientAuthorities authorities{files, clock, report};
};

TEST_F(ClientAuthoritiesTest, VouchForWhatTheyHaveIssuedByItsNames) {
  auto wish = with({{NID_ext_key_usage, "clientAuth"},
                    {NID_subject_alt_name, "URI:urn:oid:1.2.392,email:Sato@Kita.Example"}});
  const Vouched found = vouched(shown(region.issue(wish)));
  EXPECT_EQ(found.authorities, std::vector{key_of(region.certificate())});
  EXPECT_EQ(found.names,
            (std::vector{
                parse_certificate_name(NameKind::subject, "CN=viewer,O=Kita Clinic")->key,
                parse_certificate_name(NameKind::uri, "urn:oid:1.2.392")->key,
                parse_certificate_name(NameKind::email, "Sato@kita.example")->key,
            }));
  EXPECT_TRUE(authorities.problems().empty());
  EXPECT_TRUE(reported.empty());
}

TEST_F(ClientAuthoritiesTest, KnowNothingOfCertificatesOfOthers) {
  const TestAuthority other("Other");
  const TestAuthority namesake("Region");
  EXPECT_EQ(said(other.issue()), "unknown_authority");
  EXPECT_EQ(said(namesake.issue()), "unknown_authority");
  EXPECT_EQ(said(shown(other.issue(), {other.certificate()})), "unknown_authority");
  const TestAuthority itself(Wish{});
  EXPECT_EQ(said(shown(itself.issue(), {itself.certificate()})), "unknown_authority");
}

TEST_F(ClientAuthoritiesTest, RefuseWhatIsOutOfItsTime) {
  const auto certificate = region.issue(
      {.not_before = at("2026-02-01T00:00:00Z"), .not_after = at("2026-02-20T00:00:00Z")});
  EXPECT_EQ(said(certificate), "vouched");
  now = at("2026-01-31T23:59:59Z");
  put_and_look("lists.pem", region.list_pem({.since = at("2026-01-01T00:00:00Z")}));
  EXPECT_EQ(said(certificate), "early_certificate");
  now = at("2026-02-20T00:00:01Z");
  EXPECT_EQ(said(certificate), "expired_credential");
}

TEST_F(ClientAuthoritiesTest, RefuseWhatIsNotForClients) {
  EXPECT_EQ(said(region.issue(with({}))), "vouched") << "RFC 5280 §4.2.1.12: for every purpose";
  EXPECT_EQ(said(region.issue(with({{NID_ext_key_usage, "serverAuth,clientAuth"}}))), "vouched");
  EXPECT_EQ(said(region.issue(with({{NID_ext_key_usage, "serverAuth"}}))), "unfit_certificate");
  EXPECT_EQ(said(region.issue(with({{NID_ext_key_usage, "emailProtection"}}))),
            "unfit_certificate");
  EXPECT_EQ(said(region.issue(with({{NID_key_usage, "critical,nonRepudiation"}}))),
            "unfit_certificate");
}

TEST_F(ClientAuthoritiesTest, RefuseWhatIsWeak) {
  EXPECT_EQ(said(region.issue({.digest = "SHA1"})), "unfit_certificate");
  EXPECT_EQ(said(region.issue({.digest = "SHA224"})), "unfit_certificate");
  EXPECT_EQ(said(region.issue({.digest = "SHA384"})), "vouched");
  EXPECT_EQ(said(region.issue({.rsa_bits = 1024})), "unfit_certificate");
  EXPECT_EQ(said(region.issue({.rsa_bits = 2048})), "vouched");
}

TEST_F(ClientAuthoritiesTest, RefuseACriticalExtensionThatIsNotKnown) {
  const int unknown = OBJ_create("1.3.6.1.4.1.99999.1", nullptr, nullptr);
  X509V3_EXT_add_alias(unknown, NID_netscape_comment);
  EXPECT_EQ(said(region.issue(with({{unknown, "anything"}}))), "vouched");
  EXPECT_EQ(said(region.issue(with({{unknown, "critical,anything"}}))), "unfit_certificate");
}

TEST_F(ClientAuthoritiesTest, FollowAuthoritiesInBetweenThatAreSentAlong) {
  const TestAuthority below(authority_wish("Prefecture"), region);
  put_and_look("lists.pem", region.list_pem() + below.list_pem());
  const auto certificate = below.issue();
  EXPECT_EQ(said(certificate), "unknown_authority") << "nobody says who that is";
  const auto chain = shown(certificate, {below.certificate()});
  EXPECT_EQ(vouched(chain).authorities,
            (std::vector{key_of(below.certificate()), key_of(region.certificate())}));
  put_and_look("lists.pem", region.list_pem());
  EXPECT_EQ(said(chain), "unknown_revocation") << "of the one in between";
  put_and_look("lists.pem", region.list_pem({.revoked = {below.certificate()}}) + below.list_pem());
  EXPECT_EQ(said(chain), "revoked_certificate");
}

TEST_F(ClientAuthoritiesTest, HoldAuthoritiesInBetweenToTheirLimits) {
  Wish narrow = authority_wish("Narrow");
  narrow.extensions.front().second = "critical,CA:TRUE,pathlen:0";
  const TestAuthority root(narrow);
  const TestAuthority below(authority_wish("Below"), root);
  const TestAuthority leaf(Wish{}, region);  // which may issue nothing
  put("lists.pem", region.list_pem() + root.list_pem() + below.list_pem() + leaf.list_pem());
  put_and_look("ca.pem", region.pem() + root.pem());
  EXPECT_EQ(said(root.issue()), "vouched");
  EXPECT_EQ(said(shown(below.issue(), {below.certificate()})), "unfit_certificate");
  EXPECT_EQ(said(shown(leaf.issue({.common_name = "other"}), {leaf.certificate()})),
            "unfit_certificate");
}

TEST_F(ClientAuthoritiesTest, TrustAnAuthorityBelowAnotherByItself) {
  const TestAuthority below(authority_wish("Prefecture"), region);
  put("lists.pem", below.list_pem());
  put_and_look("ca.pem", below.pem());
  EXPECT_EQ(said(below.issue()), "vouched");
  EXPECT_EQ(said(region.issue()), "unknown_authority");
  put_and_look("lists.pem", region.list_pem());
  EXPECT_EQ(said(below.issue()), "unknown_revocation");
}

TEST_F(ClientAuthoritiesTest, RefuseTheRevokedFromTheNextListOn) {
  const auto lost = region.issue();
  const auto kept = region.issue();
  EXPECT_EQ(said(lost), "vouched");
  put_and_look("lists.pem", region.list_pem({.revoked = {lost.get()}}));
  EXPECT_EQ(said(lost), "revoked_certificate");
  EXPECT_EQ(said(kept), "vouched");
}

TEST_F(ClientAuthoritiesTest, RefuseEverybodyWithoutAListInForceAndSaySoOnce) {
  const auto certificate = region.issue();
  EXPECT_EQ(said(certificate), "vouched");
  now = at("2026-03-01T00:00:00Z");  // what was said before holds no longer, with the same files
  EXPECT_EQ(said(certificate), "unknown_revocation");
  EXPECT_TRUE(tells("was due to be replaced at 2026-03-01T00:00:00Z"));
  authorities.look();
  authorities.look();
  EXPECT_EQ(reported.size(), 1U);
  put_and_look("lists.pem", region.list_pem({.until = at("2026-04-01T00:00:00Z")}));
  EXPECT_EQ(said(certificate), "vouched");
  EXPECT_TRUE(authorities.problems().empty());
}

TEST_F(ClientAuthoritiesTest, RefuseEverybodyByListsThatAreNone) {
  const TestAuthority namesake("Region");
  const auto certificate = region.issue();
  const std::string good = region.list_pem();
  const std::pair<std::string, std::string> kLists[] = {
      {"damaged", ""},
      {"damaged", "nothing"},
      {"damaged", good + good.substr(0, good.size() / 2)},
      {"damaged", good + region.pem()},
      {"damaged", region.list_der() + "x"},
      {"signed with less than SHA-256", region.list_pem({.digest = "SHA1"})},
      {"does not say when the next one comes", region.list_pem({.says_until = false})},
      {"has signed none of the revocation lists", namesake.list_pem()},
      {"has signed none of the revocation lists", TestAuthority("Other").list_pem()},
  };
  for (const auto& [why, lists] : kLists) {
    put_and_look("lists.pem", lists);
    EXPECT_EQ(said(certificate), "unknown_revocation") << lists;
    EXPECT_TRUE(tells(why)) << why << ", not " << testing::PrintToString(authorities.problems());
  }
  std::filesystem::remove(directory.path() / "lists.pem");
  authorities.look();
  EXPECT_EQ(said(certificate), "unknown_revocation");
  EXPECT_TRUE(tells("No such file or directory"));
  put_and_look("lists.pem", region.list_der());
  EXPECT_EQ(said(certificate), "vouched");
}

TEST_F(ClientAuthoritiesTest, ReadAllListsOfADirectoryOrNone) {
  const TestAuthority other("Other");
  put("ca.pem", region.pem() + other.pem());
  std::filesystem::remove(directory.path() / "lists.pem");
  put_and_look("lists.pem/region.crl", region.list_der());
  EXPECT_EQ(said(region.issue()), "vouched");
  EXPECT_EQ(said(other.issue()), "unknown_revocation");
  put_and_look("lists.pem/other.crl", other.list_pem());
  EXPECT_EQ(said(other.issue()), "vouched");
  put_and_look("lists.pem/third.crl", "half a li");
  EXPECT_EQ(said(region.issue()), "unknown_revocation") << "it may have been about this one";
  EXPECT_TRUE(tells("third.crl"));
}

TEST_F(ClientAuthoritiesTest, NameThemselvesInHandshakes) {
  const auto named = authorities.subjects();
  ASSERT_EQ(named->size(), 1U);
  const unsigned char* der = named->front().data();
  X509_NAME* name = d2i_X509_NAME(nullptr, &der, static_cast<long>(named->front().size()));
  EXPECT_EQ(X509_NAME_cmp(name, X509_get_subject_name(region.certificate())), 0);
  X509_NAME_free(name);
  put_and_look("ca.pem", region.pem() + TestAuthority("Other").pem());
  EXPECT_EQ(authorities.subjects()->size(), 2U);
  EXPECT_EQ(authorities.list().at(1).subject, "CN=Other,O=Kita Clinic");
  EXPECT_FALSE(authorities.list().at(1).lists_until);
  EXPECT_EQ(authorities.list().at(0).lists_until, at("2026-03-01T00:00:00Z"));
}

TEST_F(ClientAuthoritiesTest, DoNotBeginWithAFileThatIsNotOfAuthorities) {
  Wish sha1 = authority_wish("Old");
  sha1.digest = "SHA1";
  Wish short_key = authority_wish("Short");
  short_key.rsa_bits = 1024;
  Wish no_lists = authority_wish("Mute");
  no_lists.extensions.back().second = "critical,keyCertSign";
  const std::string good = region.pem();
  const std::pair<std::string, std::string> kBundles[] = {
      {"is damaged", ""},
      {"is damaged", "nothing"},
      {"is damaged", good + good.substr(0, good.size() / 2)},
      {"is damaged", good + region.key_pem()},
      {"basicConstraints", good + TestAuthority(Wish{}).pem()},
      {"basicConstraints", TestAuthority(with({})).pem()},
      {"\"CN=Old,O=Kita Clinic\" is signed with less than SHA-256", TestAuthority(sha1).pem()},
      {"too short", TestAuthority(short_key).pem()},
      {"cRLSign", TestAuthority(no_lists).pem()},
  };
  for (const auto& [why, bundle] : kBundles) {
    const std::string trouble = trouble_with(bundle);
    EXPECT_NE(trouble.find(why), std::string::npos) << trouble;
    EXPECT_NE(trouble.find("ca.pem (\"CaFile\")"), std::string::npos) << trouble;
  }
  std::filesystem::remove(directory.path() / "ca.pem");
  EXPECT_THROW(ClientAuthorities(files, clock, report).open(), core::SetupTrouble);
  EXPECT_EQ(trouble_with(good), "");
}

TEST_F(ClientAuthoritiesTest, SayThatOneOfThemHasExpired) {
  Wish old = authority_wish("Old");
  old.not_after = at("2026-02-01T00:00:00Z");
  const TestAuthority expired(old);
  put("lists.pem", region.list_pem() + expired.list_pem());
  put_and_look("ca.pem", region.pem() + expired.pem());
  authorities.open();
  EXPECT_TRUE(tells("\"CN=Old,O=Kita Clinic\" has expired at 2026-02-01T00:00:00Z"));
  EXPECT_EQ(said(expired.issue()), "expired_credential");
  EXPECT_EQ(said(region.issue()), "vouched");
}

TEST_F(ClientAuthoritiesTest, VouchForNobodyOnceTheirFileIsUnusable) {
  const auto certificate = region.issue();
  put_and_look("ca.pem", "");
  EXPECT_EQ(said(certificate), "unreadable_authorities");
  EXPECT_EQ(said(region.issue({.digest = "SHA1"})), "unreadable_authorities");
  EXPECT_EQ(said(TestAuthority("Other").issue()), "unknown_authority");
  EXPECT_TRUE(tells("is damaged"));
  put_and_look("ca.pem", region.pem());
  EXPECT_EQ(said(certificate), "vouched");
}

TEST_F(ClientAuthoritiesTest, ForgetAnAuthorityThatIsTakenAway) {
  const TestAuthority other("Other");
  const auto certificate = other.issue();
  put("lists.pem", region.list_pem() + other.list_pem());
  put_and_look("ca.pem", region.pem() + other.pem());
  EXPECT_EQ(said(certificate), "vouched");
  put_and_look("ca.pem", region.pem());
  EXPECT_EQ(said(certificate), "unknown_authority");
}

TEST_F(ClientAuthoritiesTest, KnowASubjectInWhateverWayItIsEncoded) {
  const auto subject_of = [&](Wish wish) { return vouched(shown(region.issue(wish))).names.at(0); };
  const auto expected = parse_certificate_name(NameKind::subject, "CN=viewer,O=Kita Clinic")->key;
  EXPECT_EQ(subject_of({.string_type = V_ASN1_PRINTABLESTRING}), expected);
  EXPECT_EQ(subject_of({.string_type = V_ASN1_T61STRING}), expected);
  EXPECT_EQ(subject_of({.common_name = "  VIEWER "}), expected);
  EXPECT_NE(subject_of({.common_name = "viewer2"}), expected);
  EXPECT_NE(subject_of({.common_name = "vie wer"}), expected);
}

TEST_F(ClientAuthoritiesTest, RefuseNamesThatCanBeReadInTwoWays) {
  const std::string nul("viewer.kita.example\0.evil.example", 33);
  EXPECT_EQ(said(region.issue({.host = nul})), "unfit_certificate");
  EXPECT_EQ(said(region.issue({.host = "viewer.kita.example"})), "vouched");
  EXPECT_EQ(said(region.issue({.host = "viewer\n"})), "unfit_certificate");
  EXPECT_EQ(said(region.issue({.common_name = std::string("vie\0wer", 7)})), "unfit_certificate");
  auto twice =
      with({{NID_subject_alt_name, "DNS:a.example"}, {NID_subject_alt_name, "DNS:b.example"}});
  EXPECT_EQ(said(region.issue(twice)), "unknown_authority") << "OpenSSL reads no further in it";
}

}  // namespace
}  // namespace sekisho::sharing
