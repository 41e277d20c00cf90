// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/store/published_log.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "audit/error.h"
#include "audit/keys/key_files.h"
#include "audit/proof/merkle.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using test::a_transfer;

TEST(LogFile, HasOneSpellingOfItsPath) {
  for (const std::string path :
       {"checkpoint", "tile/0/000", "tile/0/x001/x234/067", "tile/63/000", "tile/0/273.p/112",
        "tile/entries/000", "tile/entries/x001/000.p/1", "tile/1/001.p/255"}) {
    const auto file = LogFile::parse(path);
    ASSERT_TRUE(file) << path;
    EXPECT_EQ(file->path(), path);
  }
  EXPECT_EQ(LogFile::parse("tile/0/x001/x234/067")->tile, (TileId{0, 1'234'067}));
  for (const std::string path : {"",
                                 "tile",
                                 "tile/",
                                 "tile/0",
                                 "tile/0/",
                                 "tile/0/1",
                                 "tile/0/0000",
                                 "tile/0/x000/001",
                                 "tile/00/000",
                                 "tile/64/000",
                                 "tile/-1/000",
                                 "tile/0/000.p/0",
                                 "tile/0/000.p/256",
                                 "tile/0/000.p/01",
                                 "tile/0/000.p/",
                                 "tile/0/000/",
                                 "tile/entries/",
                                 "tile/entries/abc",
                                 "tile/0/001/234",
                                 "tile/0/x001/x234",
                                 "/checkpoint",
                                 "checkpoint/",
                                 "tile/0/../checkpoint",
                                 "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                                 "tile/entries/0/000"}) {
    EXPECT_FALSE(LogFile::parse(path)) << path;
  }
}

class PublishedLogTest : public testing::Test {
 protected:
  void append(int count) {
    const auto log = log_.open();
    for (int i = 0; i < count; ++i) log->append_later(a_transfer());
    log->flush();
  }
  NoteVerifier key() const { return NoteVerifier::parse(log_.key()).value(); }
  PublishedLog::Asker recipient(std::string_view id) const {
    return {IndexKey(read_secret_key(log_.place().index_key)).subject(SubjectKind::recipient, id),
            [](std::string_view) { return true; }};
  }
  std::optional<core::Bytes> file(const std::string& path) {
    return PublishedLog(log_.place().database).file(LogFile::parse(path).value());
  }

  test::ALog log_;
};

TEST_F(PublishedLogTest, ProvesEntriesUnderACheckpointThatItHasOutgrown) {
  append(300);
  const core::db::Database writer = core::db::open(log_.place().database);
  PublishedLog published(log_.place().database);
  const std::string then = published.checkpoint();
  append(300);
  const std::vector<std::uint64_t> seqs = {0, 1, 255, 256, 300};
  const auto receipts = published.receipts_under(then, seqs);
  ASSERT_EQ(receipts.size(), seqs.size());
  for (const LogProof& receipt : receipts) {
    const auto tree = check_proof(receipt.text(), {}, key());
    ASSERT_TRUE(std::holds_alternative<Checkpoint>(tree)) << receipt.seq;
    EXPECT_EQ(std::get<Checkpoint>(tree).size, 301U);
  }
  const std::vector<std::uint64_t> later = {301};
  EXPECT_THROW(published.receipts_under(then, later), AuditError);
  const test::ALog other;
  const std::string foreign = PublishedLog(other.place().database).checkpoint();
  EXPECT_THROW(published.receipts_under(foreign, {}), AuditError);
  EXPECT_THROW(published.receipts_under("nonsense", {}), AuditError);
}

TEST_F(PublishedLogTest, ProvesEveryEntryToStrangers) {
  append(600);
  PublishedLog published(log_.place().database);
  for (std::uint64_t seq = 0; seq <= 600; ++seq) {
    const auto proof = published.proof(seq);
    ASSERT_TRUE(proof) << seq;
    const auto tree = check_proof(proof->text(), core::as_bytes(log_.entry(seq)), key());
    ASSERT_TRUE(std::holds_alternative<Checkpoint>(tree)) << seq;
    EXPECT_EQ(std::get<Checkpoint>(tree).size, 601U);
  }
  EXPECT_FALSE(published.proof(601));
  EXPECT_FALSE(published.proof(UINT64_MAX));
}

TEST_F(PublishedLogTest, GivesAReceiptToWhomItConcernsOnly) {
  append(3);
  PublishedLog published(log_.place().database);
  const auto receipt = published.receipt(2, recipient(a_transfer().recipient_id));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->extra, log_.entry(2));
  EXPECT_TRUE(std::holds_alternative<Checkpoint>(check_proof(receipt->text(), {}, key())));
  EXPECT_FALSE(published.receipt(2, recipient("another")));
  EXPECT_FALSE(published.receipt(0, recipient(a_transfer().recipient_id))) << "about nobody";
  EXPECT_FALSE(published.receipt(4, recipient(a_transfer().recipient_id))) << "not there yet";
}

