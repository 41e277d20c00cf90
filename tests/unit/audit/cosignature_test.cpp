// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/cosignature.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "core/encoding.h"

namespace sekisho::audit {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

const sys_seconds kNoon{seconds(1'769'860'800)};

const core::Bytes& a_seed(core::Byte value) {
  static core::Bytes seed;
  seed.assign(32, value);
  return seed;
}

NoteSigner a_log(const std::string& name = "audit.example/log") { return {name, a_seed(7)}; }
Cosigner a_witness(const std::string& name = "witness.example/w1", core::Byte seed = 9) {
  return {name, a_seed(seed)};
}
std::string a_checkpoint(const std::string& origin = "audit.example/log") {
  return Checkpoint{origin, 42, core::sha256(core::as_bytes("x"))}.text();
}

TEST(Cosigner, WritesTheSignedMessageOfTheSpecification) {
  // The message and the layout spelled out, checked with the key as a plain one.
  const Cosigner witness = a_witness();
  const std::string line = witness.cosign(a_checkpoint(), kNoon);
  const auto signatures = parse_signature_lines(line);
  ASSERT_TRUE(signatures);
  ASSERT_EQ(signatures->size(), 1U);
  const core::ByteView bytes(signatures->front().bytes);
  ASSERT_EQ(bytes.size(), 4U + 8U + 64U);
  EXPECT_EQ(core::to_hex(bytes.subspan(4, 8)), "00000000697deec0");
  const auto key = NoteKey::parse(KeyKind::cosignature, witness.verifier().line());
  ASSERT_TRUE(key);
  EXPECT_TRUE(
      key->verifies("cosignature/v1\ntime 1769860800\n" + a_checkpoint(), bytes.subspan(12)));
}

TEST(Cosigner, ComesBackFromItsPrivateLine) {
  const std::string line = Cosigner::private_line("witness.example/w1", a_seed(9));
  const auto witness = Cosigner::parse(line);
  ASSERT_TRUE(witness);
  EXPECT_EQ(witness->verifier().line(), a_witness().verifier().line());
  EXPECT_FALSE(NoteSigner::parse(line)) << "a key signs one kind of message";
  EXPECT_FALSE(Cosigner::parse(NoteSigner::private_line("witness.example/w1", a_seed(9))));
}

TEST(Cosigner, KnowsNoTimeBefore1970) {
  EXPECT_THROW(a_witness().cosign(a_checkpoint(), sys_seconds(seconds(-1))), std::invalid_argument);
}

TEST(CosignatureVerifier, TellsTheTime) {
  const auto verifier = CosignatureVerifier::parse(a_witness().verifier().line());
  ASSERT_TRUE(verifier);
  const auto note =
      Note::parse(a_log().sign(a_checkpoint()) + a_witness().cosign(a_checkpoint(), kNoon));
  ASSERT_TRUE(note);
  EXPECT_EQ(verifier->time_of(*note), kNoon);
}

TEST(CosignatureVerifier, IsNotAVerifierOfNotes) {
  EXPECT_FALSE(CosignatureVerifier::parse(a_log().verifier().line()));
  EXPECT_FALSE(NoteVerifier::parse(a_witness().verifier().line()));
}

TEST(CosignatureVerifier, RefusesEveryChangedByte) {
  const CosignatureVerifier verifier = a_witness().verifier();
  const std::string good = a_checkpoint() + '\n' + a_witness().cosign(a_checkpoint(), kNoon);
  ASSERT_TRUE(verifier.time_of(*Note::parse(good)));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    const auto note = Note::parse(bad);
    ASSERT_FALSE(note && verifier.time_of(*note)) << "byte " << i;
  }
}

TEST(CosignatureVerifier, RefusesAnotherKeyOfTheSameName) {
  const auto note =
      Note::parse(a_checkpoint() + '\n' + a_witness("w", 10).cosign(a_checkpoint(), kNoon));
  EXPECT_FALSE(a_witness("w", 9).verifier().time_of(*note));
}

TEST(CosignatureVerifier, RefusesATimeBeyond63Bits) {
  const NotePrivateKey key(KeyKind::cosignature, "w", a_seed(9));
  core::Bytes bytes(8, 0xFF);
  const auto signature = key.sign("cosignature/v1\ntime 18446744073709551615\n" + a_checkpoint());
  bytes.insert(bytes.end(), signature.begin(), signature.end());
  const auto note = Note::parse(a_checkpoint() + '\n' + key.public_half().signature_line(bytes));
  ASSERT_TRUE(note);
  EXPECT_FALSE(a_witness("w").verifier().time_of(*note));
}

TEST(CosignatureVerifier, RefusesAPlainSignatureByTheSameKey) {
  const NotePrivateKey key(KeyKind::cosignature, "w", a_seed(9));
  const auto note = Note::parse(a_checkpoint() + '\n' +
                                key.public_half().signature_line(key.sign(a_checkpoint())));
  ASSERT_TRUE(note);
  EXPECT_FALSE(a_witness("w").verifier().time_of(*note));
}

class Witnessed : public ::testing::Test {
 protected:
  const NoteSigner log_ = a_log();
  const Cosigner one_ = a_witness("w1", 1);
  const Cosigner two_ = a_witness("w2", 2);
  const std::vector<CosignatureVerifier> known_{one_.verifier(), two_.verifier()};
  const std::string text_ = a_checkpoint();

  std::optional<WitnessedCheckpoint> open(const std::string& note) const {
    return open_witnessed(note, log_.verifier(), known_);
  }
};

TEST_F(Witnessed, CountsEachKnownWitnessOnce) {
  const std::string note =
      log_.sign(text_) + two_.cosign(text_, kNoon) + one_.cosign(text_, kNoon + seconds(5)) +
      one_.cosign(text_, kNoon + seconds(9)) + a_witness("stranger", 3).cosign(text_, kNoon);
  const auto opened = open(note);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->checkpoint.size, 42U);
  EXPECT_EQ(opened->note, note);
  ASSERT_EQ(opened->witnessings.size(), 2U);
  EXPECT_EQ(opened->witnessings[0].witness, "w1");
  EXPECT_EQ(opened->witnessed_by(1), kNoon + seconds(5));
  EXPECT_EQ(opened->witnessed_by(2), kNoon);
  EXPECT_FALSE(opened->witnessed_by(3));
  EXPECT_FALSE(opened->witnessed_by(0));
}

TEST_F(Witnessed, DemandsTheLogsOwnSignature) {
  EXPECT_FALSE(open(text_ + '\n' + one_.cosign(text_, kNoon) + two_.cosign(text_, kNoon)));
  const NoteSigner other(std::string("audit.example/log"), a_seed(8));
  EXPECT_FALSE(open(other.sign(text_) + one_.cosign(text_, kNoon)));
}

TEST_F(Witnessed, DemandsThePinnedOrigin) {
  // The log's key under a text that names another log.
  const std::string other = a_checkpoint("other.example/log");
  EXPECT_FALSE(open(log_.sign(other) + one_.cosign(other, kNoon)));
}

TEST_F(Witnessed, IsStillTheLogsWithoutAnyWitness) {
  const auto opened = open(log_.sign(text_));
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->witnessings.empty());
  EXPECT_FALSE(opened->witnessed_by(1));
}

TEST_F(Witnessed, RefusesWhatIsNoCheckpoint) {
  EXPECT_FALSE(open(""));
  EXPECT_FALSE(open(log_.sign("audit.example/log\n42\n")));
  EXPECT_FALSE(open(log_.sign(text_) + "x"));
  EXPECT_FALSE(open(log_.sign(text_ + "an extension\n")));
}

}  // namespace
}  // namespace sekisho::audit
