// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/note.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "audit/proof/log_proof.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

// The example of golang.org/x/mod/sumdb/note: key, text and signatures that we did not make.
constexpr char kPeterKey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr char kEnochKey[] = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
constexpr char kPeterText[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr char kPeterSignature[] =
    "\xE2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    "\n";
constexpr char kEnochSignature[] =
    "\xE2\x80\x94 EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ="
    "\n";

NoteSigner a_signer(const std::string& name = "audit.example/log") {
  const core::Bytes seed(32, 7);
  return NoteSigner(name, seed);
}

TEST(NoteVerifier, OpensANoteThatGoSigned) {
  const auto verifier = NoteVerifier::parse(kPeterKey);
  ASSERT_TRUE(verifier);
  EXPECT_EQ(verifier->name(), "PeterNeumann");
  EXPECT_EQ(verifier->line(), kPeterKey);
  EXPECT_EQ(verifier->open(std::string(kPeterText) + "\n" + kPeterSignature), kPeterText);
}

TEST(NoteVerifier, IgnoresTheSignaturesOfOthers) {
  const std::string note = std::string(kPeterText) + "\n" + kPeterSignature + kEnochSignature;
  EXPECT_EQ(NoteVerifier::parse(kPeterKey)->open(note), kPeterText);
  EXPECT_EQ(NoteVerifier::parse(kEnochKey)->open(note), kPeterText);
}

/// A key of another kind joins on the same note, under the log's own name (ADR 27): C2SP
/// tlog-cosignature, ML-DSA-44, whose signature has 2,420 bytes behind four of key hash and eight
/// of time.
TEST(NoteVerifier, OpensANoteThatALargerKeyOfTheSameNameHasSignedToo) {
  const NoteSigner signer = a_signer();
  const Checkpoint head{signer.verifier().name(), 7, {}};
  const std::string line =
      "\xE2\x80\x94 " + head.origin + ' ' + core::to_base64(core::Bytes(4 + 8 + 2420, 0xA5)) + '\n';
  const std::string own = signer.sign(head.text());
  const std::string both = own + line;
  EXPECT_EQ(signer.verifier().open(both), head.text());
  const std::string other_way_round =
      head.text() + '\n' + line + own.substr(head.text().size() + 1);
  EXPECT_EQ(signer.verifier().open(other_way_round), head.text());
  const LogProof receipt{std::nullopt, 0, {}, both};
  const auto read = LogProof::parse(receipt.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->checkpoint, both);
  EXPECT_FALSE(signer.verifier().open(head.text() + '\n' + line)) << "it never stands in for ours";
}

TEST(NoteVerifier, RefusesANoteThatOnlyAnotherSigned) {
  const std::string note = std::string(kPeterText) + "\n" + kEnochSignature;
  EXPECT_FALSE(NoteVerifier::parse(kPeterKey)->open(note));
}

TEST(NoteVerifier, RefusesEveryChangedByte) {
  const std::string good = std::string(kPeterText) + "\n" + kPeterSignature;
  const auto verifier = NoteVerifier::parse(kPeterKey);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    ASSERT_FALSE(verifier->open(bad)) << "byte " << i;
  }
}

TEST(NoteVerifier, RefusesWhatIsNoNote) {
  const auto verifier = NoteVerifier::parse(kPeterKey);
  const std::string text = kPeterText;
  const std::string signature = kPeterSignature;
  for (const std::string& bad :
       {std::string(), text, text + "\n", signature, text + signature,
        text + "\n" + signature + "x", text + "\n" + signature + "\n",
        text + "\n" + signature.substr(0, signature.size() - 1),
        text + "\n- PeterNeumann AAAA\n" + signature,
        text + "\n\xE2\x80\x94 PeterNeumann AAAA\n" + signature,
        text + "\n\xE2\x80\x94  x08go/ZJ\n" + signature, "\r" + text + "\n" + signature}) {
    EXPECT_FALSE(verifier->open(bad)) << bad;
  }
}