/// Readings of the log, holds, previews and shares that are not valid yet would be a warning.
TEST_F(PublishedLogTest, GivesReceiptsOfWhatRecipientsDidAndOfWhatTheyComeWithAlone) {
  const std::set<std::string> given = {"query",           "transfer.begin",     "transfer.end",
                                       "return.receive",  "return.begin",       "return.end",
                                       "denial",          "token.create",       "token.revoke",
                                       "certificate.add", "certificate.remove", "session.begin",
                                       "session.end",     "credential.change"};
  const auto log = log_.open();
  for (std::size_t i = 1; i < kEventCodes; ++i) {
    Event event = a_transfer();
    event.code = static_cast<EventCode>(i);
    const std::uint64_t seq = log->append(event).seq();
    PublishedLog published(log_.place().database);
    const std::string name(event_name(event.code));
    EXPECT_EQ(published.receipt(seq, recipient(event.recipient_id)).has_value(),
              given.contains(name))
        << name;
    EXPECT_FALSE(published.receipt(seq, recipient("another"))) << name;
  }
}

TEST_F(PublishedLogTest, ShowsNothingOfAShareOfWhichTheAskerMayNotKnow) {
  append(1);
  PublishedLog published(log_.place().database);
  PublishedLog::Asker asker = recipient(a_transfer().recipient_id);
  asker.knows = [](std::string_view share) { return share == a_transfer().share_id; };
  EXPECT_TRUE(published.receipt(1, asker));
  asker.knows = [](std::string_view share) { return share == "another"; };
  EXPECT_FALSE(published.receipt(1, asker));
}

TEST_F(PublishedLogTest, GivesAReceiptUnderTheWitnessedCheckpointThatCoversIt) {
  append(300);
  const core::db::Database writer = core::db::open(log_.place().database);
  PublishedLog published(log_.place().database);
  const Cosigner witness("witness.example/w1", core::Bytes(32, 1));
  const std::string head = published.checkpoint();
  const std::string note =
      head + witness.cosign(signed_text(head), std::chrono::sys_seconds(std::chrono::hours(1)));
  const auto witnessed = open_witnessed(note, key(), std::vector{witness.verifier()});
  ASSERT_TRUE(witnessed);
  append(300);
  const PublishedLog::Asker clinic = recipient(a_transfer().recipient_id);
  for (const std::uint64_t seq : {1U, 255U, 256U, 300U}) {
    const auto receipt = published.receipt(seq, clinic, &*witnessed);
    ASSERT_TRUE(receipt) << seq;
    EXPECT_EQ(receipt->checkpoint, note);
    const auto tree = check_proof(receipt->text(), {}, key());
    ASSERT_TRUE(std::holds_alternative<Checkpoint>(tree)) << seq;
    EXPECT_EQ(std::get<Checkpoint>(tree).size, 301U);
  }
  const auto later = published.receipt(301, clinic, &*witnessed);
  ASSERT_TRUE(later);
  EXPECT_EQ(later->checkpoint, published.checkpoint());
  EXPECT_FALSE(published.receipt(1, recipient("another"), &*witnessed));
}

TEST_F(PublishedLogTest, GivesNoReceiptUnderACheckpointThatIsNotOfThisLog) {
  append(3);
  PublishedLog published(log_.place().database);
  const PublishedLog::Asker clinic = recipient(a_transfer().recipient_id);
  const WitnessedCheckpoint forked{{test::kOrigin, 3, {}}, "a fork", {}};
  EXPECT_THROW(published.receipt(1, clinic, &forked), AuditError);
  const WitnessedCheckpoint longer{{test::kOrigin, 99, {}}, "longer", {}};
  EXPECT_EQ(published.receipt(1, clinic, &longer)->checkpoint, published.checkpoint());
}

TEST_F(PublishedLogTest, ContinuesEveryEarlierCheckpoint) {
  append(300);
  const core::db::Database writer = core::db::open(log_.place().database);
  PublishedLog published(log_.place().database);
  const auto head_of = [&](const std::string& checkpoint) {
    const Checkpoint parsed = Checkpoint::parse(key().open(checkpoint).value()).value();
    return TreeHead{parsed.size, parsed.root};
  };
  const TreeHead earlier = head_of(published.checkpoint());
  append(300);
  const auto continuation = published.continuation(earlier.size);
  ASSERT_TRUE(continuation);
  EXPECT_TRUE(is_continued(earlier, head_of(continuation->checkpoint), continuation->proof));
  EXPECT_FALSE(published.continuation(602));
  const auto between = published.consistency(earlier.size, 500);
  ASSERT_TRUE(between);
  EXPECT_EQ(published.consistency(500, 500), Proof());
  EXPECT_FALSE(published.consistency(501, 500));
  EXPECT_FALSE(published.consistency(500, 602));
}

