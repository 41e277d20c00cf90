// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/tls.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include "unit/http/certificates.h"

namespace sekisho::http {
namespace {

using tests::CertificateWish;
using tests::Credential;
using tests::make_credential;
using tests::TemporaryDirectory;
using tests::write_file;

/// What staff read when these files are configured; empty when the door opens.
std::string complaint(const std::string& chain, const std::string& key) {
  const TemporaryDirectory directory;
  try {
    load_tls_identity({write_file(directory, "chain.pem", chain), "Certificate"},
                      {write_file(directory, "key.pem", key), "PrivateKey"}, "https://gateway.test",
                      core::system_clock()());
    return {};
  } catch (const core::SetupTrouble& trouble) {
    return trouble.what();
  }
}

std::string remark(const CertificateWish& wish, std::string_view public_url) {
  const TemporaryDirectory directory;
  const Credential credential = make_credential(wish);
  return load_tls_identity(
             {write_file(directory, "chain.pem", credential.certificate_pem()), "Certificate"},
             {write_file(directory, "key.pem", credential.key_pem()), "PrivateKey"}, public_url,
             core::system_clock()())
      .remark;
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(TlsIdentity, TakesAGoodCertificateWithItsChain) {
  const Credential root =
      make_credential({.common_name = "Root", .alternative_names = "", .authority = true});
  const Credential server = make_credential({}, &root);
  EXPECT_EQ(complaint(server.certificate_pem() + root.certificate_pem(), server.key_pem()), "");
  EXPECT_EQ(complaint(server.certificate_pem(), server.key_pem()), "");
}

TEST(TlsIdentity, NamesTheFileThatIsMissing) {
  const TemporaryDirectory directory;
  const Credential server = make_credential({});
  const auto chain = write_file(directory, "chain.pem", server.certificate_pem());
  try {
    load_tls_identity({chain, "Certificate"}, {directory.path() / "absent.pem", "PrivateKey"}, "",
                      core::system_clock()());
    FAIL();
  } catch (const core::SetupTrouble& trouble) {
    EXPECT_TRUE(says(trouble.what(), "private key cannot be read"));
    EXPECT_TRUE(says(trouble.what(), "absent.pem (PrivateKey)"));
  }
}

TEST(TlsIdentity, RefusesAKeyThatEverybodyOnTheMachineCanRead) {
  const TemporaryDirectory directory;
  const Credential server = make_credential({});
  const auto chain = write_file(directory, "chain.pem", server.certificate_pem());
  const auto key = write_file(directory, "key.pem", server.key_pem());
  std::filesystem::permissions(key, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  try {
    load_tls_identity({chain, "Certificate"}, {key, "PrivateKey"}, "", core::system_clock()());
    FAIL();
  } catch (const core::SetupTrouble& trouble) {
    EXPECT_TRUE(says(trouble.what(), "key is not private"));
  }
}

TEST(TlsIdentity, RefusesWhatDoesNotParse) {
  const Credential server = make_credential({});
  const std::string pem = server.certificate_pem();
  EXPECT_TRUE(says(complaint("", server.key_pem()), "certificate does not parse"));
  EXPECT_TRUE(says(complaint("rubbish", server.key_pem()), "certificate does not parse"));
  std::string damaged = pem;
  damaged.replace(100, 10, "##########");
  EXPECT_TRUE(says(complaint(pem + damaged, server.key_pem()), "certificate does not parse"));
  EXPECT_TRUE(says(complaint(pem, pem), "private key does not parse"));
}

TEST(TlsIdentity, RefusesAKeyWithAPassphraseAndAsksNobody) {
  const Credential server = make_credential({});
  EXPECT_TRUE(says(complaint(server.certificate_pem(), server.encrypted_key_pem()), "passphrase"));
}

TEST(TlsIdentity, RefusesAKeyThatIsNotTheCertificates) {
  const Credential server = make_credential({});
  const Credential other = make_credential({});
  EXPECT_TRUE(says(complaint(server.certificate_pem(), other.key_pem()), "is not the one of"));
}

TEST(TlsIdentity, RefusesACertificateOutsideItsTime) {
  const Credential old = make_credential({.not_after = std::chrono::seconds(-1)});
  EXPECT_TRUE(says(complaint(old.certificate_pem(), old.key_pem()), "has expired"));
  const Credential early = make_credential({.not_before = std::chrono::seconds(600)});
  EXPECT_TRUE(says(complaint(early.certificate_pem(), early.key_pem()), "not valid yet"));
}

TEST(TlsIdentity, RefusesAnExpiredIssuer) {
  const Credential root = make_credential({.common_name = "Root",
                                           .alternative_names = "",
                                           .not_after = std::chrono::seconds(-1),
                                           .authority = true});
  const Credential server = make_credential({}, &root);
  EXPECT_TRUE(says(complaint(server.certificate_pem() + root.certificate_pem(), server.key_pem()),
                   "chain has expired"));
}

TEST(TlsIdentity, RefusesACertificateWithoutAlternativeNames) {
  const Credential server = make_credential({.alternative_names = ""});
  EXPECT_TRUE(says(complaint(server.certificate_pem(), server.key_pem()), "alternative name"));
}

TEST(TlsIdentity, RefusesAChainOutOfOrder) {
  const Credential root =
      make_credential({.common_name = "Root", .alternative_names = "", .authority = true});
  const Credential other =
      make_credential({.common_name = "Other", .alternative_names = "", .authority = true});
  const Credential server = make_credential({}, &root);
  EXPECT_TRUE(says(complaint(server.certificate_pem() + other.certificate_pem(), server.key_pem()),
                   "out of order"));
}

TEST(TlsIdentity, RemarksWhatStaffShouldKnow) {
  EXPECT_EQ(remark({}, "https://gateway.test:8443/x"), "");
  EXPECT_EQ(remark({}, "https://127.0.0.1:8443"), "");
  EXPECT_EQ(remark({.alternative_names = "IP:::1"}, "https://[::1]:8443"), "");
  EXPECT_TRUE(says(remark({}, "https://other.test"), "does not name the host"));
  EXPECT_TRUE(says(remark({.not_after = std::chrono::hours(24 * 3 + 1)}, "https://gateway.test"),
                   "expires in 3 days"));
}

TEST(TlsIdentity, LeavesTheErrorQueueOfTheHostAlone) {
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 42);
  const auto before = ERR_peek_last_error();
  complaint("rubbish", "rubbish");
  const Credential server = make_credential({});
  complaint(server.certificate_pem(), server.encrypted_key_pem());
  EXPECT_EQ(ERR_peek_last_error(), before);
  ERR_clear_error();
}

}  // namespace
}  // namespace sekisho::http
