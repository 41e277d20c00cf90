// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "audit/entry/entry.h"
#include "audit/entry/index_span.h"
#include "audit/entry/key_ring.h"
#include "audit/error.h"
#include "audit/proof/merkle.h"
#include "audit/proof/note.h"
#include "audit/store/log_store.h"
#include "audit/store/stored_log.h"
#include "audit/store/tree_hashes.h"
#include "unit/audit/a_log.h"

/// What every audit::LogStore promises, and every audit::StoredLog beside it, as tests. To run them
/// on a store:
///
///     INSTANTIATE_TEST_SUITE_P(Mine, LogStoreContract,
///                              ::testing::Values([] { return std::make_unique<MyLogHouse>(); }));
namespace sekisho::audit {

/// An empty log, gone with this.
class LogHouse {
 public:
  virtual ~LogHouse() = default;
  LogHouse(const LogHouse&) = delete;
  LogHouse& operator=(const LogHouse&) = delete;
  /// Each over a connection of its own, as another process has it. This outlives them.
  virtual std::unique_ptr<LogStore> open(const NoteSigner& signer) = 0;
  virtual std::unique_ptr<StoredLog> open_stored() = 0;

 protected:
  LogHouse() = default;
};

using MakeLogHouse = std::function<std::unique_ptr<LogHouse>()>;

class LogStoreContract : public ::testing::TestWithParam<MakeLogHouse> {
 protected:
  using Leaves = std::vector<core::Sha256>;
  using Order = StoredLog::Order;

  static NoteSigner a_signer() {
    return NoteSigner("log.example/contract", core::Secret::random(32).view());
  }
  Draft draft(const std::string& patient = "P1") const {
    return encoder.encode(test::a_transfer(patient)).at(0);
  }
  Leaves commit(LogStore& store, int count, const std::string& patient = "P1") const {
    std::vector<Draft> drafts;
    for (int i = 0; i < count; ++i) drafts.push_back(draft(patient));
    return store.commit(drafts, timekeeper);
  }
  /// An entry of which this is done.
  void carry_out(LogStore& store, Deed deed) const {
    std::vector<Draft> drafts;
    drafts.push_back(draft("another"));
    drafts.front().deed = std::move(deed);
    store.commit(drafts, timekeeper);
  }
  Subject patient(std::string_view id) const {
    return encoder.index().subject(SubjectKind::patient, id);
  }
  static std::vector<std::int64_t> places_in(StoredLog& log, const StoredLog::Range& range) {
    std::vector<std::int64_t> places;
    log.read_entries(range, [&](std::int64_t seq, const EntryBytes&) { places.push_back(seq); });
    return places;
  }
  /// Of what stands in the log, from its first entry on.
  static core::Sha256 root_of_entries(StoredLog& log) {
    Tree tree;
    log.read_entries(
        {}, [&](std::int64_t, const EntryBytes& entry) { tree.append(leaf_hash(entry.leaf)); });
    return tree.root();
  }

