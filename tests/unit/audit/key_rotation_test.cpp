// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of a log whose signing key is replaced, by its operator or by somebody else.
#include "audit/keys/key_rotation.h"

#include <gtest/gtest.h>

#include <sstream>

#include "audit/command/command.h"
#include "audit/initialise.h"
#include "audit/keys/rotate_key.h"
#include "audit/store/anchor.h"
#include "core/encoding.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using std::filesystem::exists;
using test::a_time;
using test::a_transfer;
using test::ALog;
using test::joined;
using test::read_file;

const Uptime kUptime = tests::uptime_of(a_time);

NoteSigner a_signer(core::Byte seed, const std::string& origin = test::kOrigin) {
  return {origin, core::Bytes(32, seed)};
}

/// A log of three entries, not rotated yet.
class KeyRotationTest : public testing::Test {
 protected:
  KeyRotationTest() { append(2); }

  void append(int count) const {
    const auto log = log_.open();
    for (int i = 0; i < count; ++i) log->append(a_transfer());
  }
  std::string rotate() const { return rotate_key(log_.place(), a_time, kUptime).line(); }
  Verdict verdict(const std::string& key) const { return verify(log_.place().database, key); }
  void expect_sound(const std::string& key) const {
    const Verdict found = verdict(key);
    EXPECT_TRUE(found.sound()) << joined(found.problems);
    EXPECT_EQ(found.origin, test::kOrigin);
  }
  void expect_problem(const std::string& key, const std::string& what) const {
    const std::string found = joined(verdict(key).problems);
    EXPECT_NE(found.find(what), std::string::npos) << "expected: " << what << "\nfound: " << found;
  }
  /// By whoever holds the service's key: the service itself never writes such an entry.
  void append_rotation(const NoteSigner& from, const NoteSigner& to, std::uint64_t seq,
                       const core::Sha256& root) const {
    Event event;
    event.code = EventCode::key_rotate;
    event.facts = KeyRotation::facts(from, to, seq, root);
    log_.open()->append(event);
  }
  NoteSigner signer() const { return read_signing_key(log_.place().signing_key); }
  void put(const std::filesystem::path& file, const std::string& content) const {
    std::ofstream(file, std::ios::trunc) << content;
    std::filesystem::permissions(file, std::filesystem::perms{0600});
  }
  void expect_refused(const std::string& why) const {
    try {
      log_.open();
      ADD_FAILURE() << "opened";
    } catch (const AuditError& error) {
      EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
    }
  }

  const ALog log_;
  const std::string first_ = log_.key();
};

TEST_F(KeyRotationTest, ContinuesTheLogUnderANewKeyOfTheSameOrigin) {
  const std::string second = rotate();
  EXPECT_NE(second, first_);
  EXPECT_EQ(log_.key(), second);
  EXPECT_EQ(signer().verifier().line(), second);
  EXPECT_FALSE(exists(log_.place().next_signing_key));
  EXPECT_EQ(std::filesystem::status(log_.place().signing_key).permissions(),
            std::filesystem::perms{0600});
  expect_sound(second);
  append(2);
  expect_sound(second);
  EXPECT_EQ(verdict(second).entries, 6U);
}

TEST_F(KeyRotationTest, LeadsWhoHasAnyOfTheKeysToTheOneThatSigns) {
  const std::string second = rotate();
  append(1);
  const std::string third = rotate();
  const std::string fourth = rotate();
  append(1);
  for (const std::string& key : {first_, second, third, fourth}) expect_sound(key);
  expect_problem(a_signer(9).verifier().line(), "head: not signed by the key that you gave");
}

TEST_F(KeyRotationTest, WaitsUntilTheServiceHasStopped) {
  const auto log = log_.open();
  const std::string before = read_file(log_.place().signing_key);
  EXPECT_THROW(rotate(), AuditError);
  EXPECT_EQ(read_file(log_.place().signing_key), before);
  EXPECT_FALSE(exists(log_.place().next_signing_key));
  log->append(a_transfer());
  expect_sound(first_);
}

TEST_F(KeyRotationTest, LeavesNoLockBehindThatKeepsNobodyOut) {
  rotate();
  const auto log = log_.open();
  EXPECT_THROW(log_.open(), AuditError);
}