TEST_F(PublishedLogTest, HasTheFilesOfItsSizeAndNoOthers) {
  append(599);
  const auto tile = file("tile/0/002.p/88");
  ASSERT_TRUE(tile);
  ASSERT_EQ(tile->size(), 88U * 32);
  const core::Sha256 last = leaf_hash(core::as_bytes(log_.entry(599)));
  EXPECT_TRUE(std::equal(last.begin(), last.end(), tile->end() - 32));
  EXPECT_EQ(file("tile/0/002.p/3")->size(), 3U * 32) << "of an earlier tree";
  EXPECT_EQ(file("tile/0/001")->size(), 256U * 32);
  EXPECT_EQ(file("tile/1/000.p/2")->size(), 2U * 32);
  for (const char* path : {"tile/0/002", "tile/0/002.p/89", "tile/0/003.p/1", "tile/1/000.p/3",
                           "tile/1/001.p/1", "tile/2/000.p/1", "tile/entries/002.p/89"}) {
    EXPECT_FALSE(file(path)) << path;
  }
  const std::string first = log_.entry(512);
  const auto bundle = file("tile/entries/002.p/1");
  ASSERT_EQ(bundle->size(), first.size() + 2);
  EXPECT_EQ((*bundle)[0] * 256U + (*bundle)[1], first.size());
  EXPECT_EQ(core::as_text(std::span(*bundle).subspan(2)), first);
  EXPECT_EQ(core::as_text(*file("checkpoint")), PublishedLog(log_.place().database).checkpoint());
}

TEST_F(PublishedLogTest, GivesNoProofOfWhatSomebodyChanged) {
  append(600);
  log_.tamper("UPDATE audit_entry SET entry = replace(entry, 'TREAT', 'TREAD') WHERE seq = 17");
  log_.tamper("UPDATE audit_tile SET hashes = zeroblob(8192) WHERE level = 0 AND place = 1");
  PublishedLog published(log_.place().database);
  EXPECT_THROW(published.proof(17), AuditError);
  EXPECT_THROW(published.proof(300), AuditError);
  EXPECT_NO_THROW(published.proof(599));
}

class LogProofTest : public PublishedLogTest {
 protected:
  LogProofTest() {
    append(5);
    proof_ = PublishedLog(log_.place().database).proof(3)->text();
  }
  std::variant<Checkpoint, ProofProblem> check(const std::string& text) const {
    return check_proof(text, core::as_bytes(log_.entry(3)), key());
  }
  std::string proof_;
};

TEST_F(LogProofTest, IsReadAsItWasWritten) {
  const auto parsed = LogProof::parse(proof_);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->text(), proof_);
  EXPECT_EQ(parsed->seq, 3U);
  EXPECT_TRUE(std::holds_alternative<Checkpoint>(check(proof_)));
}

TEST_F(LogProofTest, WithAnyByteChangedProvesNothing) {
  const std::size_t signature = proof_.rfind("\xE2\x80\x94 ");
  for (std::size_t i = 0; i < proof_.size(); ++i) {
    std::string changed = proof_;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_TRUE(std::holds_alternative<ProofProblem>(check(changed)))
        << "byte " << i << " of " << proof_.size() << ", signature at " << signature;
  }
}

TEST_F(LogProofTest, CutAnywhereProvesNothing) {
  for (std::size_t size = 0; size < proof_.size(); ++size) {
    EXPECT_TRUE(std::holds_alternative<ProofProblem>(check(proof_.substr(0, size)))) << size;
  }
}

TEST_F(LogProofTest, OfAnotherLogOrEntryProvesNothing) {
  test::ALog other;
  const NoteVerifier other_key = NoteVerifier::parse(other.key()).value();
  const auto entry = log_.entry(3);
  EXPECT_EQ(std::get<ProofProblem>(check_proof(proof_, core::as_bytes(entry), other_key)),
            ProofProblem::not_signed_by_the_log);
  EXPECT_EQ(std::get<ProofProblem>(check_proof(proof_, core::as_bytes(log_.entry(2)), key())),
            ProofProblem::not_included);
  EXPECT_EQ(std::get<ProofProblem>(check_proof(proof_, {}, key())), ProofProblem::no_entry);
}

TEST_F(LogProofTest, WithTooManyHashesIsRefused) {
  LogProof long_one = LogProof::parse(proof_).value();
  long_one.path.resize(65);
  EXPECT_FALSE(LogProof::parse(long_one.text()));
}

}  // namespace
}  // namespace sekisho::audit