  const std::unique_ptr<LogHouse> house = GetParam()();
  const NoteSigner signer = a_signer();
  const Timekeeper timekeeper{test::a_time, tests::uptime_of(test::a_time)};
  const core::Secret wrapping = core::Secret::random(32);
  KeyRing keys{house->open_stored(), WrappingKey(wrapping.clone())};
  const EntryEncoder encoder{IndexKey(core::Secret::random(32)), keys, timekeeper.boot_id()};
};

TEST_P(LogStoreContract, WhatIsCommittedStandsUnderASignedHeadForEveryConnection) {
  const auto store = house->open(signer);
  const auto stored = house->open_stored();
  EXPECT_EQ(store->head_size(), 0U);
  const Leaves leaves = commit(*store, 3);
  ASSERT_EQ(leaves.size(), 3U);
  EXPECT_EQ(store->head_size(), 3U);
  const auto text = signer.verifier().open(store->checkpoint());
  const auto head = text ? Checkpoint::parse(*text) : std::nullopt;
  ASSERT_TRUE(head);
  EXPECT_EQ(head->size, 3U);
  EXPECT_EQ(head->root, store->root());
  ASSERT_EQ(stored->heads().size(), 1U);
  EXPECT_EQ(stored->heads()[0].size, 3);
  EXPECT_EQ(stored->heads()[0].checkpoint, store->checkpoint());
  EXPECT_EQ(root_of_entries(*stored), store->root());
  for (std::uint64_t seq = 0; seq < 3; ++seq) {
    const auto entry = stored->entry(seq);
    ASSERT_TRUE(entry);
    EXPECT_EQ(leaf_hash(entry->bytes().leaf), leaves[seq]);
    EXPECT_EQ(store->entry(seq)->seq, seq);
  }
  EXPECT_FALSE(stored->entry(3));
  EXPECT_TRUE(stored->structure_problems().empty());
}

TEST_P(LogStoreContract, ALogThatIsOpenedAgainGoesOnWhereItEnded) {
  const core::Sha256 root = [&] {
    const auto store = house->open(signer);
    commit(*store, 5);
    return store->root();
  }();
  const auto store = house->open(signer);
  EXPECT_EQ(store->head_size(), 5U);
  EXPECT_EQ(store->root(), root);
  commit(*store, 2);
  EXPECT_EQ(store->head_size(), 7U);
  EXPECT_EQ(root_of_entries(store->stored()), store->root());
}

TEST_P(LogStoreContract, ALogOfAnotherKeyIsNotOpened) {
  commit(*house->open(signer), 1);
  const NoteSigner other = a_signer();
  EXPECT_THROW(house->open(other), AuditError);
}

TEST_P(LogStoreContract, TheKeyThatIsSetSignsFromTheNextCommitOn) {
  const NoteSigner next = a_signer();
  {
    const auto store = house->open(signer);
    commit(*store, 1);
    store->sign_with(next);
    EXPECT_TRUE(signer.verifier().open(store->checkpoint()));
    commit(*store, 1);
    EXPECT_TRUE(next.verifier().open(store->checkpoint()));
  }
  EXPECT_THROW(house->open(signer), AuditError);
  EXPECT_EQ(house->open(next)->head_size(), 2U);
}

/// Two heads of one size would be two logs of one name.
TEST_P(LogStoreContract, OfTwoWritersOneAloneSignsASize) {
  const auto first = house->open(signer);
  const auto second = house->open(signer);
  commit(*first, 2);
  EXPECT_ANY_THROW(commit(*second, 1));
  second->abandon();
  const auto stored = house->open_stored();
  EXPECT_EQ(stored->heads().at(0).checkpoint, first->checkpoint());
  EXPECT_EQ(places_in(*stored, {}), (std::vector<std::int64_t>{0, 1}));
}

TEST_P(LogStoreContract, WhatWasNotCommittedIsNotConfirmed) {
  const auto store = house->open(signer);
  const Leaves leaves = commit(*store, 2);
  EXPECT_NO_THROW(store->confirm(leaves.back()));
  EXPECT_THROW(store->confirm(leaves.front()), AuditError);
}

TEST_P(LogStoreContract, ARangeIsReadInEitherOrderUpToItsEnds) {
  const auto store = house->open(signer);
  commit(*store, 6);
  const auto stored = house->open_stored();
  using Places = std::vector<std::int64_t>;
  EXPECT_EQ(places_in(*stored, {.first = 1, .last = 3}), (Places{1, 2, 3}));
  EXPECT_EQ(places_in(*stored, {.first = 1, .last = 3, .order = Order::descending}),
            (Places{3, 2, 1}));
  EXPECT_EQ(places_in(*stored, {.first = 4}), (Places{4, 5}));
  EXPECT_EQ(places_in(*stored, {.limit = 2}), (Places{0, 1}));
  EXPECT_EQ(places_in(*stored, {.order = Order::descending, .limit = 2}), (Places{5, 4}));
  EXPECT_EQ(places_in(*stored, {.first = 3, .last = 2}), Places{});
  EXPECT_EQ(places_in(*stored, {.limit = 1, .containing = R"("event":"transfer.begin")"}),
            Places{0});
  EXPECT_EQ(places_in(*stored, {.containing = R"("event":"key.rotate")"}), Places{});
}

TEST_P(LogStoreContract, TheIndexLeadsToTheEntriesOfASubject) {
  const auto store = house->open(signer);
  for (const char* who : {"P1", "P2", "P1", "P1"}) commit(*store, 1, who);
  const auto stored = house->open_stored();
  using Places = std::vector<std::uint64_t>;
  const Subject who = patient("P1");
  EXPECT_EQ(stored->places(0, who, {}), (Places{0, 2, 3}));
  EXPECT_EQ(stored->places(0, who, {.first = 1, .limit = 1}), Places{2});
  EXPECT_EQ(stored->places(0, who, {.last = 2, .order = Order::descending}), (Places{2, 0}));
  EXPECT_EQ(stored->places(1, who, {}), Places{});
  EXPECT_EQ(stored->count(0, who), 3U);
  EXPECT_EQ(stored->count(0, patient("P3")), 0U);
  EXPECT_TRUE(stored->has_index_row(index_span(2), who, 2));
  EXPECT_FALSE(stored->has_index_row(index_span(1), who, 1));
  std::int64_t before = 0;
  stored->read_index(StoredLog::IndexOrder::by_entry, [&](const StoredLog::IndexRow& row) {
    EXPECT_LE(before, row.seq);
    before = row.seq;
  });
  EXPECT_EQ(before, 3);
}

TEST_P(LogStoreContract, ASnapshotIsOneStateWhileTheWriterGoesOn) {
  const auto store = house->open(signer);
  commit(*store, 2);
  const auto stored = house->open_stored();
  {
    const auto state = stored->hold();
    commit(*store, 3);
    EXPECT_EQ(stored->heads().at(0).size, 2);
    EXPECT_EQ(places_in(*stored, {}).size(), 2U);
    EXPECT_EQ(stored->places(0, patient("P1"), {}).size(), 2U);
  }
  EXPECT_EQ(stored->heads().at(0).size, 5);
  EXPECT_EQ(places_in(*stored, {}).size(), 5U);
}

TEST_P(LogStoreContract, ASubjectHasOneKeyUntilItIsShredded) {
  const auto store = house->open(signer);
  commit(*store, 1);
  commit(*store, 1);
  const auto stored = house->open_stored();
  const auto key = stored->live_key(patient("P1"));
  ASSERT_TRUE(key);
  EXPECT_EQ(subject_of(*key), patient("P1"));
  EXPECT_EQ(key->seq, 0);
  Bits128 id{};
  ASSERT_EQ(key->id.size(), id.size());
  std::ranges::copy(key->id, id.begin());
  const WrappingKey own(wrapping.clone());
  EXPECT_TRUE(own.unwrap(id, patient("P1"), *key->wrapped));
  EXPECT_FALSE(stored->has_keys_wrapped_otherwise(own.id()));
  EXPECT_TRUE(stored->has_keys_wrapped_otherwise(Bits128{}));
  const std::uint64_t all = stored->count_keys_of_entries();

  carry_out(*store, Shred{patient("P1")});
  store->tidy();
  EXPECT_FALSE(stored->live_key(patient("P1")));
  ASSERT_TRUE(stored->key(id)) << "that there was one stays known";
  EXPECT_FALSE(stored->key(id)->wrapped);
  EXPECT_GE(stored->count_keys_of_entries(), all);

  keys.forget(patient("P1"));
  commit(*store, 1);
  const auto fresh = stored->live_key(patient("P1"));
  ASSERT_TRUE(fresh);
  EXPECT_NE(fresh->id, key->id);
}

TEST_P(LogStoreContract, AHoldIsThereUntilItIsEnded) {
  const auto store = house->open(signer);
  commit(*store, 1);
  const auto stored = house->open_stored();
  EXPECT_TRUE(stored->holds().empty());
  carry_out(*store, Hold{patient("P1")});
  EXPECT_EQ(stored->holds(), (std::map<Subject, std::uint64_t>{{patient("P1"), 1}}));
  carry_out(*store, EndHold{patient("P1")});
  EXPECT_TRUE(stored->holds().empty());
}

TEST_P(LogStoreContract, FullTilesAreThereAndGiveTheTree) {
  const auto store = house->open(signer);
  commit(*store, 200);
  commit(*store, 400);
  const auto stored = house->open_stored();
  EXPECT_EQ(stored_tile(*stored, {0, 0}).size(), kTileWidth);
  EXPECT_EQ(stored_tile(*stored, {0, 0}), leaf_hashes(*stored, 0, kTileWidth));
  EXPECT_EQ(stored_tile(*stored, {1, 0}).size(), 2U);
  EXPECT_FALSE(stored->tile({0, 2})) << "not full yet";
  EXPECT_EQ(stored->count_tiles(), 3U);
  TreeHashes hashes(*stored, 600);
  EXPECT_EQ(tree_root(600, hashes.roots()), store->root());
  EXPECT_EQ(house->open(signer)->root(), store->root());
}

TEST_P(LogStoreContract, WhatIsPrunedLeavesItsHashes) {
  const auto store = house->open(signer);
  commit(*store, 300);
  const auto stored = house->open_stored();
  EXPECT_FALSE(stored->pruned());
  const auto entry = store->entry(7);
  ASSERT_TRUE(entry);
  Prune prune;
  prune.before = kTileWidth;
  prune.removals.push_back({7, entry->subjects});
  carry_out(*store, prune);

  EXPECT_FALSE(stored->entry(7));
  EXPECT_TRUE(stored->entry(8));
  EXPECT_FALSE(stored->has_index_row(0, patient("P1"), 7));
  ASSERT_TRUE(stored->pruned());
  EXPECT_EQ(stored->pruned()->before, kTileWidth);
  EXPECT_EQ(stored->pruned()->seq, 300U);
  TreeHashes hashes(*stored, 301);
  EXPECT_EQ(tree_root(301, hashes.roots()), store->root());
  EXPECT_EQ(leaf_hashes(*stored, 0, kTileWidth), stored_tile(*stored, {0, 0}));
  EXPECT_EQ(house->open(signer)->root(), store->root());
}

}  // namespace sekisho::audit