TEST_F(KeyRotationTest, StoppedBeforeItsEntryLeavesTheOldKey) {
  put(log_.place().next_signing_key,
      NoteSigner::private_line(test::kOrigin, core::Bytes(32, 7)) + '\n');
  append(1);
  expect_sound(first_);
  EXPECT_EQ(log_.key(), first_);
  const std::string second = rotate();
  EXPECT_NE(second, a_signer(7).verifier().line()) << "one that lay about is not taken";
  expect_sound(first_);
}

TEST_F(KeyRotationTest, StoppedAnywhereBehindItsEntryIsFinishedByTheNextStart) {
  const AuditPlace& place = log_.place();
  const std::string old_key = read_file(place.signing_key);
  const std::string second = rotate();
  const std::string new_key = read_file(place.signing_key);
  for (const std::string& published : {first_, second}) {
    put(place.signing_key, old_key);
    put(place.verifier_key, published + '\n');
    put(place.next_signing_key, new_key);
    append(1);
    EXPECT_EQ(log_.key(), second);
    EXPECT_EQ(read_file(place.signing_key), new_key);
    EXPECT_FALSE(exists(place.next_signing_key));
    expect_sound(first_);
    expect_sound(second);
  }
}

TEST_F(KeyRotationTest, ThatCannotReplaceItsFilesIsFinishedByTheNextStart) {
  const std::filesystem::path obstacle = log_.place().verifier_key.string() + ".new";
  std::filesystem::create_directory(obstacle);
  EXPECT_THROW(rotate(), AuditError);
  EXPECT_EQ(log_.key(), first_);
  expect_sound(first_);
  expect_refused("audit.pub");
  std::filesystem::remove(obstacle);
  append(1);
  EXPECT_NE(log_.key(), first_);
  expect_sound(first_);
  expect_sound(log_.key());
}

TEST_F(KeyRotationTest, HasRoomForTheLongestOrigin) {
  const test::Directory directory;
  const AuditPlace place = AuditPlace::in(directory.path());
  initialise(place, std::string(255, 'a'), a_time, kUptime);
  const std::string first = test::first_line(place.verifier_key);
  rotate_key(place, a_time, kUptime);
  EXPECT_TRUE(verify(place.database, first).sound());
}

TEST_F(KeyRotationTest, ThatWouldNotBeReadableDoesNotTakePlace) {
  const test::Directory directory;
  const AuditPlace place = AuditPlace::in(directory.path());
  initialise(place, std::string(200, '"'), a_time, kUptime);
  const std::string first = test::first_line(place.verifier_key);
  EXPECT_THROW(rotate_key(place, a_time, kUptime), AuditError);
  EXPECT_EQ(test::first_line(place.verifier_key), first);
  EXPECT_EQ(verify(place.database, first).entries, 1U);
  EXPECT_NO_THROW(AuditLog(place, a_time, test::no_report(), kUptime));
}

TEST_F(KeyRotationTest, WithoutTheOldKeysSignatureIsFound) {
  rotate();
  const Entry entry = log_.parsed(3);
  for (const char* name : {"signed_old", "signed_new", "root", "old_key", "new_key"}) {
    std::string forged = entry.facts.at(name);
    const std::size_t at = forged.size() - 8;  // behind key hash and kind
    forged[at] = forged[at] == 'A' ? 'B' : 'A';
    const std::string change = "UPDATE audit_entry SET entry = replace(entry, '";
    log_.tamper(change + entry.facts.at(name) + "', '" + forged + "') WHERE seq = 3");
    log_.sign_anew();
    for (const std::string& key : {first_, log_.key()}) {
      expect_problem(key, "entry 3: a rotation that both keys have not signed");
      expect_problem(key, "head: not signed by");
    }
    log_.tamper(change + forged + "', '" + entry.facts.at(name) + "') WHERE seq = 3");
    log_.sign_anew();
    expect_sound(first_);
  }
}

TEST_F(KeyRotationTest, OfAnotherLogOrByAStrangerIsFound) {
  const auto root = log_.open()->head().root;
  append_rotation(a_signer(7, "another.example/log"), a_signer(8, "another.example/log"), 3, root);
  expect_problem(first_, "entry 3: a rotation from a key that is not the log's");
  append_rotation(a_signer(7), a_signer(8), 4, root);
  expect_problem(first_, "entry 4: a rotation from a key that is not the log's");
}

