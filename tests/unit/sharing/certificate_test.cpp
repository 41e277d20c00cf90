// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/certificate.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include "support/certificates.h"
#include "support/sharing_builders.h"

namespace sekisho::sharing {
namespace {

using tests::at;
using tests::make_certificate;

TEST(ParseCertificate, TellsFingerprintSubjectAndEnd) {
  const auto made =
      make_certificate({.common_name = "reader-1", .not_after = at("2031-05-06T07:08:09Z")});
  const auto parsed = parse_certificate(made.pem);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->sha256, core::sha256(core::as_bytes(made.der)));
  EXPECT_EQ(parsed->subject, "CN=reader-1");
  EXPECT_EQ(parsed->not_after, at("2031-05-06T07:08:09Z"));
}

TEST(ParseCertificate, ReadsAnEndAfter2049) {
  const auto parsed =
      parse_certificate(make_certificate({.not_after = at("2099-12-31T23:59:59Z")}).pem);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->not_after, at("2099-12-31T23:59:59Z"));
}

TEST(ParseCertificate, KeepsJapaneseNamesReadableAndEscapesTheRest) {
  EXPECT_EQ(parse_certificate(make_certificate({.common_name = "港クリニック"}).pem)->subject,
            "CN=港クリニック");
  EXPECT_EQ(parse_certificate(make_certificate({.common_name = "a,b\nc"}).pem)->subject,
            "CN=a\\,b\\0Ac");
}

TEST(ParseCertificate, AcceptsEd25519) {
  EXPECT_TRUE(parse_certificate(make_certificate({.key_type = "ED25519"}).pem));
}

TEST(ParseCertificate, AcceptsTheTextThatOpensslPrintsBefore) {
  EXPECT_TRUE(parse_certificate("subject=CN = reader-1\n" + make_certificate().pem));
}

TEST(ParseCertificate, RefusesWeakSignatures) {
  for (const char* digest : {"SHA1", "SHA224"}) {
    EXPECT_FALSE(parse_certificate(make_certificate({.digest = digest}).pem)) << digest;
  }
}

TEST(ParseCertificate, RefusesAPrivateKeyBesideIt) {
  const auto made = make_certificate();
  EXPECT_FALSE(parse_certificate(made.pem + made.key_pem));
  EXPECT_FALSE(parse_certificate(made.key_pem + made.pem));
  EXPECT_FALSE(parse_certificate(made.key_pem));
}

TEST(ParseCertificate, RefusesTwoCertificates) {
  EXPECT_FALSE(parse_certificate(make_certificate().pem + make_certificate().pem));
}

TEST(ParseCertificate, RefusesWhatIsNoCertificate) {
  const std::string pem = make_certificate().pem;
  EXPECT_FALSE(parse_certificate(""));
  EXPECT_FALSE(parse_certificate("certificate"));
  EXPECT_FALSE(parse_certificate(pem.substr(0, pem.size() / 2)));
  EXPECT_FALSE(parse_certificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
  EXPECT_FALSE(parse_certificate(make_certificate().der));
  EXPECT_FALSE(parse_certificate(std::string(1 << 20, 'A') + pem));
}

TEST(ParseCertificate, NeverAsksTheTerminalForAPassphrase) {
  std::string pem = make_certificate().pem;
  pem.insert(pem.find('\n') + 1,
             "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n");
  EXPECT_FALSE(parse_certificate(pem));
}

TEST(ParseCertificate, LeavesTheErrorQueueOfTheThreadAsItWas) {
  ERR_clear_error();
  EXPECT_FALSE(parse_certificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
  EXPECT_EQ(ERR_peek_error(), 0UL);
  ERR_raise(ERR_LIB_USER, 7);
  EXPECT_FALSE(parse_certificate("nothing"));
  EXPECT_EQ(ERR_GET_REASON(ERR_peek_last_error()), 7);
  ERR_clear_error();
}

}  // namespace
}  // namespace sekisho::sharing