TEST(NoteVerifier, RefusesMoreSignaturesThanAHundred) {
  std::string note = std::string(kPeterText) + "\n";
  for (int i = 0; i < 100; ++i) note += kEnochSignature;
  EXPECT_FALSE(NoteVerifier::parse(kPeterKey)->open(note + kPeterSignature));
}

TEST(NoteVerifier, RefusesAKeyLineThatIsNotExact) {
  const std::string good = kPeterKey;
  for (const std::string& bad :
       {std::string(), std::string("PeterNeumann"), good.substr(0, good.size() - 1), good + "A",
        "X" + good, " " + good, good + "\n", std::string("PeterNeumann+c74f20a4") + good.substr(21),
        std::string("+c74f20a3") + good.substr(21)}) {
    EXPECT_FALSE(NoteVerifier::parse(bad)) << bad;
  }
}

TEST(NoteSigner, SignsWhatItsVerifierOpens) {
  const NoteSigner signer = a_signer();
  const std::string note = signer.sign("hello\n");
  EXPECT_EQ(signer.verifier().open(note), "hello\n");
  EXPECT_TRUE(note.starts_with("hello\n\n\xE2\x80\x94 audit.example/log "));
}

TEST(NoteSigner, OfAnotherNameIsAnotherSigner) {
  const std::string note = a_signer("a.example").sign("hello\n");
  EXPECT_FALSE(a_signer("b.example").verifier().open(note));
}

TEST(NoteSigner, ComesBackFromItsPrivateLine) {
  const core::Bytes seed(32, 9);
  const std::string line = NoteSigner::private_line("audit.example/log", seed);
  EXPECT_TRUE(line.starts_with("PRIVATE+KEY+audit.example/log+"));
  const auto signer = NoteSigner::parse(line);
  ASSERT_TRUE(signer);
  EXPECT_EQ(signer->verifier().line(), NoteSigner("audit.example/log", seed).verifier().line());
  EXPECT_FALSE(NoteSigner::parse(line + "x"));
  EXPECT_FALSE(NoteSigner::parse(line.substr(1)));
  EXPECT_FALSE(NoteSigner::parse(kPeterKey));
}

TEST(NoteSigner, TakesOnlyNamesAndKeysThatNotesAllow) {
  const core::Bytes seed(32, 9);
  for (const char* bad : {"", "a b", "a+b", "a\nb", "a\tb",
                          "a\xC2\xA0"
                          "b",
                          "a\xE3\x80\x80"
                          "b",
                          "a\xE2\x80\x83"
                          "b",
                          "a\xFF"}) {
    EXPECT_THROW(NoteSigner(bad, seed), std::invalid_argument) << bad;
  }
  EXPECT_NO_THROW(NoteSigner("監査.example", seed));
  EXPECT_THROW(NoteSigner("a", core::Bytes(31, 9)), std::invalid_argument);
}

TEST(Checkpoint, IsThreeLines) {
  Checkpoint checkpoint{"audit.example/log", 42, core::sha256(core::as_bytes("x"))};
  EXPECT_EQ(checkpoint.text(),
            "audit.example/log\n42\nLXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=\n");
  const auto parsed = Checkpoint::parse(checkpoint.text());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->text(), checkpoint.text());
}

TEST(Checkpoint, RefusesEverythingElse) {
  const std::string root = "LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=\n";
  for (const std::string& bad :
       {std::string(), "o\n1\n" + root + "extension\n", "o\n01\n" + root, "o\n-1\n" + root,
        "o\n1 \n" + root, "o\n+1\n" + root, "o\n\n" + root, "\n1\n" + root,
        "o\n18446744073709551616\n" + root, std::string("o\n1\nAAAA\n"), "o\n1\n" + root + "\n",
        "o\n1\n" + root.substr(0, root.size() - 1)}) {
    EXPECT_FALSE(Checkpoint::parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace sekisho::audit