TEST_F(KeyRotationTest, ToAKeyOfAnotherOriginIsFound) {
  const auto root = log_.open()->head().root;
  append_rotation(signer(), a_signer(8, "another.example/log"), 3, root);
  expect_problem(first_, "entry 3: a rotation that both keys have not signed");
}

TEST_F(KeyRotationTest, SignedForAnotherPlaceOrPastIsFound) {
  const auto root = log_.open()->head().root;
  append_rotation(signer(), a_signer(8), 4, root);
  expect_problem(first_, "entry 3: a rotation that both keys have not signed");
  append_rotation(signer(), a_signer(8), 4, root);
  expect_problem(first_, "entry 4: a rotation that was signed over another past");
}

TEST_F(KeyRotationTest, IsNotAccusedOfWhatChangedBeforeIt) {
  rotate();
  append(1);
  log_.tamper("UPDATE audit_entry SET entry = replace(entry, 'TREAT', 'TREAD') WHERE seq = 1");
  expect_problem(first_, "changed");
  EXPECT_EQ(test::joined(verify(log_.place().database, first_).problems).find("rotation"),
            std::string::npos);
}

TEST_F(KeyRotationTest, MakesHeadsOfARetiredKeyWorthless) {
  const std::string old_key = read_file(log_.place().signing_key);
  const std::string second = rotate();
  append(1);
  put(log_.place().signing_key, old_key);
  expect_refused("not signed by audit.key");
  log_.sign_anew();
  expect_problem(first_, "head: not signed by the key that the log has by now");
  expect_problem(second, "head: not signed by the key that you gave");
}

TEST_F(KeyRotationTest, TakenBackWithAStolenRetiredKeyConvincesNobodyWithTheNewOne) {
  const std::string old_key = read_file(log_.place().signing_key);
  const std::string second = rotate();
  log_.tamper("DELETE FROM audit_entry WHERE seq = 3");
  put(log_.place().signing_key, old_key);
  log_.sign_anew();
  expect_sound(first_);  // who was never told of the rotation needs a checkpoint from elsewhere
  expect_problem(second, "head: not signed by the key that you gave");
}

TEST_F(KeyRotationTest, IsNotTakenFromAnEntryThatSpeaksOfOne) {
  rotate();
  Event reading;
  reading.code = EventCode::log_read;
  reading.facts = {{"event", "key.rotate"}};
  const auto log = log_.open();
  log->append(reading);
  EXPECT_EQ(log->signer_of(3)->line(), first_);
  EXPECT_EQ(log->signer_of(4)->line(), log_.key());
  EXPECT_EQ(log->signer_of(99)->line(), log_.key());
}

/// The same with an anchor in another directory.
class RotatedAnchorTest : public KeyRotationTest {
 protected:
  RotatedAnchorTest() : place_(log_.place()) {
    place_.anchor = AuditPlace::anchor_in(elsewhere_.path());
    Anchor::create(*place_.anchor, log_.open()->head().checkpoint);
  }
  std::unique_ptr<AuditLog> open() const {
    return std::make_unique<AuditLog>(place_, a_time, test::no_report(), kUptime);
  }

  const test::Directory elsewhere_;
  AuditPlace place_;
};

TEST_F(RotatedAnchorTest, OfTheOldKeyHoldsUntilOneOfTheNewReplacesIt) {
  rotate();
  open();
  EXPECT_TRUE(NoteVerifier::parse(log_.key())->open(read_file(*place_.anchor)));
  EXPECT_NO_THROW(open());
  rotate();
  rotate();
  EXPECT_NO_THROW(open()) << "two rotations later";
}

TEST_F(RotatedAnchorTest, SignedByARetiredKeyForLaterSizesIsRefused) {
  const NoteSigner old_key = signer();
  rotate();
  const Head head = open()->head();
  std::ofstream(*place_.anchor, std::ios::trunc)
      << old_key.sign(Checkpoint{test::kOrigin, head.size, head.root}.text());
  EXPECT_THROW(open(), AuditError);
}

