// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/mask_keys.h"

#include <algorithm>
#include <vector>

#include "sharing/mask_key_files.h"

namespace sekisho::sharing {
namespace {

using core::db::Transaction;

/// One row of share_key.
struct KeyRow {
  ShareId share;
  WrappedKey key;
};

core::Bits128 read_bits128(const Rows& rows, int column) {
  const core::ByteView bytes = rows.bytes(column);
  core::Bits128 bits{};
  if (bytes.size() != bits.size()) throw core::db::Error("sharing.db holds a damaged key id");
  std::copy(bytes.begin(), bytes.end(), bits.begin());
  return bits;
}

WrappedKey read_key(const Rows& rows) {
  const core::ByteView box = rows.bytes(2);
  return {read_bits128(rows, 1), core::Bytes(box.begin(), box.end())};
}

std::vector<KeyRow> read_all(Statements& statements) {
  Rows rows(statements["SELECT share, id, wrapped FROM share_key ORDER BY seq"]);
  std::vector<KeyRow> all;
  while (rows.next()) all.push_back({read_id<ShareId>(rows, 0), read_key(rows)});
  return all;
}

void insert(Statements& statements, const KeyRow& row, const core::Bits128& wrapping) {
  Rows(statements["INSERT INTO share_key (share, id, wrapping, wrapped) VALUES (?1, ?2, ?3, ?4)"],
       row.share, row.key.id, wrapping, row.key.box)
      .execute();
}

/// Writes the whole table anew. To delete one row would leave copies of it behind in pages that
/// SQLite has split or merged; a DELETE of everything frees the pages, and `secure_delete` zeroes
/// what is freed.
void replace_all(Statements& statements, const std::vector<KeyRow>& rows,
                 const core::Bits128& wrapping) {
  Rows(statements["DELETE FROM share_key"]).execute();
  for (const KeyRow& row : rows) insert(statements, row, wrapping);
}

}  // namespace

MaskKeys::MaskKeys(core::db::Database& database, Statements& statements, SharingPlace place)
    : database_(database), statements_(statements), place_(std::move(place)) {
  // Held against another process, which might be about to name a key.
  const Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
  wrapping();
  discard_next_mask_key(place_);
}

core::Bits128 MaskKeys::named_id() {
  Rows rows(statements_["SELECT id FROM wrapping_key"]);
  if (!rows.next()) throw core::db::Error("sharing.db does not name its mask key");
  return read_bits128(rows, 0);
}

/// Another connection may have rotated the key; a rotation of ours may have failed at its last
/// step.
const WrappingKey& MaskKeys::wrapping() {
  const core::Bits128 named = named_id();
  if (!wrapping_ || wrapping_->id() != named) wrapping_ = named_mask_key(place_, named);
  return *wrapping_;
}

core::Secret MaskKeys::unwrap(const WrappingKey& by, const ShareId& share,
                              const WrappedKey& wrapped) const {
  auto key = by.unwrap(share, wrapped);
  if (key) return *std::move(key);
  throw MaskKeyError(
      "The pseudonym key of share " + share.text() +
      " in sharing.db is damaged: restore the whole data directory from one backup.");
}

void MaskKeys::add(const ShareId& share, const core::Secret& mask_key) {
  const WrappingKey& by = wrapping();
  insert(statements_, {share, by.wrap(share, mask_key)}, by.id());
}

std::optional<core::Secret> MaskKeys::find(const ShareId& share) {
  const WrappingKey& by = wrapping();
  Rows rows(statements_["SELECT share, id, wrapped FROM share_key WHERE share = ?1"], share);
  if (!rows.next()) return std::nullopt;
  return unwrap(by, share, read_key(rows));
}

void MaskKeys::remove(const ShareId& share) {
  auto rows = read_all(statements_);
  std::erase_if(rows, [&](const KeyRow& row) { return row.share == share; });
  replace_all(statements_, rows, wrapping().id());
}

std::size_t MaskKeys::rotate() {
  std::size_t count = 0;
  {
    Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
    const WrappingKey& present = wrapping();
    const WrappingKey next = next_mask_key(place_);
    auto rows = read_all(statements_);
    for (KeyRow& row : rows) {
      row.key = next.wrap(row.share, unwrap(present, row.share, row.key));
    }
    Rows(statements_["UPDATE wrapping_key SET id = ?1"], next.id()).execute();
    replace_all(statements_, rows, next.id());
    transaction.commit();
    count = rows.size();
  }
  wrapping();
  core::db::empty_write_ahead_log(database_);
  return count;
}

}  // namespace sekisho::sharing
