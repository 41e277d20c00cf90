// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/hash_tiles.h"

#include <gtest/gtest.h>

#include "audit/error.h"
#include "audit/proof/merkle.h"
#include "audit/sqlite/schema.h"
#include "audit/sqlite/sqlite_stored_log.h"
#include "audit/sqlite/tile_table.h"
#include "audit/store/tree_hashes.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

TEST(TileWidth, IsThatOfTheExampleInTheSpecification) {
  EXPECT_EQ(tile_width({0, 272}, 70'000), 256U);
  EXPECT_EQ(tile_width({0, 273}, 70'000), 112U);
  EXPECT_EQ(tile_width({0, 274}, 70'000), 0U);
  EXPECT_EQ(tile_width({1, 0}, 70'000), 256U);
  EXPECT_EQ(tile_width({1, 1}, 70'000), 17U);
  EXPECT_EQ(tile_width({2, 0}, 70'000), 1U);
  EXPECT_EQ(tile_width({3, 0}, 70'000), 0U);
  EXPECT_EQ(tile_width({0, 1}, 256), 0U);
  EXPECT_EQ(tile_width({1, 0}, 256), 1U);
  EXPECT_EQ(tile_width({63, 0}, UINT64_MAX), 0U);
}

/// audit.db with entries that are numbers, written as the log's store does it.
class TreeHashesTest : public testing::Test {
 protected:
  TreeHashesTest() : database_(core::db::open(directory_.path() / "audit.db")) {
    create_schema(database_);
    database_.exec("PRAGMA synchronous=OFF");
  }

  void grow_to(std::uint64_t size) {
    core::db::Transaction transaction(database_);
    core::db::Statement insert(database_, "INSERT INTO audit_entry VALUES (?, ?, NULL)");
    TileTable table(database_);
    for (std::uint64_t seq = tree_.size(); seq < size; ++seq) {
      const std::string entry = std::to_string(seq);
      insert.reset();
      insert.bind(1, static_cast<std::int64_t>(seq));
      insert.bind(2, entry);
      insert.exec();
      leaves_.push_back(leaf_hash(core::as_bytes(entry)));
      tree_.append(leaves_.back());
      if (const auto tile = builder_.append(leaves_.back())) table.insert(builder_.place(), *tile);
    }
    transaction.commit();
  }

  core::Sha256 root_of(std::uint64_t size) const {
    Tree tree;
    for (std::uint64_t i = 0; i < size; ++i) tree.append(leaves_[i]);
    return tree.root();
  }

  test::Directory directory_;
  core::db::Database database_;
  SqliteStoredLog stored_{&database_};
  TileBuilder builder_{0, {}};
  Tree tree_;
  Hashes leaves_;
};

TEST_F(TreeHashesTest, ProveEntriesAndEarlierTreesAroundEveryTile) {
  grow_to(66'000);
  const std::uint64_t sizes[] = {1,   2,   255,    256,    257,    511,
                                 512, 513, 65'535, 65'536, 65'537, 66'000};
  for (const std::uint64_t size : sizes) {
    SCOPED_TRACE(size);
    TreeHashes hashes(stored_, size);
    const core::Sha256 root = root_of(size);
    for (const std::uint64_t seq : {std::uint64_t{0}, size / 2, size - 1}) {
      EXPECT_TRUE(
          is_included(leaves_[seq], seq, size, root, inclusion_proof(seq, size, hashes.roots())));
    }
    for (const std::uint64_t old_size : sizes) {
      if (old_size > size) break;
      const Proof proof = consistency_proof(old_size, size, hashes.roots());
      EXPECT_TRUE(is_continued({old_size, root_of(old_size)}, {size, root}, proof)) << old_size;
    }
  }
}

TEST_F(TreeHashesTest, AreAsManyAsTheWidthOfTheirTile) {
  grow_to(65'536 + 300);
  EXPECT_EQ(TreeHashes(stored_, 65'836).tile({1, 1}).size(), 1U);
  EXPECT_EQ(TreeHashes(stored_, 65'836).tile({0, 257}).size(), 44U);
  EXPECT_EQ(TreeHashes(stored_, 65'836).tile({2, 0}).size(), 1U);
  EXPECT_EQ(TreeHashes(stored_, 600).tile({1, 0}).size(), 2U) << "as the tree was earlier";
  EXPECT_EQ(TreeHashes(stored_, 600).tile({0, 2}).size(), 88U);
  EXPECT_THROW(TreeHashes(stored_, 600).tile({0, 3}), AuditError);
}

TEST_F(TreeHashesTest, OfAMissingTileAreAnError) {
  grow_to(600);
  database_.exec("DROP TRIGGER audit_tile_kept");
  database_.exec("DELETE FROM audit_tile WHERE level = 0 AND place = 1");
  TreeHashes hashes(stored_, 600);
  EXPECT_NO_THROW(hashes.root(0, 0));
  EXPECT_THROW(hashes.root(0, 256), AuditError);
}

TEST_F(TreeHashesTest, AreNotChangedByASlip) {
  grow_to(600);
  EXPECT_THROW(database_.exec("UPDATE audit_tile SET hashes = x'00' WHERE level = 0"),
               core::db::Error);
  EXPECT_THROW(database_.exec("UPDATE audit_tile SET hashes = zeroblob(96) WHERE level = 1"),
               core::db::Error)
      << "longer, but with other hashes in front";
  EXPECT_THROW(database_.exec("DELETE FROM audit_tile"), core::db::Error);
}

/// As the first version wrote it.
TEST(LogWithoutTiles, GetsThemWhenItIsOpened) {
  test::ALog log;
  {
    const auto audit = log.open();
    for (int i = 0; i < 600; ++i) audit->append_later(test::a_transfer());
    audit->flush();
  }
  ASSERT_EQ(log.count("audit_tile"), 3);
  {
    core::db::Database database = core::db::open(log.place().database);
    test::make_version_2(database, read_signing_key(log.place().signing_key));
    database.exec("DROP TABLE audit_tile");
    database.exec("PRAGMA user_version = 1");
  }
  EXPECT_THROW(log.verdict(), AuditError) << "of another version";
  log.open();
  EXPECT_EQ(log.count("audit_tile"), 3);
  EXPECT_TRUE(log.verdict().sound()) << test::joined(log.verdict().problems);
}

TEST(LogWithOneIndex, IsDividedWhenItIsOpened) {
  test::ALog log;
  {
    const auto audit = log.open();
    for (int i = 0; i < 3; ++i) audit->append(test::a_transfer());
  }
  {
    core::db::Database database = core::db::open(log.place().database);
    test::make_version_3(database, read_signing_key(log.place().signing_key));
  }
  EXPECT_THROW(log.verdict(), AuditError) << "of another version";
  log.open()->append(test::a_transfer());
  EXPECT_TRUE(log.verdict().sound()) << test::joined(log.verdict().problems);
}

TEST(LogWithTiles, IsSoundWithAllOfThemAlone) {
  test::ALog log;
  {
    const auto audit = log.open();
    for (int i = 0; i < 600; ++i) audit->append_later(test::a_transfer());
    audit->flush();
  }
  const char* const cases[] = {
      "UPDATE audit_tile SET hashes = zeroblob(8192) WHERE level = 0 AND place = 1",
      "DELETE FROM audit_tile WHERE level = 0 AND place = 0",
      "INSERT INTO audit_tile VALUES (0, 2, zeroblob(32))",
      "INSERT INTO audit_tile VALUES (2, 0, zeroblob(32))",
      "UPDATE audit_tile SET hashes = substr(hashes, 1, 32) WHERE level = 1",
  };
  core::db::Database original = core::db::open_read_only(log.place().database);
  for (const char* sql : cases) {
    test::Directory copy;
    const auto file = copy.path() / "audit.db";
    original.backup(file.c_str(), core::db::Database::Save);
    test::Superuser(file).database().exec(sql);
    EXPECT_FALSE(verify(file, log.key()).sound()) << sql;
  }
}

TEST(LogWithTiles, OfOtherEntriesIsNotOpened) {
  test::ALog log;
  {
    const auto audit = log.open();
    for (int i = 0; i < 600; ++i) audit->append_later(test::a_transfer());
    audit->flush();
  }
  log.tamper("UPDATE audit_tile SET hashes = zeroblob(length(hashes)) WHERE level = 1");
  EXPECT_EQ(log.verdict().problems, std::vector<std::string>{"tile 1/0: not that of the entries"});
  EXPECT_THROW(log.open(), AuditError);
}

}  // namespace
}  // namespace sekisho::audit