TEST_F(RotatedAnchorTest, FindsOutALogFromBeforeTheRotation) {
  const test::Directory backup;
  const auto options =
      std::filesystem::copy_options::overwrite_existing | std::filesystem::copy_options::recursive;
  std::filesystem::copy(place_.database.parent_path(), backup.path());
  rotate();
  open();
  std::filesystem::copy(backup.path(), place_.database.parent_path(), options);
  EXPECT_THROW(open(), AuditError);
}

/// Receipts across a rotation, at the command line.
class RotatedReceiptTest : public KeyRotationTest {
 protected:
  int run(const std::vector<std::string>& arguments) {
    const std::vector<std::string_view> views(arguments.begin(), arguments.end());
    std::ostringstream out;
    std::ostringstream err;
    const ExitCode code = run_command(views, out, err);
    out_ = out.str();
    return static_cast<int>(code);
  }
  std::string receipt(const std::string& seq) {
    return written({"receipt", "--data", log_.place().database.parent_path(), "--entry", seq});
  }
  std::string all_rotations() {
    return written({"rotations", "--data", log_.place().database.parent_path()});
  }
  std::string written(const std::vector<std::string>& command) {
    EXPECT_EQ(run(command), 0);
    const auto file = files_.path() / std::to_string(++count_);
    std::ofstream(file) << out_;
    return file;
  }

  const test::Directory files_;
  int count_ = 0;
  std::string out_;
};

TEST_F(RotatedReceiptTest, AreCheckedByAnyKeyWithTheRotationsAtHand) {
  const std::string before = receipt("1");
  const std::string second = rotate();
  append(1);
  const std::string between = receipt("1");
  const std::string third = rotate();
  const std::string after = receipt("1");
  const std::string rotations = all_rotations();
  for (const std::string& checked : {before, between, after}) {
    for (const std::string& key : {first_, second, third}) {
      EXPECT_EQ(run({"receipt", "--check", checked, "--key", key, "--rotations", rotations}), 0);
    }
  }
  EXPECT_EQ(run({"receipt", "--check", after, "--key", third}), 0);
  EXPECT_EQ(run({"receipt", "--check", after, "--key", first_}), 1);
  EXPECT_EQ(run({"receipt", "--check", before, "--key", third}), 1);
  const std::string data = log_.place().database.parent_path();
  for (const std::string& key : {first_, second, third}) {
    EXPECT_EQ(run({"receipt", "--check", between, "--key", key, "--data", data}), 0);
  }
}

TEST_F(RotatedReceiptTest, AreNotCheckedByRotationsThatLeadNowhere) {
  const std::string stranger = a_signer(9).verifier().line();
  rotate();
  const std::string later = receipt("1");
  const std::string rotations = all_rotations();
  EXPECT_EQ(run({"receipt", "--check", later, "--key", stranger, "--rotations", rotations}), 1);
  EXPECT_EQ(run({"receipt", "--check", later, "--key", first_, "--rotations", later}), 1);
  put(rotations, read_file(rotations) + read_file(rotations));
  EXPECT_EQ(run({"receipt", "--check", later, "--key", first_, "--rotations", rotations}), 1);
  put(rotations, "");
  EXPECT_EQ(run({"receipt", "--check", later, "--key", first_, "--rotations", rotations}), 1);
}

TEST_F(RotatedReceiptTest, SignedByARetiredKeyLaterProveNothing) {
  const NoteSigner old_key = signer();
  const std::string second = rotate();
  const std::string file = receipt("1");
  LogProof proof = LogProof::parse(read_file(file)).value();
  proof.checkpoint = old_key.sign(signed_text(proof.checkpoint));
  put(file, proof.text());
  const std::string rotations = all_rotations();
  for (const std::string& key : {first_, second}) {
    EXPECT_EQ(run({"receipt", "--check", file, "--key", key, "--rotations", rotations}), 1);
  }
}

TEST_F(RotatedReceiptTest, RotateFromTheCommandLine) {
  EXPECT_EQ(run({"rotate-key", "--data", log_.place().database.parent_path()}), 0);
  EXPECT_NE(out_.find(log_.key()), std::string::npos);
  EXPECT_NE(log_.key(), first_);
  expect_sound(first_);
  EXPECT_EQ(run({"rotate-key", "--data", "/nonexistent"}), 1);
}

}  // namespace
}  // namespace sekisho::audit
